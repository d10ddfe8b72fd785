import { describe, expect, it } from "vitest";
import type { ConsentRequest, Scope } from "../shared/api.ts";
import { ConsentCard, type Standing } from "./consent-card.ts";
import { copies } from "./copy.ts";
import { all, heard, mount, one, said } from "../shared/testing.ts";

const until = "2026-12-23T10:00:00Z";
const request: ConsentRequest = {
  purpose: "order_history",
  title: "Use your order history",
  why: "To answer.",
  until,
  scope: "conversation",
  scopes: [
    { scope: "once", title: "Just this once", until },
    { scope: "conversation", title: "In this conversation", until },
    { scope: "until_withdrawn", title: "Until I take it back, at the latest 23 December", until },
  ],
};
const standing = (more: Partial<Standing> = {}): Standing => ({ state: "requested", scope: null, until: null, gpc: false, ...more });
const open = { request, consent: standing(), current: true };
const answer = async (more: Partial<Standing>): Promise<string> =>
  said(one(await mount(new ConsentCard(), { ...open, consent: standing(more) }), ".outcome span"));

describe("<candor-consent-card>", () => {
  it("says what, what for and for how long", async () => {
    const card = await mount(new ConsentCard(), open);
    expect(all(card, "dd").map(said)).toEqual(["Use your order history", "To answer."]);
    expect(all(card, "label").map(said)).toEqual([
      "Just this once",
      "In this conversation",
      "Until I take it back, at the latest 23 December",
    ]);
  });
  it("gives both answers the same weight and allows nothing beforehand", async () => {
    const card = await mount(new ConsentCard(), open);
    const [allow, refuse, ...more] = all(card, "button");
    expect([said(allow ?? null), said(refuse ?? null), more.length]).toEqual(["Allow", "No thanks", 0]);
    expect(allow?.className).toBe(refuse?.className);
    expect(card.renderRoot.contains(document.activeElement)).toBe(false);
  });
  it("has the server's way to allow chosen at first, and takes one press either way", async () => {
    const card = await mount(new ConsentCard(), open);
    const chosen = heard(card, "candor-choose");
    expect(all<HTMLInputElement>(card, "input").map((input) => input.checked)).toEqual([false, true, false]);
    for (const button of all(card, "button")) button.click();
    expect(chosen).toEqual([
      { purpose: "order_history", choice: "allow", scope: "conversation" },
      { purpose: "order_history", choice: "refuse" },
    ]);
  });
  it("takes a double click for one press, also when the button under it has become another", async () => {
    const card = await mount(new ConsentCard(), open);
    const chosen = heard(card, "candor-choose");
    const second = (): boolean => one(card, "button").dispatchEvent(new MouseEvent("click", { detail: 2 }));
    one(card, "button").click();
    second();
    await mount(card, { consent: standing({ state: "given", scope: "once" }) });
    second();
    expect(chosen).toMatchObject([{ choice: "allow" }]);
  });
  it.each<Scope>(["once", "until_withdrawn"])("allows as the visitor chose: %s", async (scope) => {
    const card = await mount(new ConsentCard(), open);
    const chosen = heard(card, "candor-choose");
    one<HTMLInputElement>(card, `[value=${scope}]`).click();
    one(card, "button").click();
    expect(chosen).toEqual([{ purpose: "order_history", choice: "allow", scope }]);
  });
  it("takes a yes back with one press", async () => {
    const card = await mount(new ConsentCard(), { ...open, consent: standing({ state: "given", scope: "once" }) });
    const chosen = heard(card, "candor-choose");
    one(card, "button").click();
    expect(chosen).toEqual([{ purpose: "order_history", choice: "withdraw" }]);
  });
  it("says for how long a yes holds", async () => {
    expect(await answer({ state: "given", scope: "once", until })).toBe("You allowed this once.");
    expect(await answer({ state: "given", scope: "conversation", until })).toContain(
      "in this conversation, at the latest until 23 December 2026",
    );
    expect(await answer({ state: "given", scope: "until_withdrawn", until })).toContain(
      "until you take it back, at the latest until 23 December",
    );
  });
  it("says how a yes ended", async () => {
    expect(await answer({ state: "expired", scope: "once" })).toBe("Used this once. We no longer look.");
    expect(await answer({ state: "expired", scope: "conversation" })).toBe(copies.en.expired);
    expect(await answer({ state: "invalidated" })).toBe("What we ask for has changed, so your earlier yes no longer counts.");
  });
  it("says that the browser's signal keeps it off", async () => {
    expect(await answer({ state: "given", gpc: true })).toContain("Global Privacy Control");
  });
  it.each(["refused", "withdrawn", "expired", "invalidated"] as const)("asks no longer once it is %s", async (state) => {
    const card = await mount(new ConsentCard(), { ...open, consent: standing({ state }) });
    expect([all(card, "button").length, all(card, "input").length]).toEqual([0, 0]);
  });
  it("asks no longer once it is asked anew below", async () => {
    const card = await mount(new ConsentCard(), { ...open, current: false });
    expect([all(card, "button").length, said(one(card, ".outcome"))]).toEqual([0, copies.en.answered]);
  });
});
