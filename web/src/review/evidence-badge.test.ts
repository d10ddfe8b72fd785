import { afterEach, describe, expect, it, vi } from "vitest";
import { all, mount, one, said } from "../shared/testing.ts";
import { forget, recall, remember } from "./checkpoint-memory.ts";
import { EvidenceBadge } from "./evidence-badge.ts";
import { doubtOf } from "./log-badge.ts";
import vectors from "./proof.vectors.json";
import { decision, json } from "./samples.ts";

const sealed = decision({ ...vectors.record });
const refusal = (code: string) => json({ error: { code, message: "Not now." } }, 409);

function serve(...answers: (() => Response)[]): void {
  let at = 0;
  vi.spyOn(globalThis, "fetch").mockImplementation(() => Promise.resolve(answers[Math.min(at++, answers.length - 1)]!()));
}

const shows = (element: EvidenceBadge, text: string): Promise<void> =>
  vi.waitFor(() => expect(said(one(element, ".badge"))).toContain(text), { timeout: 3000 });

afterEach(() => {
  forget();
  vi.restoreAllMocks();
  document.body.replaceChildren();
});

describe("EvidenceBadge", () => {
  it("says how it was verified, and remembers the checkpoint", async () => {
    serve(() => json(vectors.proof));
    const element = await mount(new EvidenceBadge(), { decision: sealed });
    await shows(element, "Verified checked in this browser against checkpoint 5");
    expect(all(element, ".proof li.ok").length).toBe(5);
    expect(recall()).toMatchObject({ size: 5, root: vectors.proof.root });
  });
  it("waits for a record that is not sealed yet", async () => {
    serve(
      () => refusal("not_sealed_yet"),
      () => json(vectors.proof),
    );
    const element = await mount(new EvidenceBadge(), { decision: sealed });
    await shows(element, "Waiting to be sealed");
    await shows(element, "Verified");
  });
  it("verifies the header of an erased record", async () => {
    serve(() => json(vectors.proof));
    const erasure = { at: null, reason: null, record_id: null };
    const element = await mount(new EvidenceBadge(), { decision: decision({ ...vectors.record, salt: null, payload: null, erasure }) });
    await shows(element, "Erased, header verified");
  });
  it("says plainly what does not fit and what to do", async () => {
    serve(() => json(vectors.proof));
    const element = await mount(new EvidenceBadge(), { decision: { ...sealed, payload: sealed.payload!.replace("哪", "那") } });
    await shows(element, "Does not verify");
    expect(all(element, "li.bad").map(said)).toEqual([
      "!Does not fit: The content does not give the hash that the record's header commits to.",
    ]);
    expect(said(one(element, ".note.warn"))).toContain("Tell your operator");
    expect(recall()).toBeNull();
  });
  it("lets a log that was set up anew take the old one's place", async () => {
    remember({ key: "old", size: 900, root: "00", at: "2026-11-23T14:05:33Z" });
    serve(() => json(vectors.proof));
    const element = await mount(new EvidenceBadge(), { decision: sealed });
    await shows(element, "Does not verify");
    all(element, ".proof button")
      .find((button) => said(button).startsWith("Forget"))!
      .click();
    await shows(element, "Verified");
    expect(recall()?.size).toBe(5);
  });
  it("claims nothing when the proof could not be fetched", async () => {
    serve(() => json({ error: { code: "x", message: "The server rests." } }, 503));
    const element = await mount(new EvidenceBadge(), { decision: sealed });
    await shows(element, "Not checked The server rests.");
  });
});

describe("the log's badge", () => {
  const log = (checkpoint: string | null) => ({
    size: 5,
    pending: 0,
    sealed_at: null,
    checkpoint,
    verifier_key: vectors.proof.verifier_key,
    trouble: null,
  });

  it("has no doubt about a signed checkpoint, and remembers it", async () => {
    expect(await doubtOf(log(vectors.proof.checkpoint), null)).toBe("");
    expect(recall()?.size).toBe(5);
  });
  it("doubts a log that became shorter, or that its key did not sign", async () => {
    const known = { key: vectors.proof.verifier_key, size: 7, root: "00", at: "" };
    expect(await doubtOf(log(vectors.proof.checkpoint), known)).toBe("This browser has seen 7 records in this log; now it holds 5.");
    expect(await doubtOf(log(vectors.proof.checkpoint.replace("\n5\n", "\n6\n")), null)).toContain("not signed");
  });
  it("has none before anything is sealed", async () => expect(await doubtOf(log(null), null)).toBe(""));
});
