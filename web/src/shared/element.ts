/** What every custom element of Candor uses. */
import type { LitElement } from "lit";

/**
 * Dispatches `candor-…` events to the elements around `source`. They bubble within one shadow root and, unless `composed`,
 * do not leave it: the host page of a widget cannot listen in.
 */
export function emit<T>(source: EventTarget, name: `candor-${string}`, detail?: T, composed = false): void {
  source.dispatchEvent(new CustomEvent(name, { detail, bubbles: true, composed }));
}

/** Registers an element; a second copy of the script on a page does no harm. */
export function define(name: string, element: CustomElementConstructor): void {
  if (!customElements.get(name)) customElements.define(name, element);
}

/** Moves the focus to the first element within `host` that matches; nothing happens when there is none. */
export function focusOn(host: LitElement, selector: string, options?: FocusOptions): void {
  host.renderRoot.querySelector<HTMLElement>(selector)?.focus(options);
}
