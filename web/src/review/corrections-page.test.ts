import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { ProposedCorrection } from "../shared/api.ts";
import { CorrectionsPage } from "./corrections-page.ts";
import { type Asked, Refusal, serve, settled, shown, textOf } from "../shared/testing.ts";
import { ReviewSession } from "./session.ts";

const correction = (id: string, change: Partial<ProposedCorrection> = {}): ProposedCorrection => ({
  id,
  decision_id: `decision-of-${id}`,
  review_id: "r1",
  language: "en",
  wrong_intent: "refund_policy",
  intent: "refund_status",
  quoted: false,
  text: `wording ${id}`,
  state: "proposed",
  proposed_at: "2026-11-22T12:00:00Z",
  proposed_by: "Ruth",
  decided_at: null,
  decided_by: null,
  note: null,
  model: "0123456789abcdef",
  right_model: null,
  right_at: null,
  ...change,
});
const API = "/api/review/corrections";
const olga = new ReviewSession({ name: "Olga", login: "olga", roles: ["reviewer", "maintainer", "operator"] });
const ruth = new ReviewSession({ name: "Ruth", login: "ruth", roles: ["reviewer"] });

describe("corrections", () => {
  let calls: Asked[];
  let page: CorrectionsPage;
  let refusal: Refusal | null;
  const cards = (): ShadowRoot[] => [...page.renderRoot.querySelectorAll("candor-correction-card")].map((card) => card.shadowRoot!);
  const posted = (): Asked | undefined => calls.findLast((one) => one.method === "POST");
  const button = (root: ParentNode, name: string): HTMLButtonElement =>
    [...root.querySelectorAll("button")].find((one) => one.textContent.trim() === name)!;
  async function accept(card: ShadowRoot): Promise<void> {
    card.querySelector("form")!.dispatchEvent(new Event("submit", { cancelable: true }));
    await settled(page);
  }
  async function open(session: typeof olga): Promise<void> {
    page = new CorrectionsPage();
    page.session = session;
    await shown(page);
  }

  beforeEach(() => {
    refusal = null;
    const lists: Record<string, ProposedCorrection[]> = {
      proposed: [correction("a"), correction("b")],
      accepted: [
        correction("t", { state: "accepted", decided_by: "Olga", decided_at: "2026-11-23T00:00:00Z" }),
        correction("l", { state: "accepted", right_model: "fedcba9876543210", right_at: "2026-11-24T00:00:00Z" }),
      ],
      refused: [correction("n", { state: "refused", text: null, note: "Not a question." })],
    };
    const ruled = (id: string) => (asked: Asked) =>
      refusal ?? correction(id, { state: (asked.body as { accept: boolean }).accept ? "accepted" : "refused" });
    calls = serve({
      [`GET ${API}`]: ({ query }) => ({ corrections: lists[query.get("state") ?? ""] }),
      [`POST ${API}/a`]: ruled("a"),
      [`POST ${API}/b`]: ruled("b"),
    });
  });
  afterEach(() => {
    page.remove();
    vi.unstubAllGlobals();
  });

  it("quotes the visitor beside the form and leaves the wording to the maintainer", async () => {
    const listed = [correction("q", { quoted: true, text: "wer is my parcl" }), correction("w", { text: null })];
    serve({ [`GET ${API}`]: () => ({ corrections: listed }) });
    await open(olga);
    const [quoted, wordless] = cards();
    expect(quoted!.querySelector("blockquote")!.textContent).toBe("wer is my parcl");
    expect(cards().map((card) => card.querySelector("textarea")!.value)).toEqual(["", ""]);
    expect(wordless!.querySelector("blockquote")).toBeNull();
  });
  it("name the right and the wrong intent and the decision they come from", async () => {
    await open(olga);
    expect(textOf(cards()[0]!)).toContain("refund status instead of refund policy");
    expect(cards()[0]?.querySelector("a")?.getAttribute("href")).toBe("/review?decision=decision-of-a");
  });
  it("are accepted in the maintainer's wording, and the focus goes on to the next", async () => {
    await open(olga);
    const area = cards()[0]!.querySelector("textarea")!;
    expect(area.value).toBe("wording a");
    area.value = " where is the money ";
    area.dispatchEvent(new Event("input"));
    await accept(cards()[0]!);
    expect([posted()?.path, posted()?.body]).toEqual([`${API}/a`, { accept: true, text: "where is the money" }]);
    expect(cards().length).toBe(1);
    expect(cards()[0]?.activeElement?.tagName).toBe("H3");
    expect(page.renderRoot.querySelector('[role="status"]')?.textContent).toBe("Accepted. 1 left.");
  });
  it("are refused with a note", async () => {
    await open(olga);
    const note = cards()[1]!.querySelector("input")!;
    note.value = "Too vague";
    note.dispatchEvent(new Event("input"));
    button(cards()[1]!, "Refuse").click();
    await settled(page);
    expect(posted()?.body).toEqual({ accept: false, note: "Too vague" });
    expect(cards().length).toBe(1);
  });
  it("say why a wording was refused, and keep it", async () => {
    await open(olga);
    refusal = new Refusal(400, "holds_identifier", "Take the order number out.");
    await accept(cards()[0]!);
    expect(cards()[0]?.querySelector('[role="alert"]')?.textContent).toBe("Take the order number out.");
    expect(cards().length).toBe(2);
  });
  it("can only be read by those who are no maintainers", async () => {
    await open(ruth);
    expect(cards()[0]?.querySelector("form")).toBeNull();
    expect(textOf(page)).toContain("wording a");
    expect(textOf(page)).toContain("Accepting and refusing is for maintainers.");
  });
  it("tell which accepted ones a model has learned", async () => {
    await open(olga);
    button(page.renderRoot as ShadowRoot, "Accepted").click();
    await settled(page);
    expect(textOf(cards()[0]!)).toContain("Not yet trained");
    expect(textOf(cards()[1]!)).toContain("model fedcba987654 gets it right");
  });
  it("do not claim an erasure where a refused wording was not kept", async () => {
    await open(olga);
    button(page.renderRoot as ShadowRoot, "Refused").click();
    await settled(page);
    expect(textOf(cards()[0]!)).toContain("Its wording was not kept.");
    expect(textOf(cards()[0]!)).toContain("Not a question.");
  });
});
