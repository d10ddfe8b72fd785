import { describe, expect, it } from "vitest";
import type { QueueEntry as Entry } from "../shared/api.ts";
import { Unread } from "./unread.ts";

const entry = (conversation_id: string, last_message: string): Entry => ({ conversation_id, last_message }) as Entry;

describe("Unread", () => {
  it("marks a conversation in which the visitor has written", () => {
    const unread = new Unread();
    expect(unread.take([entry("a", "hi")], "")).toBe(false);
    expect(unread.take([entry("a", "hello?")], "")).toBe(true);
    expect([...unread.ids]).toEqual(["a"]);
  });
  it("does not mark the open one, also not after it is left", () => {
    const unread = new Unread();
    unread.take([entry("a", "hi")], "a");
    expect(unread.take([entry("a", "hello?")], "a")).toBe(false);
    expect(unread.take([entry("a", "hello?")], "")).toBe(false);
  });
  it("forgets the mark when it is read", () => {
    const unread = new Unread();
    unread.take([entry("a", "hi")], "");
    unread.take([entry("a", "hello?")], "");
    unread.read("a");
    expect(unread.take([entry("a", "hello?")], "")).toBe(false);
    expect(unread.ids.size).toBe(0);
  });
  it("forgets the mark of a conversation that is no longer mine", () => {
    const unread = new Unread();
    unread.take([entry("a", "hi")], "");
    unread.take([entry("a", "hello?")], "");
    unread.take([], "");
    expect(unread.ids.size).toBe(0);
  });
});
