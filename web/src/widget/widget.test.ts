import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { said } from "../shared/testing.ts";
import { KEY } from "./stored-entry.ts";
import { Widget } from "./widget.ts";

/** In place of <candor-chat>: notes what is asked of it. */
class FakeChat extends HTMLElement {
  asked: unknown[] = [];
  open = (takeFocus: boolean): void => void this.asked.push(["open", takeFocus]);
  close = (): Promise<void> => Promise.resolve(void this.asked.push("close"));
  identify = (identity: unknown): void => void this.asked.push(["identify", identity]);
}
customElements.define("candor-chat", FakeChat);

const load = vi.fn(() => Promise.resolve());
const stored = (part: object): void =>
  localStorage.setItem(KEY, JSON.stringify({ id: "con_1", token: "t", open: false, waiting: false, pending: [], ...part }));
const button = (widget: Widget): HTMLButtonElement => widget.shadowRoot!.querySelector("button")!;
const chat = (widget: Widget): FakeChat | null => widget.shadowRoot!.querySelector("candor-chat");
const settled = (): Promise<void> => new Promise((resolve) => setTimeout(resolve));

async function widget(): Promise<Widget> {
  const element = new Widget();
  element.load = load;
  document.body.replaceChildren(element);
  await settled();
  return element;
}

describe("<candor-widget>", () => {
  beforeEach(() => {
    localStorage.clear();
    load.mockReset().mockResolvedValue();
  });
  afterEach(() => document.body.replaceChildren());

  it("says whether the chat is open", async () => {
    const element = await widget();
    expect(button(element).getAttribute("aria-expanded")).toBe("false");
    button(element).click();
    await settled();
    expect([chat(element)?.asked, button(element).getAttribute("aria-expanded")]).toEqual([[["open", true]], "true"]);
    expect(button(element).getAttribute("aria-label")).toBe("Close the chat");
    button(element).click();
    await settled();
    expect([chat(element)?.asked.at(-1), button(element).getAttribute("aria-label")]).toEqual(["close", null]);
  });
  it("says in words how many messages are new, until it is opened", async () => {
    const element = await widget();
    element.open();
    await settled();
    await element.close();
    for (const _ of [1, 2]) chat(element)?.dispatchEvent(new CustomEvent("candor-news"));
    expect(said(button(element))).toContain("2 new messages");
    element.open();
    await element.close();
    expect(said(button(element))).toBe("Ask us");
  });
  it("loads the chat once", async () => {
    const element = await widget();
    expect(load).not.toHaveBeenCalled();
    element.open();
    element.open();
    await settled();
    await element.close();
    element.open();
    await settled();
    expect(load).toHaveBeenCalledOnce();
  });
  it.each([
    ["was left open", { open: true }, true, [["open", false]]],
    ["expects an answer", { waiting: true }, true, []],
    ["was closed", {}, false, undefined],
  ])("with a conversation that %s", async (_what, part, loads, asked) => {
    stored(part);
    const element = await widget();
    expect([load.mock.calls.length > 0, chat(element)?.asked]).toEqual([loads, asked]);
  });
  it("passes on who the visitor is, to a conversation at once, else when one begins", async () => {
    const element = await widget();
    element.identify("token");
    await settled();
    expect(load).not.toHaveBeenCalled();
    element.open();
    await settled();
    expect(chat(element)?.asked[0]).toEqual(["identify", "token"]);
    stored({});
    const later = await widget();
    later.identify(null);
    await settled();
    expect(chat(later)?.asked).toEqual([["identify", null]]);
  });
  it("says so when the chat cannot be loaded, and tries again at the next press", async () => {
    load.mockRejectedValueOnce(new Error("offline"));
    const element = await widget();
    element.open();
    await settled();
    expect([said(element.shadowRoot!.querySelector("[role=status]")), button(element).getAttribute("aria-expanded")]).toEqual([
      "The chat could not be loaded. Please try again.",
      "false",
    ]);
    expect(said(button(element))).toContain("could not be loaded");
    element.open();
    await settled();
    expect(chat(element)?.asked).toEqual([["open", true]]);
  });
  it("keeps what is typed in the chat from the page's shortcuts", async () => {
    const element = await widget();
    element.open();
    await settled();
    const heard = vi.fn();
    document.addEventListener("keydown", heard);
    chat(element)?.dispatchEvent(new KeyboardEvent("keydown", { key: "/", bubbles: true, composed: true }));
    document.removeEventListener("keydown", heard);
    expect(heard).not.toHaveBeenCalled();
  });
  it("is out of the page's flow, and written left to right on a page that is not", async () => {
    document.documentElement.dir = "rtl";
    const element = await widget();
    document.documentElement.dir = "";
    expect([element.dir, getComputedStyle(element).position]).toEqual(["ltr", "fixed"]);
  });
});
