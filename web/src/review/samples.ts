/** For tests: whole values of the calls' shapes, and answers. */
import type { Decision, DecisionSummary } from "../shared/api.ts";

export const summary = (more: Partial<DecisionSummary> = {}): DecisionSummary => ({
  decision_id: "dec_1",
  timestamp: "2026-11-23T10:00:00Z",
  kind: "understanding",
  intent: "order_status",
  confidence: 0.91,
  outcome: "order_status",
  conversation_id: "con_1",
  language: "en",
  model: "5f1d9c0e4b7a2836",
  leaf_index: 3,
  summary: "Understanding: Order status (91%)",
  verdict: null,
  contest: null,
  ...more,
});

export const decision = (more: Record<string, unknown> = {}): Decision => ({
  decision_id: "dec_1",
  timestamp: "2026-11-23T10:00:00Z",
  kind: "understanding",
  intent: "order_status",
  confidence: 0.91,
  outcome: "order_status",
  conversation_id: "con_1",
  language: "zh",
  turn_id: "msg_1",
  commitment: "",
  erased: [],
  damaged: false,
  explanation: { title: "Understood as: Order status", text: "It was read so.", facts: [] },
  ranking: [],
  threshold: 0.4,
  turn: [],
  header: "",
  salt: null,
  payload: null,
  leaf_index: null,
  erasure: null,
  personal: [],
  waterfall: [],
  reviews: [],
  contest: null,
  ...more,
});

export const json = (body: unknown, status = 200): Response =>
  new Response(JSON.stringify(body), { status, headers: { "Content-Type": "application/json" } });

/** What has the focus, however deep in elements it lies. */
export function focused(): HTMLElement | null {
  let found = document.activeElement;
  while (found?.shadowRoot?.activeElement) found = found.shadowRoot.activeElement;
  return found as HTMLElement | null;
}

/** happy-dom keeps the focus on what is taken away, and then stumbles over it. */
export const blur = (): void => focused()?.blur();
