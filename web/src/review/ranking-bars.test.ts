import { afterEach, describe, expect, it } from "vitest";
import { RankingBars } from "./ranking-bars.ts";

const TWO = [
  { name: "order_status", confidence: 0.61 },
  { name: "refund_status", confidence: 0.2 },
];

async function draw(threshold: number | null, ranking = TWO): Promise<ShadowRoot> {
  const bars = new RankingBars();
  bars.ranking = ranking;
  bars.threshold = threshold;
  document.body.append(bars);
  await bars.updateComplete;
  return bars.shadowRoot!;
}

describe("RankingBars", () => {
  afterEach(() => document.body.replaceChildren());

  it("draws each confidence as its share of the width", async () => {
    const widths = [...(await draw(0.43)).querySelectorAll(".bar")].map((bar) => bar.getAttribute("width"));
    expect(widths).toEqual(["61.00%", "20.00%"]);
  });
  it("draws the threshold through every bar and marks those that reach it", async () => {
    const root = await draw(0.43);
    expect([...root.querySelectorAll("ol line")].map((line) => line.getAttribute("x1"))).toEqual(["43.00%", "43.00%"]);
    expect(root.querySelectorAll(".bar.enough").length).toBe(1);
  });
  it("counts those that had hardly a chance instead of drawing them", async () => {
    const none = Array.from({ length: 7 }, (_, at) => ({ name: `intent_${at}`, confidence: 0.004 }));
    const root = await draw(0.43, [...TWO, ...none]);
    expect(root.querySelectorAll("li").length).toBe(4);
    expect(root.textContent).toContain("5 more, each under 1%.");
  });
  it("draws no line where there was no threshold", async () => {
    expect((await draw(null)).querySelectorAll("line").length).toBe(0);
  });
});
