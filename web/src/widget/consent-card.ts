/**
 * <candor-consent-card> Asks whether personal data may be used: what, what for, until when. Allow and No thanks are the same
 * element with the same class, of the same width, in a row of two equal columns; nothing is chosen beforehand.
 *
 * Properties: copy, language, request, state (of that purpose), current (this is the newest card for the purpose).
 * Events: `choose` with detail `{purpose, choice}`. Slots: none. Parts: `card`, `choice`.
 */
import { LitElement, css, html, nothing, type TemplateResult } from "lit";
import type { Choice, ConsentRequest, ConsentState } from "./conversation.ts";
import { copies, type Copy, type Language } from "./copy.ts";
import { day, define, emit } from "./element.ts";
import { inner } from "./styles.ts";

export class ConsentCard extends LitElement {
  static override properties = {
    copy: { attribute: false },
    language: {},
    request: { attribute: false },
    state: {},
    current: { type: Boolean },
  };
  static override styles = [
    inner,
    css`
      section {
        margin-top: 8px;
        padding: 14px;
        border: 1px solid var(--edge);
        border-radius: var(--radius);
        background: var(--surface);
      }
      h3 {
        margin: 0 0 8px;
        font: 650 var(--text) / 1.35 var(--font);
      }
      dl {
        display: grid;
        grid-template-columns: auto 1fr;
        gap: 3px 12px;
        margin: 0;
        font-size: var(--text-s);
      }
      dt {
        color: var(--muted);
      }
      dd {
        margin: 0;
        overflow-wrap: anywhere;
      }
      .choices {
        display: grid;
        grid-template-columns: 1fr 1fr;
        gap: 8px;
        margin-top: 12px;
      }
      .choices .button {
        min-height: 42px;
      }
      .outcome {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        justify-content: space-between;
        gap: 8px;
        margin: 10px 0 0;
        font-weight: 550;
        font-size: var(--text-s);
      }
    `,
  ];

  declare copy: Copy;
  declare language: Language;
  declare request: ConsentRequest | null;
  declare state: ConsentState;
  declare current: boolean;

  constructor() {
    super();
    this.copy = copies.en;
    this.language = "en";
    this.request = null;
    this.state = "none";
    this.current = false;
  }

  override render(): unknown {
    const { copy, request } = this;
    if (!request) return nothing;
    return html`<section part="card" aria-labelledby="title">
      <h3 id="title">${copy.consentTitle}</h3>
      <dl>
        <dt>${copy.consentWhat}</dt>
        <dd>${request.title}</dd>
        <dt>${copy.consentWhy}</dt>
        <dd>${request.why}</dd>
        <dt>${copy.consentUntil}</dt>
        <dd>${day(request.until, this.language)}</dd>
      </dl>
      ${this.current && this.state === "requested" ? this.question() : this.outcome()}
    </section>`;
  }

  private question(): TemplateResult {
    return html`<div class="choices">${this.button("allow", this.copy.allow)}${this.button("refuse", this.copy.refuse)}</div>`;
  }

  private button(choice: Choice, label: string): TemplateResult {
    return html`<button type="button" class="button" part="choice" @click=${() => this.choose(choice)}>${label}</button>`;
  }

  private outcome(): TemplateResult {
    const { copy, state } = this;
    const said = this.current && (state === "given" || state === "refused" || state === "withdrawn" || state === "expired");
    return html`<p class="outcome">
      <span>${said ? copy[state as "given"] : copy.answered}</span>
      ${this.current && state === "given"
        ? html`<button type="button" class="button small" @click=${() => this.choose("withdraw")}>${copy.withdraw}</button>`
        : nothing}
    </p>`;
  }

  private choose(choice: Choice): void {
    if (this.request) emit(this, "choose", { purpose: this.request.purpose, choice });
  }
}

define("candor-consent-card", ConsentCard);
