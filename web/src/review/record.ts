/** What the detail view says of a record beyond the server's own explanation. */
import type { Decision, RankedIntent } from "../shared/api.ts";
import { languageName } from "../shared/times.ts";

/** What software decides; all other kinds are what people did. Only these can be reviewed. */
const DECISIONS = ["request", "understanding", "route", "gate", "action", "answer", "fallback", "handoff", "failure"];

/** Fields that the answer adds to the record for this page; they are no part of the record itself. */
const ADDED = ["explanation", "ranking", "turn", "header", "salt", "payload", "erasure", "personal", "waterfall", "reviews", "contest"];

export const isDecision = (kind: string): boolean => DECISIONS.includes(kind);

/** The record as it was written: the very text that was committed to; of an erased one, what is left. */
export function rawRecord(decision: Decision): Record<string, unknown> {
  if (decision.payload !== null) return JSON.parse(decision.payload) as Record<string, unknown>;
  return Object.fromEntries(Object.entries(decision).filter(([name]) => !ADDED.includes(name)));
}

/** The visitor's message that the turn began with; "" for none. The header holds it too, which outlives an erasure. */
export function turnOf(decision: Decision): string {
  const turn = decision["turn_id"];
  return typeof turn === "string" ? turn : (decision.header.split("\n")[6] ?? "");
}

/**
 * Under which circumstances it was decided, beyond the facts that the explanation names already: label and value, only what the
 * record holds (an erased one holds little).
 */
export function conditions(decision: Decision): [label: string, value: string][] {
  const held = (name: string, value: unknown): unknown => (name in decision ? value : undefined);
  const version = decision["disclosure_version"];
  const fields: [string, unknown][] = [
    ["Disclosure shown", held("disclosure_version", version ?? "not named in this record")],
    ["Rule", decision["path"]],
    ["Policy", decision["policy"]],
    ["Model", decision["gen_ai.request.model"]],
    ["Model fingerprint", decision["revision"]],
    ["Automation", decision["automation_level"]],
    ["Human involvement", decision["human_involvement"]],
    ["Global Privacy Control", decision["gpc"] === true ? "asked for" : undefined],
    ["Language", languageName(decision.language)],
    ["Conversation", decision.conversation_id],
    ["Record", decision.decision_id],
  ];
  return fields.map(([label, value]): [string, string] => [label, text(value)]).filter((field) => isNews(field, decision));
}

function isNews([label, value]: [string, string], decision: Decision): boolean {
  const { facts } = decision.explanation;
  const told = facts.some((fact) => fact.label === label || (fact.value === value && value !== "none"));
  return value !== "" && !told;
}

function text(value: unknown): string {
  if (value === null || value === undefined) return "";
  if (Array.isArray(value)) return value.map(text).join(", ");
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

/** 0.914 → "91%"; below one per cent as "under 1%". */
export function percent(share: number): string {
  return share > 0 && share < 0.01 ? "under 1%" : `${Math.round(share * 100)}%`;
}

/** "order_status" → "order status"; Rasa's name for a message below the threshold → "not understood". */
export const plain = (name: string): string =>
  name === "nlu_fallback" ? "not understood" : name.replace(/^(?:utter|action)_/, "").replaceAll("_", " ");

/** The end of an id: enough to see by eye which ones are the same. */
export const shortId = (id: string): string => (id.length > 8 ? `…${id.slice(-6)}` : id);

/** Like `percent`, with as many decimals (two at most) as it takes to distinguish `share` from `threshold`. */
export function percentBeside(share: number, threshold: number | null): string {
  if (threshold === null || share === threshold || percent(share) !== percent(threshold)) return percent(share);
  const tenths = [share, threshold].map((one) => (one * 100).toFixed(1));
  return `${tenths[0] === tenths[1] ? (share * 100).toFixed(2) : tenths[0]}%`;
}

/** A summary without the kind it begins with, for places that show the kind beside it. */
export function withoutKind(summary: string, kind: string): string {
  const end = summary.indexOf(": ");
  if (end < 0 || !summary.slice(0, end).toLowerCase().endsWith(plain(kind))) return summary;
  const rest = summary.slice(end + 2);
  return rest.charAt(0).toUpperCase() + rest.slice(1);
}

/** A summary without the confidence it ends with, for places that show it beside it. */
export const withoutShare = (summary: string): string => summary.replace(/ \([\d.]+%\)$/, "");

/** What the ranking shows, in one sentence, for those who do not see the bars. */
export function rankingText(ranking: RankedIntent[], threshold: number | null): string {
  const [first] = ranking;
  if (!first) return "";
  const lead = `The assistant thought “${plain(first.name)}” the likeliest, with ${percentBeside(first.confidence, threshold)}.`;
  if (threshold === null) return lead;
  const side = first.confidence >= threshold ? "That is enough" : "That is not enough";
  return `${lead} ${side}: it acts from ${percentBeside(threshold, first.confidence)} on.`;
}
