import { beforeEach, describe, expect, it } from "vitest";
import type { Pending } from "../shared/send-queue.ts";
import { StoredConversation } from "./stored-conversation.ts";
import { KEY } from "./stored-entry.ts";

const pending = (clientMessageId: string): Pending => ({ clientMessageId, text: "t", shown: "t", status: "sending" });
const broken = (): Storage => {
  throw new DOMException("denied", "SecurityError");
};

describe("the stored", () => {
  beforeEach(() => localStorage.clear());

  it("writes nothing before a conversation begins", () => {
    const stored = new StoredConversation();
    stored.read();
    stored.set({ open: true });
    stored.add(pending("a"));
    expect(localStorage.length).toBe(0);
  });
  it("keeps everything under one key", () => {
    const stored = new StoredConversation();
    stored.begin("con_1", "secret", true);
    stored.add(pending("a"));
    expect([localStorage.length, localStorage.key(0)]).toEqual([1, KEY]);
    expect(new StoredConversation().read()).toMatchObject({
      id: "con_1",
      token: "secret",
      open: true,
      pending: [{ clientMessageId: "a" }],
    });
  });
  it("keeps the messages of two tabs", () => {
    const [one, two] = [new StoredConversation(), new StoredConversation()];
    one.begin("con_1", "secret", true);
    one.add(pending("a"));
    two.add(pending("b"));
    one.remove("a");
    expect(new StoredConversation().read()?.pending.map((message) => message.clientMessageId)).toEqual(["b"]);
  });
  it("lets go of a conversation but not of what was written", () => {
    const stored = new StoredConversation();
    stored.begin("con_1", "secret", true);
    stored.add(pending("a"));
    stored.forget();
    expect(stored.read()).toMatchObject({ id: "", token: "", pending: [{ clientMessageId: "a" }] });
  });
  it("leaves nothing on the device when there is nothing to keep, or everything is to go", () => {
    const stored = new StoredConversation();
    stored.begin("con_1", "secret", true);
    stored.forget();
    expect(localStorage.length).toBe(0);
    stored.begin("con_2", "secret", true);
    stored.add(pending("a"));
    stored.clear();
    expect([localStorage.length, stored.read()]).toEqual([0, null]);
  });
  it("reads nothing from what it did not write", () => {
    for (const junk of ["{", "null", "[]", '{"id": 3}', '"x"']) {
      localStorage.setItem(KEY, junk);
      expect(new StoredConversation().read()).toBeNull();
    }
  });
  it("works from memory where storage is forbidden", () => {
    const stored = new StoredConversation(broken);
    stored.begin("con_1", "secret", true);
    stored.add(pending("a"));
    expect(stored.read()?.pending.length).toBe(1);
    stored.clear();
    expect(stored.read()).toBeNull();
  });
});
