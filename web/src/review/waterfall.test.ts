import { afterEach, describe, expect, it } from "vitest";
import { mount, said } from "../shared/testing.ts";
import { milliseconds, place, Waterfall } from "./waterfall.ts";

const step = (name: string, start_ms: number, ms: number) => ({ name, title: name, start_ms, ms });

describe("Waterfall", () => {
  afterEach(() => document.body.replaceChildren());

  it("draws each step where it stood in the turn, and writes its times", async () => {
    const drawn = await mount(new Waterfall(), { steps: [step("Understand", 0, 50), step("Record", 50, 150)] });
    const bars = [...drawn.renderRoot.querySelectorAll(".bar")].map((bar) => [bar.getAttribute("x"), bar.getAttribute("width")]);
    expect(bars).toEqual([
      ["0.00%", "25.00%"],
      ["25.00%", "75.00%"],
    ]);
    expect(said(drawn.renderRoot.querySelectorAll("li")[1]!)).toBe("Record begins at 50 ms, takes 150 ms");
    expect(said(drawn.renderRoot.querySelector("p"))).toContain("200 ms");
  });
  it("says when a moment was that took no time", async () => {
    const drawn = await mount(new Waterfall(), { steps: [step("Consent gate", 49, 0)] });
    expect(said(drawn.renderRoot.querySelector("li"))).toBe("Consent gate at 49 ms");
  });
  it("keeps what took no time in sight and within the picture", () => {
    expect([place(step("x", 200, 0), 200), place(step("x", 0, 0), 0), place(step("x", -5, 3), 10)]).toEqual([
      { x: "99.40%", width: "0.60%" },
      { x: "0.00%", width: "0.60%" },
      { x: "0.00%", width: "30.00%" },
    ]);
  });
});

it("milliseconds are as exact as they are of use", () => {
  expect([0, 0.4, 12.3, 999.4, 2345].map(milliseconds)).toEqual(["0 ms", "under 1 ms", "12 ms", "999 ms", "2.3 s"]);
});
