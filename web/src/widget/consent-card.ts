/**
 * <candor-consent-card> Asks whether personal data may be used: what, what for, for how long. Allow and No thanks are the same
 * element with the same class, of the same width, in a row of two equal columns, one press each. Nothing is allowed beforehand;
 * of the ways to allow, the one the server names is preselected.
 *
 * Properties: copy, language, request, consent (the visitor's choice for that purpose, or null), current (this is the newest
 * card for the purpose). Events: `candor-choose` with detail `{purpose, choice, scope?}`. Slots: none. Parts: `card`, `choice`.
 */
import { LitElement, html, nothing, type TemplateResult } from "lit";
import type { Choice, PurposeConsent, ConsentRequest, Scope } from "../shared/api.ts";
import { define, emit } from "../shared/element.ts";
import type { Language } from "../shared/language.ts";
import { day } from "../shared/times.ts";
import { inner } from "../shared/visitor.styles.ts";
import { styles } from "./consent-card.styles.ts";
import { copies, type Copy } from "./copy.ts";

export type Standing = Pick<PurposeConsent, "state" | "scope" | "until" | "gpc">;

export class ConsentCard extends LitElement {
  static override properties = {
    copy: { attribute: false },
    language: {},
    request: { attribute: false },
    consent: { attribute: false },
    current: { type: Boolean },
    scope: { state: true },
  };
  static override styles = [inner, styles];

  copy: Copy = copies.en;
  language: Language = "en";
  request: ConsentRequest | null = null;
  consent: Standing | null = null;
  current = false;
  /** What the visitor chose of the ways to allow; null before they chose. */
  scope: Scope | null = null;

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
      </dl>
      ${asking ? this.#question(request) : this.#outcome()}
    </section>`;
  }

  #question({ scopes }: ConsentRequest): TemplateResult {
    return html`<fieldset>
        <legend>${this.copy.consentHowLong}</legend>
        ${scopes.map(({ scope, title }) => this.#way(scope, title))}
      </fieldset>
      <div class="choices">${this.#button("allow", this.copy.allow)}${this.#button("refuse", this.copy.refuse)}</div>`;
  }

  #way(scope: Scope, title: string): TemplateResult {
    return html`<label>
      <input type="radio" name="scope" value=${scope} .checked=${scope === this.#chosen} @change=${() => (this.scope = scope)} />
      <span>${title}</span>
    </label>`;
  }

  get #chosen(): Scope | undefined {
    return this.scope ?? this.request?.scope;
  }

  #button(choice: Choice, label: string): TemplateResult {
    return html`<button type="button" class="button" part="choice" @click=${(event: MouseEvent) => this.#choose(choice, event)}>${label}</button>`;
  }

  #outcome(): TemplateResult {
    const given = this.current && this.consent?.state === "given" && !this.consent.gpc;
    return html`<p class="outcome">
      <span>${this.current ? this.#said() : this.copy.answered}</span>
      ${
        given
          ? html`<button type="button" class="button small" @click=${(event: MouseEvent) => this.#choose("withdraw", event)}>${this.copy.withdraw}</button>`
          : nothing
      }
    </p>`;
  }

  #said(): string {
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

  #choose(choice: Choice, press: MouseEvent): void {
    if (press.detail > 1) return; // the second press of a double click
    const request = this.request;
    const chosen = this.#chosen;
    if (request) emit(this, "candor-choose", { purpose: request.purpose, choice, ...(choice === "allow" && chosen && { scope: chosen }) });
  }
}

define("candor-consent-card", ConsentCard);
