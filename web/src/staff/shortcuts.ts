/**
 * Single-key shortcuts. They never fire while somebody types, and can be turned off (WCAG 2.2, 2.1.4), because speech
 * input and unsteady hands press letters by accident. The choice is kept in this browser.
 */
const SETTING = "candor.staff.shortcuts";

/** The key that was meant as a shortcut, lower case ("j", "arrowdown", "enter"), or null. */
export function shortcut(event: KeyboardEvent): string | null {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.defaultPrevented) return null;
  if (isEditable(event.composedPath()[0])) return null;
  if (event.key.length === 1 && !shortcutsOn()) return null;
  return event.key.toLowerCase();
}

/** A form's `keydown`: Ctrl+Enter, or ⌘+Enter, sends it from any of its fields. */
export function sendByKey(event: KeyboardEvent): void {
  const sends = event.key === "Enter" && (event.ctrlKey || event.metaKey) && !event.isComposing;
  if (sends) (event.currentTarget as HTMLFormElement).requestSubmit();
}

function isEditable(target: EventTarget | undefined): boolean {
  return target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));
}

export const shortcutsOn = (): boolean => setting(SETTING) !== "off";
export const turnShortcuts = (on: boolean): void => keep(SETTING, on ? "on" : "off");

/** Reads a choice of this browser's user; null when there is none or the browser keeps nothing. */
export function setting(name: string): string | null {
  try {
    return localStorage.getItem(name);
  } catch {
    return null;
  }
}

/** Keeps a choice, where the browser lets us. */
export function keep(name: string, value: string): void {
  try {
    localStorage.setItem(name, value);
  } catch {
    return; // a private window: the choice lasts as long as the page
  }
}

/** +1 for the keys that go down a list, -1 for those that go up, 0 for all others. */
export function step(key: string | null): -1 | 0 | 1 {
  if (key === "j" || key === "arrowdown") return 1;
  if (key === "k" || key === "arrowup") return -1;
  return 0;
}

/** The index to go to from `at` (-1: from outside) in a list of `count`; the ends hold. */
export function stepped(at: number, by: number, count: number): number {
  if (count === 0) return -1;
  if (at < 0) return by > 0 ? 0 : count - 1;
  return Math.min(count - 1, Math.max(0, at + by));
}
