import { afterEach, describe, expect, it } from "vitest";
import { RankingBars } from "./ranking-bars.ts";

async function draw(threshold: number | null): Promise<ShadowRoot> {
  const bars = new RankingBars();
  bars.ranking = [
    { name: "order_status", confidence: 0.61 },
    { name: "refund_status", confidence: 0.2 },
  ];
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
  it("draws no line where there was no threshold", async () => {
    expect((await draw(null)).querySelectorAll("line").length).toBe(0);
  });
});
