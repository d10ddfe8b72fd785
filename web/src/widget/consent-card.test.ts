import { describe, expect, it } from "vitest";
import { ConsentCard } from "./consent-card.ts";
import { all, heard, mount, one, said } from "./testing.ts";

const request = { purpose: "order_history", title: "Use your order history", why: "To answer.", until: "2026-12-23" };
const open = { request, state: "requested", current: true } as const;

describe("<candor-consent-card>", () => {
  it("says what, what for and until when", async () => {
    const card = await mount(new ConsentCard(), open);
    expect(all(card, "dd").map(said)).toEqual(["Use your order history", "To answer.", "December 23, 2026"]);
  });
  it("gives both answers the same weight and chooses none beforehand", async () => {
    const card = await mount(new ConsentCard(), open);
    const [allow, refuse, ...more] = all(card, "button");
    expect([said(allow ?? null), said(refuse ?? null), more.length]).toEqual(["Allow", "No thanks", 0]);
    expect(allow?.className).toBe(refuse?.className);
    expect(card.renderRoot.contains(document.activeElement)).toBe(false);
  });
  it.each([
    [0, "allow"],
    [1, "refuse"],
  ])("tells the answer of button %i: %s", async (at, choice) => {
    const card = await mount(new ConsentCard(), open);
    const chosen = heard(card, "choose");
    all(card, "button")[at]?.click();
    expect(chosen).toEqual([{ purpose: "order_history", choice }]);
  });
  it("takes a yes back with one press", async () => {
    const card = await mount(new ConsentCard(), { ...open, state: "given" });
    const chosen = heard(card, "choose");
    one(card, "button").click();
    expect(chosen).toEqual([{ purpose: "order_history", choice: "withdraw" }]);
  });
  it("asks no longer once it is answered or asked anew below", async () => {
    for (const closed of [{ state: "refused" }, { state: "withdrawn" }, { current: false }] as const) {
      const card = await mount(new ConsentCard(), { ...open, ...closed });
      expect(all(card, "button").length).toBe(0);
    }
  });
});
