import { describe, expect, it } from "vitest";
import type { OwnConversation, What } from "../shared/api.ts";
import { ApiError } from "../shared/http.ts";
import { all, heard, mount, one, said } from "../shared/testing.ts";
import { copies } from "./copy.ts";
import { Erasure } from "./erasure.ts";
import { ReceiptView } from "./receipt.ts";
import { overview, receipt } from "./samples.ts";

const here = overview().conversations[0] as OwnConversation;
const other: OwnConversation = { ...here, id: "con_0", begun: "2026-11-20T10:00:00Z", messages: 1, this: false };
const held: OwnConversation = { ...other, hold: { reason: "Claim 12", since: "2026-11-21T10:00:00Z" } };

async function step(what: What, conversations: OwnConversation[], erase: Erasure["erase"] = () => Promise.resolve()): Promise<Erasure> {
  const erasure = await mount(new Erasure(), { conversations, erase });
  one(erasure, `#${what}`).click();
  await erasure.updateComplete;
  return erasure;
}
const press = async (erasure: Erasure, at: number): Promise<void> => {
  all(erasure, ".step button")[at]?.click();
  await new Promise((resolve) => setTimeout(resolve));
  await erasure.updateComplete;
};

describe("<candor-erasure>", () => {
  it("first says what will go and what stays, with two ways on of the same weight", async () => {
    const asked: unknown[] = [];
    const erasure = await step("conversation", [here], async (...given) => void asked.push(given));
    expect(said(one(erasure, ".step"))).toContain("4 messages");
    expect(said(one(erasure, ".step"))).toContain(copies.en.stays);
    const [erase, cancel, ...more] = all(erasure, ".step button");
    expect([said(erase ?? null), said(cancel ?? null), more.length, asked.length]).toEqual(["Erase", "Cancel", 0, 0]);
    expect(erase?.className).toBe(cancel?.className);
    expect(erasure.shadowRoot?.activeElement?.id).toBe("title");
  });
  it("erases this conversation with one press more", async () => {
    const asked: unknown[] = [];
    const erasure = await step("conversation", [here], async (...given) => void asked.push(given));
    await press(erasure, 0);
    expect([asked, all(erasure, ".step").length]).toEqual([[["conversation", "con_1"]], 0]);
  });
  it("erases the conversation that was chosen, this one at first", async () => {
    const asked: unknown[] = [];
    const erasure = await step("conversation", [here, other], async (...given) => void asked.push(given));
    const select = one<HTMLSelectElement>(erasure, "select");
    expect(select.value).toBe("con_1");
    select.value = "con_0";
    select.dispatchEvent(new Event("change"));
    await erasure.updateComplete;
    expect(said(one(erasure, "li"))).toContain("1 message");
    await press(erasure, 0);
    expect(asked).toEqual([["conversation", "con_0"]]);
  });
  it("lists all conversations for everything, and tells of those on legal hold instead of promising them", async () => {
    const erasure = await step("everything", [here, held]);
    expect(all(erasure, "li").length).toBe(2);
    expect(said(one(erasure, ".note"))).toContain("Claim 12");
  });
  it("offers no erasure of what is on legal hold", async () => {
    const erasure = await step("conversation", [{ ...held, this: true }]);
    expect(all(erasure, ".step button").map(said)).toEqual(["Cancel"]);
    expect(said(one(erasure, ".step"))).toContain(copies.en.onHold);
  });
  it("is left with Cancel or Escape, and the focus goes back", async () => {
    const erasure = await step("everything", [here]);
    await press(erasure, 1);
    expect([all(erasure, ".step").length, erasure.shadowRoot?.activeElement?.id]).toEqual([0, "everything"]);
    one(erasure, "#everything").click();
    await erasure.updateComplete;
    one(erasure, ".step").dispatchEvent(new KeyboardEvent("keydown", { key: "Escape", bubbles: true, composed: true }));
    await erasure.updateComplete;
    expect(all(erasure, ".step").length).toBe(0);
  });
  it("says why it was refused and can be tried again", async () => {
    const erasure = await step("conversation", [here], () => Promise.reject(new ApiError(409, "on_hold", "A legal hold is on it.")));
    await press(erasure, 0);
    expect([said(one(erasure, "[role=alert]")), said(all(erasure, ".step button")[0] ?? null)]).toEqual([
      "A legal hold is on it.",
      "Erase",
    ]);
  });
});

describe("<candor-receipt>", () => {
  it("names each store with what was done there, in words", async () => {
    const view = await mount(new ReceiptView(), { receipt: receipt() });
    expect(all(view, ".state").map(said)).toEqual(["Database: Done", "The assistant's engine: Under way", "Backups: Kept for now"]);
    expect(said(one(view, "dl"))).toContain("req_1");
  });
  it("can be kept in both forms", async () => {
    const view = await mount(new ReceiptView(), { receipt: receipt() });
    const kept = heard(view, "candor-keep");
    for (const button of all(view, ".pair button")) button.click();
    expect(kept).toEqual([{ format: "html" }, { format: "json" }]);
  });
});
