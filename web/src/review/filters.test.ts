import { describe, expect, it } from "vitest";
import { changed, countOf, decisionOf, filtersOf, fromLocal, fromPercent, queryOf, searchOf, toLocal, toPercent } from "./filters.ts";

describe("the address", () => {
  it("gives back the filters and the open decision it was made from", () => {
    const filters = { kind: "gate", conversation: "c 1&2", min_confidence: "0.4" };
    const search = searchOf(filters, "d/7");
    expect([filtersOf(search), decisionOf(search)]).toEqual([filters, "d/7"]);
  });
  it("is empty when nothing is chosen", () => expect(searchOf({}, "")).toBe(""));
  it("passes nothing on that it does not know", () => expect(filtersOf("?kind=gate&evil=1&intent=")).toEqual({ kind: "gate" }));
});

it("queryOf asks for the filters, the cursor and the page's size", () => {
  expect(queryOf({ kind: "gate" }, "abc", 50)).toBe("?kind=gate&cursor=abc&limit=50");
  expect(queryOf({}, "", 50)).toBe("?limit=50");
});

describe("changed", () => {
  it("takes a filter away when it is emptied", () => expect(changed({ kind: "gate" }, "kind", "")).toEqual({}));
  it("leaves the others as they are", () =>
    expect(countOf(changed({ kind: "gate" }, "intent", "refund_policy"))).toBe(2));
});

describe("fields", () => {
  it("turn local time into UTC and back", () => expect(toLocal(fromLocal("2026-11-23T14:05"))).toBe("2026-11-23T14:05"));
  it("name the same moment as the clock of this time zone", () =>
    expect(fromLocal("2026-11-23T14:05")).toBe(new Date(2026, 10, 23, 14, 5).toISOString()));
  it("stay empty for what is no time", () => expect([toLocal(undefined), toLocal("soon"), fromLocal("")]).toEqual(["", "", ""]));
  it("show shares as per cent", () => expect([toPercent("0.43"), fromPercent("43")]).toEqual(["43", "0.43"]));
  it("keep per cent within bounds", () => expect([fromPercent("140"), fromPercent("-3"), fromPercent("")]).toEqual(["1", "0", ""]));
});
