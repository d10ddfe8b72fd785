import { beforeEach, describe, expect, it } from "vitest";
import type { Pending } from "./conversation.ts";
import { KEY, Vault } from "./vault.ts";

const pending = (clientMessageId: string): Pending => ({ clientMessageId, text: "t", shown: "t", status: "sending" });
const broken = (): Storage => {
  throw new DOMException("denied", "SecurityError");
};

describe("the vault", () => {
  beforeEach(() => localStorage.clear());

  it("writes nothing before a conversation begins", () => {
    const vault = new Vault();
    vault.read();
    vault.setOpen(true);
    vault.add(pending("a"));
    expect(localStorage.length).toBe(0);
  });
  it("keeps everything under one key", () => {
    const vault = new Vault();
    vault.begin("con_1", "secret", true);
    vault.add(pending("a"));
    expect([localStorage.length, localStorage.key(0)]).toEqual([1, KEY]);
    expect(new Vault().read()).toMatchObject({ id: "con_1", token: "secret", open: true, pending: [{ clientMessageId: "a" }] });
  });
  it("keeps the messages of two tabs", () => {
    const [one, two] = [new Vault(), new Vault()];
    one.begin("con_1", "secret", true);
    one.add(pending("a"));
    two.add(pending("b"));
    one.remove("a");
    expect(new Vault().read()?.pending.map((message) => message.clientMessageId)).toEqual(["b"]);
  });
  it("lets go of a conversation but not of what was written", () => {
    const vault = new Vault();
    vault.begin("con_1", "secret", true);
    vault.add(pending("a"));
    vault.forget();
    expect(vault.read()).toMatchObject({ id: "", token: "", pending: [{ clientMessageId: "a" }] });
  });
  it("leaves nothing on the device when there is nothing to keep, or everything is to go", () => {
    const vault = new Vault();
    vault.begin("con_1", "secret", true);
    vault.forget();
    expect(localStorage.length).toBe(0);
    vault.begin("con_2", "secret", true);
    vault.add(pending("a"));
    vault.clear();
    expect([localStorage.length, vault.read()]).toEqual([0, null]);
  });
  it("reads nothing from what it did not write", () => {
    for (const junk of ["{", "null", "[]", '{"id": 3}', '"x"']) {
      localStorage.setItem(KEY, junk);
      expect(new Vault().read()).toBeNull();
    }
  });
  it("works from memory where storage is forbidden", () => {
    const vault = new Vault(broken);
    vault.begin("con_1", "secret", true);
    vault.add(pending("a"));
    expect(vault.read()?.pending.length).toBe(1);
    vault.clear();
    expect(vault.read()).toBeNull();
  });
});
