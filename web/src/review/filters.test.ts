import { describe, expect, it } from "vitest";
import { addressOf, HOME, isPlainClick, linkTo, type Address } from "./address.ts";
import { changed, countOf, filterQuery, fromLocal, fromPercent, spans, toLocal, toPercent } from "./filters.ts";

describe("the address", () => {
  const back = (to: Partial<Address>): Address => addressOf(new URL(linkTo(to), "http://x").search);

  it("gives back what it was made from", () => {
    const filters = { kind: "gate", conversation: "c 1&2", min_confidence: "0.4", search: "refund" };
    expect(back({ filters, decision: "d/7" })).toEqual({ ...HOME, filters, decision: "d/7" });
    expect(back({ queue: "random", decision: "d" })).toEqual({ ...HOME, queue: "random", decision: "d" });
    expect(back({ page: "charts" })).toEqual({ ...HOME, page: "charts" });
  });
  it("is short when nothing is chosen", () => expect(linkTo({})).toBe("/review"));
  it("passes nothing on that it does not know", () => {
    expect(addressOf("?kind=gate&evil=1&intent=&page=nowhere")).toEqual({ ...HOME, filters: { kind: "gate" } });
  });
  it("leaves clicks that open another tab to the browser", () => {
    expect(
      [{}, { ctrlKey: true }, { metaKey: true }, { shiftKey: true }, { button: 1 }].map((init) =>
        isPlainClick(new MouseEvent("click", init)),
      ),
    ).toEqual([true, false, false, false, false]);
  });
});

it("filterQuery asks for the filters and what else is not empty", () => {
  expect(filterQuery({ kind: "gate" }, { cursor: "a b", limit: "50" })).toBe("kind=gate&cursor=a+b&limit=50");
  expect(filterQuery({}, { cursor: "", limit: "50" })).toBe("limit=50");
});

describe("changed", () => {
  it("takes a filter away when it is emptied", () => expect(changed({ kind: "gate" }, "kind", "")).toEqual({}));
  it("leaves the others as they are", () => expect(countOf(changed({ kind: "gate" }, "intent", "refund_policy"))).toBe(2));
});

it("spans begin at midnight of this time zone", () => {
  const starts = spans(new Date(2026, 2, 1, 18, 30)).map(([, from]) => new Date(from));
  expect(starts).toEqual([new Date(2026, 2, 1, 17, 30), new Date(2026, 2, 1), new Date(2026, 1, 23), new Date(2026, 0, 31)]);
});

describe("fields", () => {
  it("turn local time into UTC and back", () => expect(toLocal(fromLocal("2026-11-23T14:05"))).toBe("2026-11-23T14:05"));
  it("name the same moment as the clock of this time zone", () =>
    expect(fromLocal("2026-11-23T14:05")).toBe(new Date(2026, 10, 23, 14, 5).toISOString()));
  it("stay empty for what is no time", () => expect([toLocal(undefined), toLocal("soon"), fromLocal("")]).toEqual(["", "", ""]));
  it("show shares as per cent", () => expect([toPercent("0.43"), fromPercent("43")]).toEqual(["43", "0.43"]));
  it("keep per cent within bounds", () => expect([fromPercent("140"), fromPercent("-3"), fromPercent("")]).toEqual(["1", "0", ""]));
});
