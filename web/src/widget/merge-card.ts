/**
 * <candor-merge-card> After signing in: whether the choices made before are to be kept. Both answers are the same size.
 *
 * Properties: copy, choices. Events: `merge` with detail `{keep}`. Slots: none. Parts: `card`.
 */
import { LitElement, css, html, type TemplateResult } from "lit";
import type { Mergeable } from "./conversation.ts";
import { copies, type Copy } from "./copy.ts";
import { define, emit } from "./element.ts";
import { inner } from "./styles.ts";

export class MergeCard extends LitElement {
  static override properties = { copy: { attribute: false }, choices: { attribute: false } };
  static override styles = [
    inner,
    css`
      section {
        padding: 14px;
        border: 1px solid var(--edge);
        border-radius: var(--radius);
        background: var(--surface);
      }
      h3 {
        margin: 0 0 6px;
        font: 650 var(--text) / 1.35 var(--font);
      }
      p,
      ul {
        margin: 0 0 8px;
        font-size: var(--text-s);
      }
      ul {
        padding-inline-start: 1.2em;
      }
      .choices {
        display: grid;
        grid-template-columns: 1fr 1fr;
        gap: 8px;
      }
      .choices .button {
        min-height: 42px;
      }
    `,
  ];

  declare copy: Copy;
  declare choices: readonly Mergeable[];

  constructor() {
    super();
    this.copy = copies.en;
    this.choices = [];
  }

  override render(): unknown {
    const { copy } = this;
    return html`<section part="card" aria-labelledby="title">
      <h3 id="title">${copy.mergeTitle}</h3>
      <ul>
        ${this.choices.map(({ title, state }) => html`<li>${copy.says(title, copy.mergeStates[state as "given"])}</li>`)}
      </ul>
      <p>${copy.mergeText}</p>
      <div class="choices">${this.button(true, copy.keep)}${this.button(false, copy.leave)}</div>
    </section>`;
  }

  private button(keep: boolean, label: string): TemplateResult {
    return html`<button type="button" class="button" @click=${() => emit(this, "merge", { keep })}>${label}</button>`;
  }
}

define("candor-merge-card", MergeCard);
