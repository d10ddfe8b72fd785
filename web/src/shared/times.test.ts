import { describe, expect, it } from "vitest";
import { fullTime, languageName, waited, when } from "./times.ts";

describe("waited", () => {
  it.each([
    [-3, "0 s"],
    [59.9, "59 s"],
    [65, "1 min 05 s"],
    [3600, "1 h 00 min"],
    [90_061, "1 d 1 h"],
  ])("says %d seconds as %s", (seconds, text) => {
    expect(waited(seconds)).toBe(text);
  });
});

describe("when", () => {
  const now = new Date(2026, 10, 23, 18, 0);
  it("leaves the day out for today", () => expect(when(new Date(2026, 10, 23, 9, 5).toISOString(), "en", now)).toBe("09:05"));
  it("names the day for this year", () => expect(when(new Date(2026, 10, 3, 9, 5).toISOString(), "en", now)).toBe("3 Nov, 09:05"));
  it("names the year for another year", () => expect(when(new Date(2025, 10, 3, 9, 5).toISOString(), "en", now)).toBe("3 Nov 2025, 09:05"));
  it("is the same clock in the visitor's language", () => {
    expect(when(new Date(2026, 10, 23, 16, 5).toISOString(), "zh", now)).toBe("16:05");
    expect(when(new Date(2026, 10, 20, 4, 20).toISOString(), "zh", now)).toBe("11月20日 04:20");
  });
  it("shows what it cannot read unchanged", () => expect(when("soon", "en", now)).toBe("soon"));
});

it("fullTime gives seconds and the time zone", () => {
  expect(fullTime(new Date(2026, 10, 23, 9, 5, 7).toISOString())).toMatch(/23 November 2026.*09:05:07 \S+/);
});

it("languageName keeps a tag that is none", () => {
  expect([languageName("zh"), languageName("not a tag")]).toEqual(["Chinese", "not a tag"]);
});
