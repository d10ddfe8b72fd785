import { afterEach, describe, expect, it, vi } from "vitest";
import type { DecisionSummary } from "../shared/api.ts";
import { Feed } from "./feed.ts";
import { json, summary } from "./samples.ts";

const rows = (from: number, count: number): DecisionSummary[] =>
  Array.from({ length: count }, (_, at) => summary({ decision_id: `d${from + at}` }));

function feed(answers: unknown[]): { feed: Feed; asked: string[]; errors: unknown[] } {
  const asked: string[] = [];
  const errors: unknown[] = [];
  vi.spyOn(globalThis, "fetch").mockImplementation((url) => {
    asked.push(new URL(String(url), "http://x").search);
    const answer = answers.shift();
    return answer === undefined ? Promise.reject(new Error("offline")) : Promise.resolve(json(answer));
  });
  return {
    feed: new Feed(
      () => undefined,
      (error) => errors.push(error),
    ),
    asked,
    errors,
  };
}

afterEach(() => vi.restoreAllMocks());

describe("Feed", () => {
  it("goes on over short and empty pages until enough has come", async () => {
    const { feed: one, asked } = feed([
      { decisions: rows(0, 2), next_cursor: "a", more: true },
      { decisions: [], next_cursor: "b", more: true },
      { decisions: rows(2, 40), next_cursor: "c", more: true },
    ]);
    await one.load({ kind: "gate" }, "");
    expect(asked).toEqual(["?kind=gate&limit=50", "?kind=gate&cursor=a&limit=50", "?kind=gate&cursor=b&limit=50"]);
    expect([one.decisions.length, one.more, one.busy]).toEqual([42, true, false]);
  });
  it("ends at the last page", async () => {
    const { feed: one, asked } = feed([{ decisions: rows(0, 3), next_cursor: null, more: false }]);
    await one.load({}, "");
    expect([asked.length, one.more]).toEqual([1, false]);
  });
  it("adds the older ones below and starts anew for other filters", async () => {
    const { feed: one } = feed([
      { decisions: rows(0, 30), next_cursor: "a", more: true },
      { decisions: rows(30, 5), next_cursor: null, more: false },
      { decisions: rows(90, 1), next_cursor: null, more: false },
    ]);
    await one.load({}, "");
    await one.loadMore();
    expect(one.decisions.map((row) => row.decision_id).at(-1)).toBe("d34");
    await one.load({ intent: "x" }, "");
    expect(one.decisions.map((row) => row.decision_id)).toEqual(["d90"]);
  });
  it("keeps what has come when a later page fails, and says so", async () => {
    const { feed: one, errors } = feed([{ decisions: rows(0, 2), next_cursor: "a", more: true }]);
    await one.load({}, "");
    expect([one.decisions.length, one.more, one.busy, errors.length]).toEqual([2, true, false, 1]);
  });
  it("can be stopped while it searches", async () => {
    const { feed: one } = feed(Array.from({ length: 100 }, () => ({ decisions: [], next_cursor: "a", more: true })));
    const loading = one.load({}, "");
    one.stop();
    await loading;
    expect([one.busy, one.decisions]).toEqual([false, []]);
  });
  it("lists a queue and adds only what is new there", async () => {
    const page = { queue: "random", title: "Random", explanation: "Drawn by chance." };
    const { feed: one, asked } = feed([
      { ...page, decisions: rows(0, 2) },
      { ...page, decisions: rows(1, 2) },
      { ...page, decisions: rows(0, 3) },
    ]);
    await one.load({}, "random");
    await one.loadMore();
    expect([one.title, one.decisions.map((row) => row.decision_id), one.more]).toEqual(["Random", ["d0", "d1", "d2"], true]);
    await one.loadMore();
    expect([one.more, asked[0]]).toEqual([false, "?limit=20"]);
  });
  it("begins with the sample that the reader has seen, once", async () => {
    const seen = { queue: "random", title: "Random", explanation: "", decisions: rows(5, 2) };
    const { feed: one, asked } = feed([{ ...seen, decisions: rows(0, 1) }]);
    const listed = () => one.decisions.map((row) => row.decision_id);
    await one.load({}, "random", seen);
    expect([listed(), asked]).toEqual([["d5", "d6"], []]);
    await one.load({}, "random");
    expect(listed()).toEqual(["d0"]);
  });
  it("knows the next one and marks a row", async () => {
    const { feed: one } = feed([{ decisions: rows(0, 2), next_cursor: null, more: false }]);
    await one.load({}, "");
    expect([one.after("d0")?.decision_id, one.after("d1"), one.after("elsewhere")?.decision_id]).toEqual(["d1", undefined, "d0"]);
    one.mark("d1", { verdict: "wrong" });
    expect(one.decisions.map((row) => row.verdict)).toEqual([null, "wrong"]);
  });
});
