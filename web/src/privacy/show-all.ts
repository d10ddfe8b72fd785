/** Long lists begin short: the first few, and a button for the rest. */
import { html, type LitElement, nothing, type ReactiveController, type TemplateResult } from "lit";
import type { Copy } from "./copy.ts";

const FIRST = 5;

export class ShowAll implements ReactiveController {
  #all = false;

  constructor(private readonly host: LitElement) {
    host.addController(this);
  }

  hostConnected(): void {
    this.#all = false;
  }

  /** What is shown of `items` now. */
  of<T>(items: readonly T[]): readonly T[] {
    return this.#all ? items : items.slice(0, FIRST);
  }

  /** The button below them; nothing for a short list. */
  button(copy: Copy, count: number): TemplateResult | typeof nothing {
    if (count <= FIRST) return nothing;
    return html`<button type="button" class="button small all" aria-expanded=${this.#all} @click=${this.#toggle}>
      ${this.#all ? copy.showFewer : copy.showAll(count)}
    </button>`;
  }

  /** The focus goes on to the first one that was not there before: the items have to take it (tabindex -1). */
  readonly #toggle = async (): Promise<void> => {
    this.#all = !this.#all;
    this.host.requestUpdate();
    await this.host.updateComplete;
    if (this.#all) this.host.renderRoot.querySelectorAll<HTMLElement>(".listed > li")[FIRST]?.focus();
  };
}
