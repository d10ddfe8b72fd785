import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Composer } from "./composer.ts";

describe("Composer", () => {
  let composer: Composer;
  let sent: string[];
  const field = (): HTMLTextAreaElement => composer.renderRoot.querySelector("textarea")!;
  const type = (text: string): void => {
    field().value = text;
    field().dispatchEvent(new Event("input"));
  };
  const enter = (init: KeyboardEventInit = {}): boolean =>
    field().dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", cancelable: true, ...init }));

  beforeEach(async () => {
    composer = document.body.appendChild(new Composer());
    sent = [];
    composer.addEventListener("candor-send", (event) => sent.push((event as CustomEvent<string>).detail));
    await composer.updateComplete;
  });
  afterEach(() => composer.remove());

  it("sends with Enter and empties the field", async () => {
    type(" hello ");
    enter();
    await composer.updateComplete;
    expect([sent, field().value]).toEqual([["hello"], ""]);
  });
  it("does not send while an input method is composing", () => {
    type("ni");
    enter({ isComposing: true });
    enter({ keyCode: 229 });
    expect(sent).toEqual([]);
  });
  it("leaves Shift+Enter to the field", () => {
    type("one");
    expect(enter({ shiftKey: true })).toBe(true);
    expect(sent).toEqual([]);
  });
  it("sends nothing when nothing is written", () => {
    type("   ");
    enter();
    expect(sent).toEqual([]);
  });
});
