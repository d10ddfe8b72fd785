import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Choices, DecisionReview } from "../shared/api.ts";
import { all, heard, mount, one, said } from "../shared/testing.ts";
import { NO_CHOICES } from "./choices.ts";
import { ReviewForm, reviewOf } from "./review-form.ts";
import { decision, json } from "./samples.ts";
import { ReviewSession } from "./session.ts";

const choices: Choices = {
  ...NO_CHOICES,
  intents: ["nlu_fallback", "order_status"],
  right_intents: ["order_status", "refund_status"],
  reasons: [
    { code: "fine", title: "Nothing to improve", verdicts: ["right"] },
    { code: "wrong_intent", title: "Misunderstood", verdicts: ["wrong"] },
    { code: "tone", title: "Tone", verdicts: ["wrong", "unsure"] },
  ],
};
const asked = decision({ input: { text: "where is [ORDER_1]" } });

let session = new ReviewSession();
let sent: unknown[];
let answer: () => Response;

beforeEach(() => {
  sent = [];
  answer = () => json({ review_id: "rev_1", verdict: "wrong" }, 201);
  vi.spyOn(globalThis, "fetch").mockImplementation((_url, init) => {
    sent.push(JSON.parse(String(init?.body)));
    return Promise.resolve(answer());
  });
});

afterEach(() => {
  session = new ReviewSession();
  vi.restoreAllMocks();
});

const form = (): Promise<ReviewForm> => mount(new ReviewForm(), { decision: asked, choices, session });

async function fill(element: ReviewForm, name: string, value: string): Promise<void> {
  const field = one<HTMLInputElement>(element, `[name=${name}]`);
  field.value = value;
  field.dispatchEvent(new Event(field.tagName === "TEXTAREA" ? "input" : "change"));
  await element.updateComplete;
}

async function submit(element: ReviewForm): Promise<void> {
  one(element, "form").dispatchEvent(new Event("submit", { cancelable: true }));
  await vi.waitFor(() => expect(one<HTMLButtonElement>(element, "form").textContent).not.toContain("Recording"));
}

const options = (element: ReviewForm, name: string): string[] => all(element, `select[name=${name}] option`).map(said);

describe("ReviewForm", () => {
  it("offers the reasons that fit the verdict, and takes the only one", async () => {
    const element = await form();
    await element.choose("right");
    expect(options(element, "reason")).toEqual(["Choose one", "Nothing to improve"]);
    expect(reviewOf({ verdict: "right", reason: "fine", intent: "", answer: "", note: "", example: "" })).toEqual({
      verdict: "right",
      reason: "fine",
    });
    await submit(element);
    expect(sent).toEqual([{ verdict: "right", reason: "fine" }]);
  });
  it("asks for the right intent of a wrong decision only, and never for 'not understood'", async () => {
    const element = await form();
    await element.choose("unsure");
    expect(all(element, "[name=intent], [name=answer], [name=example]")).toEqual([]);
    await element.choose("wrong");
    expect(options(element, "intent")).toEqual(["Not said", "order status", "refund status"]);
  });
  it("asks for a training example in other words than the visitor's", async () => {
    const element = await form();
    await element.choose("wrong");
    await fill(element, "reason", "wrong_intent");
    await fill(element, "intent", "refund_status");
    expect(one<HTMLTextAreaElement>(element, "[name=example]").value).toBe("");
    await fill(element, "example", "when do I get my money ");
    const reviewed = heard<DecisionReview>(element, "candor-reviewed");
    await submit(element);
    expect(sent).toEqual([
      { verdict: "wrong", reason: "wrong_intent", correct_intent: "refund_status", example: "when do I get my money" },
    ]);
    await vi.waitFor(() => expect(reviewed.map((review) => review.review_id)).toEqual(["rev_1"]));
    expect(all<HTMLInputElement>(element, "input:checked")).toEqual([]);
  });
  it("sends nothing without a reason", async () => {
    const element = await form();
    await element.choose("wrong");
    await submit(element);
    expect(sent).toEqual([]);
  });
  it("forgets the right intent when the verdict changes", () => {
    const draft = { reason: "tone", intent: "refund_status", answer: "x", note: " n ", example: "e" };
    expect(reviewOf({ ...draft, verdict: "unsure" })).toEqual({ verdict: "unsure", reason: "tone", note: "n" });
  });
  it("keeps what was begun when another decision is opened, and when the server refuses", async () => {
    const element = await form();
    await element.choose("wrong");
    await fill(element, "reason", "tone");
    await fill(element, "note", "rude");
    Object.assign(element, { decision: decision({ decision_id: "dec_2" }) });
    await element.updateComplete;
    expect(all(element, "[name=note]")).toEqual([]);
    Object.assign(element, { decision: asked });
    await element.updateComplete;
    expect(one<HTMLTextAreaElement>(element, "[name=note]").value).toBe("rude");
    answer = () => json({ error: { code: "x", message: "Choose another reason." } }, 400);
    await submit(element);
    await vi.waitFor(() => expect(said(one(element, "[role=alert]"))).toBe("Choose another reason."));
    expect(one<HTMLTextAreaElement>(element, "[name=note]").value).toBe("rude");
  });
});
