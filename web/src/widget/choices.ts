/**
 * <candor-choices> A switch for each purpose: off unless the visitor turned it on, and off again with one tap.
 *
 * Properties: copy, consents. Events: `choose` with detail `{purpose, choice}`; `back`. Slots: none. Parts: `panel`, `switch`.
 */
import { LitElement, css, html, type TemplateResult } from "lit";
import type { Consent } from "./conversation.ts";
import { copies, type Copy } from "./copy.ts";
import { define, emit, icon } from "./element.ts";
import { inner } from "./styles.ts";

export class Choices extends LitElement {
  static override properties = { copy: { attribute: false }, consents: { attribute: false } };
  static override styles = [
    inner,
    css`
      :host {
        flex: 1;
        overflow-y: auto;
      }
      section {
        padding: 16px;
      }
      h3 {
        margin: 12px 0 4px;
        font: 650 var(--text-l) / 1.35 var(--font);
      }
      h3:focus {
        outline: none;
      }
      p {
        margin: 0 0 14px;
        color: var(--muted);
        font-size: var(--text-s);
      }
      ul {
        display: grid;
        gap: 10px;
        margin: 0;
        padding: 0;
        list-style: none;
      }
      li {
        display: grid;
        grid-template-columns: 1fr auto;
        align-items: center;
        gap: 2px 14px;
        padding: 14px;
        border: 1px solid var(--line);
        border-radius: var(--radius);
        background: var(--surface);
      }
      .title {
        font-weight: 600;
      }
      .why {
        grid-column: 1;
        color: var(--muted);
        font-size: var(--text-s);
      }
      button.switch {
        display: inline-flex;
        grid-row: 1 / span 2;
        grid-column: 2;
        align-items: center;
        gap: 8px;
        min-height: 38px;
        padding: 0 4px;
        border: 0;
        border-radius: var(--radius-s);
        background: none;
        color: var(--ink);
        font: 550 var(--text-s) / 1 var(--font);
        cursor: pointer;
      }
      .track {
        width: 42px;
        height: 24px;
        padding: 2px;
        border: 1.5px solid var(--edge);
        border-radius: 99px;
        background: var(--raised);
        transition: background var(--ease);
      }
      .knob {
        display: block;
        width: 17px;
        height: 17px;
        border-radius: 50%;
        background: var(--edge);
        transition: transform var(--ease);
      }
      [aria-checked="true"] .track {
        border-color: var(--accent);
        background: var(--accent);
      }
      [aria-checked="true"] .knob {
        background: var(--on-accent);
        transform: translateX(18px);
      }
      @media (forced-colors: active) {
        .knob {
          background: ButtonText;
        }
        [aria-checked="true"] .track {
          background: Highlight;
        }
      }
    `,
  ];

  declare copy: Copy;
  declare consents: readonly Consent[];

  constructor() {
    super();
    this.copy = copies.en;
    this.consents = [];
  }

  override focus(): void {
    this.renderRoot.querySelector("h3")?.focus();
  }

  override render(): unknown {
    const { copy } = this;
    return html`<section part="panel" aria-labelledby="title">
      <button type="button" class="button small" @click=${() => emit(this, "back")}>${icon("back")}${copy.back}</button>
      <h3 id="title" tabindex="-1">${copy.choicesTitle}</h3>
      <p>${copy.choicesText}</p>
      ${this.consents.length
        ? html`<ul>${this.consents.map((consent) => this.row(consent))}</ul>`
        : html`<p class="note">${copy.choicesNone}</p>`}
    </section>`;
  }

  private row({ purpose, title, why, state }: Consent): TemplateResult {
    const on = state === "given";
    const choice = on ? "withdraw" : "allow";
    return html`<li>
      <span class="title" id="title-${purpose}">${title}</span>
      <span class="why" id="why-${purpose}">${why}</span>
      <button
        type="button"
        role="switch"
        class="switch"
        part="switch"
        aria-checked=${on}
        aria-labelledby="title-${purpose}"
        aria-describedby="why-${purpose}"
        @click=${() => emit(this, "choose", { purpose, choice })}
      >
        <span aria-hidden="true">${on ? this.copy.on : this.copy.off}</span>
        <span class="track" aria-hidden="true"><span class="knob"></span></span>
      </button>
    </li>`;
  }
}

define("candor-choices", Choices);
