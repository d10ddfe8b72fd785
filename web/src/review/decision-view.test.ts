import { afterEach, describe, expect, it, vi } from "vitest";
import { all, heard, mount, one, said } from "../shared/testing.ts";
import { DecisionView } from "./decision-view.ts";
import { decision, summary } from "./samples.ts";
import { ReviewSession } from "./session.ts";

const review = {
  review_id: "rev_1",
  decision_id: "dec_1",
  reviewer: "Ruth",
  verdict: "wrong" as const,
  reason: "tone",
  correct_intent: "refund_status",
  correct_answer: null,
  note: "a note",
  at: "2026-11-23T10:00:00Z",
  record_id: "dec_9",
};
const session = new ReviewSession({ name: "Ruth", login: "ruth", roles: [] });

function view(more: Record<string, unknown> = {}): Promise<DecisionView> {
  vi.spyOn(globalThis, "fetch").mockImplementation(() => new Promise(() => undefined));
  return mount(new DecisionView(), { decision: decision({ payload: "{}", ...more }), session });
}

const sections = (element: DecisionView): string[] => all(element, "section h3").map(said);
const reviews = (element: DecisionView): string => said(one(element, "candor-reviews").shadowRoot as unknown as Element);

afterEach(() => {
  vi.restoreAllMocks();
  document.body.replaceChildren();
});

describe("DecisionView", () => {
  it("begins with the explanation in words", async () => {
    const element = await view();
    expect([said(one(element, "h2")), said(one(element, ".lead"))]).toEqual(["Understood as: Order status", "It was read so."]);
  });
  it("says which personal data was used and what allowed it", async () => {
    const used = {
      category: "orders",
      purpose: "order_history",
      consent_record_id: "cns_1",
      consent_state: "given",
      consent_at: null,
      lawful_basis: "consent",
    };
    const element = await view({ personal: [used] });
    expect(said(one(element, "ul li"))).toBe("orders for: order history consent given (cns_1)Lawful basis: consent");
  });
  it("says when none was used", async () => expect(sections(await view())).toContain("Personal data"));
  it("shows reviews so far, and asks again whoever has reviewed", async () => {
    const element = await view({ reviews: [review] });
    expect(reviews(element)).toContain("Ruth✗ Wrong tone");
    expect(reviews(element)).toContain("Right intent");
    expect(said(one(element, "candor-review-form").shadowRoot!.querySelector("legend"))).toContain("Your verdict has changed?");
  });
  it("asks for no verdict on what people did", async () => {
    const element = await view({ kind: "access" });
    expect(sections(element)).not.toContain("Review");
    expect([element.focusReview(), said(one(element, ".tag"))]).toEqual([false, "access"]);
  });
  it("tells of an erasure and where its record is", async () => {
    const element = await view({ payload: null, erasure: { at: "2026-11-23T10:00:00Z", reason: "asked_by_visitor", record_id: "dec_7" } });
    const opened = heard<string>(element, "candor-open");
    expect(said(one(element, ".note"))).toMatch(/was erased on .* \(asked by visitor\)/);
    one(element, ".note a").click();
    expect(opened).toEqual(["dec_7"]);
    expect(sections(element)).not.toContain("Personal data");
    expect(element.renderRoot.querySelector("candor-review-form")).toBe(null); // nobody can judge what is gone
  });
  it("shows what a visitor contested and what was answered", async () => {
    const contest = { state: "overturned", reason: "not true", reviewer: "Sam", words: "You are right." };
    const element = await view({ contest });
    expect(said(one(element, ".note"))).toMatch(/overturned.*not true.*Sam answered: “You are right.”/);
  });
  it("lists the turn's decisions with this one marked", async () => {
    const element = await view({ turn: [summary(), summary({ decision_id: "dec_2", kind: "answer", summary: "Answer: order status" })] });
    expect(all(element, "ol a").map(said)).toEqual(["understandingOrder status (91%)", "answerOrder status"]);
    expect(all(element, "[aria-current=step]").length).toBe(1);
  });
});
