import { describe, expect, it } from "vitest";
import type { PurposeConsent } from "../shared/api.ts";
import { all, heard, mount, one, said } from "../shared/testing.ts";
import { copies } from "./copy.ts";
import { Purposes } from "./purposes.ts";
import { consent } from "./samples.ts";

const times = { since: "2026-11-27T10:00:00Z", until: "2027-05-26T10:00:00Z" };
const show = (more: Partial<PurposeConsent> = {}): Promise<Purposes> => mount(new Purposes(), { purposes: [consent(more)] });
const stand = async (more: Partial<PurposeConsent>): Promise<string> => said(one(await show(more), ".stand"));

describe("<candor-purposes>", () => {
  it.each(["none", "requested", "refused", "withdrawn", "expired", "invalidated"] as const)(
    "is off and allows when it is %s",
    async (state) => {
      const purposes = await show({ state });
      const chosen = heard(purposes, "candor-choose");
      expect(one(purposes, "[role=switch]").getAttribute("aria-checked")).toBe("false");
      one(purposes, "[role=switch]").click();
      expect(chosen).toEqual([{ purpose: "order_history", choice: "allow" }]);
    },
  );
  it("is on while it is given, and withdraws with one press", async () => {
    const purposes = await show({ state: "given", scope: "until_withdrawn", ...times });
    const chosen = heard(purposes, "candor-choose");
    expect(one(purposes, "[role=switch]").getAttribute("aria-checked")).toBe("true");
    one(purposes, "[role=switch]").click();
    expect(chosen).toEqual([{ purpose: "order_history", choice: "withdraw" }]);
  });
  it("says since when and until when it holds", async () => {
    expect(await stand({ state: "given", scope: "until_withdrawn", ...times })).toBe(
      "On since 27 November 2026, until you turn it off; at the latest until 26 May 2027.",
    );
    expect(await stand({ state: "given", scope: "conversation", ...times })).toContain("in this conversation only");
    expect(await stand({ state: "given", scope: "once", ...times })).toContain("for one answer");
  });
  it("says why it is off", async () => {
    expect(await stand({ state: "expired", scope: "once" })).toBe(copies.en.usedOnce);
    expect(await stand({ state: "expired", scope: "conversation" })).toBe(copies.en.stands.expired);
    expect(await stand({ state: "invalidated" })).toContain("no longer counts");
  });
  it("is off and says so where Global Privacy Control keeps it off, whatever was chosen before", async () => {
    const purposes = await show({ state: "given", gpc: true, ...times });
    expect(one(purposes, "[role=switch]").getAttribute("aria-checked")).toBe("false");
    expect(said(one(purposes, ".stand"))).toBe("Off, because your browser asks for it (Global Privacy Control). We honour that.");
  });
  it("tells what for at once, and what is read, on which basis and for how long on request", async () => {
    const purposes = await show();
    expect(said(one(purposes, "#why-order_history"))).toBe("To look up your orders.");
    expect(all(purposes, "details dd").map(said)).toEqual([
      "order status and delivery",
      "Your consent",
      "The answer stays in this conversation.",
      "Nobody",
    ]);
  });
  it("says that one has to sign in only to whoever has not", async () => {
    const purposes = await show();
    expect(said(one(purposes, "li"))).toContain(copies.en.signIn);
    purposes.signedIn = true;
    await purposes.updateComplete;
    expect(said(one(purposes, "li"))).not.toContain(copies.en.signIn);
  });
  it("takes an objection to recommendations with one press, and to nothing else", async () => {
    const purposes = await mount(new Purposes(), { purposes: [consent(), consent({ purpose: "recommendations" })] });
    const chosen = heard(purposes, "candor-choose");
    const [object, ...more] = all(purposes, ".object");
    object?.click();
    expect([chosen, more.length]).toEqual([[{ purpose: "recommendations", choice: "object" }], 0]);
  });
  it("says after an objection how to undo it, and has the focus where that is done", async () => {
    const purposes = await mount(new Purposes(), { purposes: [consent({ purpose: "recommendations" })] });
    one(purposes, ".object").focus();
    purposes.purposes = [consent({ purpose: "recommendations", state: "refused", objected: true })];
    await purposes.updateComplete;
    expect([said(one(purposes, ".stand")), all(purposes, ".object").length]).toEqual([copies.en.objected, 0]);
    expect(purposes.shadowRoot?.activeElement?.id).toBe("switch-recommendations");
  });
});
