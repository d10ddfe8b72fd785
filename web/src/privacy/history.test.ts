import { describe, expect, it } from "vitest";
import type { PastChoice } from "../shared/api.ts";
import { all, heard, mount, one, said } from "../shared/testing.ts";
import { History } from "./history.ts";
import { Looks } from "./looks.ts";
import { overview } from "./samples.ts";

const past = (more: Partial<PastChoice> = {}): PastChoice => ({ ...(overview().history[0] as PastChoice), ...more });

describe("<candor-history>", () => {
  it("says what was chosen, for how long and by which act", async () => {
    const history = await mount(new History(), { history: [past()] });
    expect(said(one(history, "li"))).toContain("You allowed it: Use your order history");
    expect(said(one(history, "li"))).toContain("by the switch · until you take it back · at the latest until 26 May 2027");
  });
  it("gives the receipt of each choice in both forms", async () => {
    const history = await mount(new History(), { history: [past()] });
    const asked = heard(history, "candor-receipt");
    for (const button of all(history, ".receipts button")) button.click();
    expect(asked).toEqual([
      { record: "cns_1", format: "html" },
      { record: "cns_1", format: "json" },
    ]);
  });
  it("has no receipt for a question", async () => {
    const history = await mount(new History(), { history: [past({ state: "requested" })] });
    expect(all(history, ".receipts").length).toBe(0);
  });
  it("says so when there are no choices", async () => {
    expect(said(one(await mount(new History(), { history: [] }), "p"))).toBe("You have not chosen anything yet.");
  });
});

describe("<candor-looks>", () => {
  it("says who looked, at what and why, and whether it was a person", async () => {
    const system = {
      at: "2026-11-27T10:00:00Z",
      who: "AI assistant",
      role: "system" as const,
      what: "order status",
      why: "You allowed it",
      conversation_id: "con_1",
    };
    const looks = await mount(new Looks(), { looks: [...overview().looks, system] });
    expect(all(looks, ".tag").map((tag) => [said(tag), tag.className])).toEqual([
      ["Support", "tag human"],
      ["AI", "tag ai"],
    ]);
    expect(said(all(looks, "li")[0] ?? null)).toMatch(/Mina .* Your conversation Why: You asked for a person/);
  });
  it("says so when nobody did", async () => {
    expect(said(one(await mount(new Looks(), { looks: [] }), "p"))).toBe("Nobody has looked.");
  });
});
