/**
 * <candor-merge-card> After signing in: whether the choices made before are to be kept. Both answers are the same size.
 *
 * Properties: copy, choices. Events: `candor-merge` with detail `{keep}`. Slots: none. Parts: `card`.
 */
import { LitElement, html, type TemplateResult } from "lit";
import type { MergeableChoice } from "../shared/api.ts";
import { define, emit } from "../shared/element.ts";
import { inner } from "../shared/visitor.styles.ts";
import { copies, type Copy } from "./copy.ts";
import { styles } from "./merge-card.styles.ts";

export class MergeCard extends LitElement {
  static override properties = { copy: { attribute: false }, choices: { attribute: false } };
  static override styles = [inner, styles];

  copy: Copy = copies.en;
  choices: readonly MergeableChoice[] = [];

  override render(): unknown {
    const { copy } = this;
    return html`<section part="card" aria-labelledby="title">
      <h3 id="title">${copy.mergeTitle}</h3>
      <ul>
        ${this.choices.map(({ title, state }) => html`<li>${copy.says(title, copy.mergeStates[state as "given"])}</li>`)}
      </ul>
      <p>${copy.mergeText}</p>
      <div class="choices">${this.#button(true, copy.keep)}${this.#button(false, copy.leave)}</div>
    </section>`;
  }

  #button(keep: boolean, label: string): TemplateResult {
    return html`<button type="button" class="button" @click=${() => emit(this, "candor-merge", { keep })}>${label}</button>`;
  }
}

define("candor-merge-card", MergeCard);
