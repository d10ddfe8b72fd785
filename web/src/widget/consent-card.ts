/**
 * <candor-consent-card> Asks whether personal data may be used: what, what for, for how long. Allow and No thanks are the same
 * element with the same class, of the same width, in a row of two equal columns, one press each. Nothing is allowed beforehand;
 * of the ways to allow, the one the server names stands chosen.
 *
 * Properties: copy, language, request, consent (where the visitor stands with that purpose, or null), current (this is the newest
 * card for the purpose). Events: `choose` with detail `{purpose, choice, scope?}`. Slots: none. Parts: `card`, `choice`.
 */
import { LitElement, css, html, nothing, type TemplateResult } from "lit";
import type { Choice, Consent, Scope } from "../privacy/types.ts";
import type { ConsentRequest } from "./conversation.ts";
import { copies, type Copy, type Language } from "./copy.ts";
import { day, define, emit } from "./element.ts";
import { inner } from "./styles.ts";

export type Standing = Pick<Consent, "state" | "scope" | "until" | "gpc">;

export class ConsentCard extends LitElement {
  static override properties = {
    copy: { attribute: false },
    language: {},
    request: { attribute: false },
    consent: { attribute: false },
    current: { type: Boolean },
    scope: { state: true },
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
      dt,
      legend {
        color: var(--muted);
      }
      dd {
        margin: 0;
        overflow-wrap: anywhere;
      }
      fieldset {
        min-width: 0;
        margin: 8px 0 0;
        padding: 0;
        border: 0;
        font-size: var(--text-s);
      }
      legend {
        padding: 0;
      }
      label {
        display: flex;
        align-items: flex-start;
        gap: 8px;
        min-height: 28px;
        padding: 4px 0;
        cursor: pointer;
      }
      input {
        flex: none;
        width: 18px;
        height: 18px;
        margin: 1px 0 0;
        accent-color: var(--accent);
        cursor: pointer;
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
  declare consent: Standing | null;
  declare current: boolean;
  /** What the visitor chose of the ways to allow; null before they chose. */
  declare scope: Scope | null;

  constructor() {
    super();
    this.copy = copies.en;
    this.language = "en";
    this.request = null;
    this.consent = null;
    this.current = false;
    this.scope = null;
  }

  override render(): unknown {
    const { copy, request } = this;
    if (!request) return nothing;
    const asking = this.current && this.consent?.state === "requested";
    return html`<section part="card" aria-labelledby="title">
      <h3 id="title">${copy.consentTitle}</h3>
      <dl>
        <dt>${copy.consentWhat}</dt>
        <dd>${request.title}</dd>
        <dt>${copy.consentWhy}</dt>
        <dd>${request.why}</dd>
        ${asking && !request.scopes
          ? html`<dt>${copy.consentUntil}</dt>
              <dd>${day(request.until, this.language)}</dd>`
          : nothing}
      </dl>
      ${asking ? this.question(request) : this.outcome()}
    </section>`;
  }

  private question({ scopes }: ConsentRequest): TemplateResult {
    return html`${scopes
        ? html`<fieldset>
            <legend>${this.copy.consentHowLong}</legend>
            ${scopes.map(({ scope, title }) => this.way(scope, title))}
          </fieldset>`
        : nothing}
      <div class="choices">${this.button("allow", this.copy.allow)}${this.button("refuse", this.copy.refuse)}</div>`;
  }

  private way(scope: Scope, title: string): TemplateResult {
    return html`<label>
      <input type="radio" name="scope" value=${scope} .checked=${scope === this.chosen} @change=${() => (this.scope = scope)} />
      <span>${title}</span>
    </label>`;
  }

  private get chosen(): Scope | undefined {
    return this.scope ?? this.request?.scope;
  }

  private button(choice: Choice, label: string): TemplateResult {
    return html`<button type="button" class="button" part="choice" @click=${() => this.choose(choice)}>${label}</button>`;
  }

  private outcome(): TemplateResult {
    const given = this.current && this.consent?.state === "given" && !this.consent.gpc;
    return html`<p class="outcome">
      <span>${this.current ? this.said() : this.copy.answered}</span>
      ${given
        ? html`<button type="button" class="button small" @click=${() => this.choose("withdraw")}>${this.copy.withdraw}</button>`
        : nothing}
    </p>`;
  }

  private said(): string {
    const { copy, consent } = this;
    if (consent?.gpc && consent.state === "given") return copy.gpcOff;
    switch (consent?.state) {
      case "given":
        return copy.given[consent.scope ?? "until_withdrawn"](day(consent.until ?? "", this.language));
      case "expired":
        return consent.scope === "once" ? copy.usedOnce : copy.expired;
      case "refused":
      case "withdrawn":
      case "paused":
      case "invalidated":
        return copy[consent.state];
      default:
        return copy.answered;
    }
  }

  private choose(choice: Choice): void {
    const { request, chosen } = this;
    if (request) emit(this, "choose", { purpose: request.purpose, choice, ...(choice === "allow" && chosen && { scope: chosen }) });
  }
}

define("candor-consent-card", ConsentCard);
