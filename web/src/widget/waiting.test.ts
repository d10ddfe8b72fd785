import { describe, expect, it } from "vitest";
import { all, heard, mount, one, said } from "../shared/testing.ts";
import { Waiting } from "./waiting.ts";

describe("<candor-waiting>", () => {
  it.each([
    [1, "Waiting for a person. You are next."],
    [3, "Waiting for a person. You are number 3 in line."],
    [0, "Waiting for a person."],
  ])("tells the place %i", async (position, text) => {
    expect(said(one(await mount(new Waiting(), { position }), "p"))).toBe(text);
  });
  it("can be ended with one press", async () => {
    const waiting = await mount(new Waiting());
    const stopped = heard(waiting, "candor-stop");
    all(waiting, "button")[0]?.click();
    expect(stopped.length).toBe(1);
  });
});
