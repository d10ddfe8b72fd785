/** For the elements' tests: puts one on the page and waits until it has rendered. */
import type { LitElement } from "lit";

/** happy-dom's own fails, instead of giving null, where the focus is in another shadow tree. */
const focused = Object.getOwnPropertyDescriptor(ShadowRoot.prototype, "activeElement");
Object.defineProperty(ShadowRoot.prototype, "activeElement", {
  configurable: true,
  get(this: ShadowRoot): Element | null {
    try {
      return focused?.get?.call(this) as Element | null;
    } catch {
      return null;
    }
  },
});

export async function mount<T extends LitElement>(element: T, properties: Partial<T> = {}): Promise<T> {
  Object.assign(element, properties);
  document.body.replaceChildren(element);
  await element.updateComplete;
  return element;
}

export function all<T extends Element = HTMLElement>(element: LitElement, selector: string): T[] {
  return [...element.renderRoot.querySelectorAll<T>(selector)];
}

export function one<T extends Element = HTMLElement>(element: LitElement, selector: string): T {
  const found = element.renderRoot.querySelector<T>(selector);
  if (!found) throw new Error(`There is no ${selector}.`);
  return found;
}

/** The text of `element` as it is read, white space drawn together. */
export const said = (element: Element | null): string => (element?.textContent ?? "").replace(/\s+/g, " ").trim();

/** Collects the details of the events called `name`. */
export function heard<T>(element: LitElement, name: string): T[] {
  const details: T[] = [];
  element.addEventListener(name, (event) => details.push((event as CustomEvent<T>).detail));
  return details;
}
