import { describe, expect, it } from "vitest";
import type { DeskQueue as Queue, QueueEntry as Entry } from "../shared/api.ts";
import { queueEntry } from "../shared/testing.ts";
import { announcement, everyEntry, groups, isMine, newcomers, pageTitle, readOnlyReason, waitingText } from "./queue.ts";

const entry = (id: string, change: Partial<Entry> = {}): Entry =>
  queueEntry(`c-${id}`, { handoff_id: id, reason: "Wants to talk about a refund.", waiting_seconds: 10, ...change });
const queue = (change: Partial<Queue> = {}): Queue => ({ waiting: [], mine: [], others: [], ...change });

describe("groups", () => {
  it("sets apart what nobody took, wherever the server put it", () => {
    const gone = entry("2", { state: "expired", contact: "ana@example.com" });
    const [waiting, , , missed] = groups(queue({ waiting: [entry("1"), gone] }));
    expect([waiting?.entries.length, missed?.entries]).toEqual([1, [gone]]);
  });
  it("keeps the reading order waiting, mine, others", () => {
    const all = queue({ waiting: [entry("1")], mine: [entry("2", { state: "accepted" })], others: [entry("3", { state: "accepted" })] });
    expect(everyEntry(all).map((one) => one.handoff_id)).toEqual(["1", "2", "3"]);
  });
});

describe("newcomers", () => {
  it("finds the entry that was not there before", () => {
    const fresh = entry("2");
    expect(newcomers(queue({ waiting: [entry("1")] }), queue({ waiting: [entry("1"), fresh] }))).toEqual([fresh]);
  });
  it("does not take an expired one for new", () => {
    expect(newcomers(queue(), queue({ waiting: [entry("1", { state: "expired" })] }))).toEqual([]);
  });
});

it("announcement names language and reason of one, and the number of several", () => {
  expect(announcement([])).toBe("");
  expect(announcement([entry("1", { language: "zh" })])).toBe("A new conversation is waiting, in Chinese: Wants to talk about a refund.");
  expect(announcement([entry("1"), entry("2")])).toBe("2 new conversations are waiting.");
});

it("pageTitle counts those who wait", () => {
  expect(pageTitle(queue())).toBe("Desk · Candor");
  expect(pageTitle(queue({ waiting: [entry("1"), entry("2", { state: "expired" })] }))).toBe("(1) Desk · Candor");
  expect(pageTitle(queue({ waiting: [entry("1")] }), 2)).toBe("(3) Desk · Candor");
});

it("waiting counts on from the server's number, whatever the clock here says", () => {
  expect(waitingText(entry("1"), 1_000, 61_000)).toBe("1 min 10 s");
});

describe("isMine", () => {
  const taken = entry("1", { state: "accepted", agent_name: "Mina" });
  it("holds from the claim on, before the queue has come again", () => expect(isMine(taken, queue(), "Mina")).toBe(true));
  it("does not take a colleague of the same name for me", () => expect(isMine(taken, queue({ others: [taken] }), "Mina")).toBe(false));
  it("ends with the conversation", () => expect(isMine({ ...taken, state: "closed" }, queue(), "Mina")).toBe(false));
});

describe("readOnlyReason", () => {
  it("is empty where the agent may answer", () => expect(readOnlyReason(entry("1", { state: "accepted" }), true)).toBe(""));
  it("names the colleague", () =>
    expect(readOnlyReason(entry("1", { state: "accepted", agent_name: "Mina" }), false)).toContain("Mina has"));
  it("says whether an address was left", () => {
    expect(readOnlyReason(entry("1", { state: "expired" }), false)).toContain("no address");
    expect(readOnlyReason(entry("1", { state: "expired", contact: "a@b.c" }), false)).toContain("left an address");
  });
});
