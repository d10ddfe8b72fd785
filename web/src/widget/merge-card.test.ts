import { expect, it } from "vitest";
import { MergeCard } from "./merge-card.ts";
import { all, heard, mount, said } from "../shared/testing.ts";

const choices = [
  { purpose: "order_history", title: "Use your order history", state: "given" as const },
  { purpose: "recommendations", title: "Recommend", state: "refused" as const },
];

it("lists the choices and gives both answers the same weight", async () => {
  const card = await mount(new MergeCard(), { choices });
  expect(all(card, "li").map(said)).toEqual(["Use your order history: Allowed", "Recommend: No thanks"]);
  const [keep, leave, ...more] = all(card, "button");
  expect([said(keep ?? null), said(leave ?? null), more.length]).toEqual(["Keep", "Leave them", 0]);
  expect(keep?.className).toBe(leave?.className);
});
it("takes one press", async () => {
  const card = await mount(new MergeCard(), { choices });
  const merged = heard(card, "candor-merge");
  for (const button of all(card, "button")) button.click();
  expect(merged).toEqual([{ keep: true }, { keep: false }]);
});
