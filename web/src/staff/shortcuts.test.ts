import { afterEach, describe, expect, it } from "vitest";
import { shortcut, step, stepped, turnShortcuts } from "./shortcuts.ts";

function press(target: HTMLElement, key: string, init: KeyboardEventInit = {}): string | null {
  let read: string | null = "never seen";
  document.body.append(target);
  document.body.addEventListener("keydown", (event) => (read = shortcut(event)), { once: true });
  target.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, composed: true, ...init }));
  target.remove();
  return read;
}

describe("shortcut", () => {
  afterEach(() => localStorage.clear());
  const button = (): HTMLElement => document.createElement("button");

  it("reads a letter", () => expect(press(button(), "J")).toBe("j"));
  it("leaves letters typed into a field alone", () => expect(press(document.createElement("textarea"), "j")).toBeNull());
  it("leaves the browser's own combinations alone", () => expect(press(button(), "c", { ctrlKey: true })).toBeNull());
  it("stops for letters when turned off, not for arrows", () => {
    turnShortcuts(false);
    expect([press(button(), "j"), press(button(), "ArrowDown")]).toEqual([null, "arrowdown"]);
  });
});

it("step knows both ways down and up", () => {
  expect(["j", "arrowdown", "k", "arrowup", "x", null].map(step)).toEqual([1, 1, -1, -1, 0, 0]);
});

it.each([
  [-1, 1, 3, 0],
  [-1, -1, 3, 2],
  [2, 1, 3, 2],
  [0, -1, 3, 0],
  [0, 1, 0, -1],
])("stepped from %d by %d in %d goes to %d", (at, by, count, to) => {
  expect(stepped(at, by, count)).toBe(to);
});
