/**
 * <candor-purposes> A switch for each purpose: off unless the visitor turned it on, and off again with one press. Below it
 * stands what for, since when and until when; what is read, on which basis and for how long opens with one more.
 *
 * Properties: copy, language, level (of the headings), purposes, signedIn. Events: `candor-choose` with detail `{purpose, choice}`.
 * Slots: none. Parts: `purpose`, `switch`.
 */
import { html, LitElement, nothing, type TemplateResult } from "lit";
import type { Choice, PurposeConsent } from "../shared/api.ts";
import { define, emit } from "../shared/element.ts";
import { KeepFocus } from "../shared/keep-focus.ts";
import type { Language } from "../shared/language.ts";
import { day } from "../shared/times.ts";
import { copies, type Copy } from "./copy.ts";
import { heading } from "./heading.ts";
import { styles } from "./purposes.styles.ts";
import { sharedStyles } from "./common.styles.ts";

/** What can be objected to, so that nobody brings it up again. */
const OBJECTABLE = "recommendations";

export class Purposes extends LitElement {
  static override properties = {
    copy: { attribute: false },
    language: {},
    level: { type: Number },
    purposes: { attribute: false },
    signedIn: { type: Boolean },
  };
  static override styles = [sharedStyles, styles];

  copy: Copy = copies.en;
  language: Language = "en";
  level = 5;
  purposes: readonly PurposeConsent[] = [];
  signedIn = false;
  /** The button that objects is gone once it was pressed: the focus goes to what undoes it. */
  readonly keepFocus = new KeepFocus(this, () => this.renderRoot.querySelector<HTMLElement>(`#switch-${OBJECTABLE}`));

  override render(): unknown {
    return html`<ul role="list">
      ${this.purposes.map((one) => this.#purpose(one))}
    </ul>`;
  }

  #purpose(one: PurposeConsent): TemplateResult {
    const { copy } = this;
    return html`<li part="purpose">
      <div class="head">${heading(this.level, one.title, `title-${one.purpose}`)} ${this.#switch(one)}</div>
      <p class="stand" id="stand-${one.purpose}">${this.#stand(one)}</p>
      <p class="soft" id="why-${one.purpose}">${one.why}</p>
      ${one.sign_in && !this.signedIn ? html`<p class="soft">${copy.signIn}</p>` : nothing} ${this.#objection(one)}
      <details>
        <summary>${copy.more}<span class="hidden">${one.title}</span></summary>
        <dl>
          <dt>${copy.data}</dt>
          <dd>${listed(one.data, this.language)}</dd>
          <dt>${copy.basis}</dt>
          <dd>${one.lawful_basis}</dd>
          <dt>${copy.keeps}</dt>
          <dd>${one.retention}</dd>
          <dt>${copy.recipients}</dt>
          <dd>${one.recipients.length ? listed(one.recipients, this.language) : copy.nobodyElse}</dd>
        </dl>
      </details>
    </li>`;
  }

  #switch(one: PurposeConsent): TemplateResult {
    const on = isOn(one);
    return html`<button
      type="button"
      role="switch"
      id="switch-${one.purpose}"
      class="switch"
      part="switch"
      aria-checked=${on}
      aria-labelledby="title-${one.purpose}"
      aria-describedby="stand-${one.purpose} why-${one.purpose}"
      @click=${() => this.#choose(one.purpose, on ? "withdraw" : "allow")}
    >
      <span aria-hidden="true">${on ? this.copy.on : this.copy.off}</span>
      <span class="track" aria-hidden="true"><span class="knob"></span></span>
    </button>`;
  }

  #stand(one: PurposeConsent): string {
    const { copy, language } = this;
    if (one.objected) return copy.objected;
    if (one.gpc) return copy.gpcOff;
    if (one.state === "expired" && one.scope === "once") return copy.usedOnce;
    if (one.state !== "given") return copy.stands[one.state];
    return copy.holds[one.scope ?? "until_withdrawn"](day(one.since ?? "", language), day(one.until ?? "", language));
  }

  #objection(one: PurposeConsent): TemplateResult | typeof nothing {
    if (one.purpose !== OBJECTABLE || one.objected) return nothing;
    return html`<div class="objection">
      <button type="button" class="button small object" aria-describedby="objection" @click=${() => this.#choose(one.purpose, "object")}>
        ${this.copy.object}
      </button>
      <p class="soft" id="objection">${this.copy.objectText}</p>
    </div>`;
  }

  #choose(purpose: string, choice: Choice): void {
    emit(this, "candor-choose", { purpose, choice });
  }
}

const isOn = (one: PurposeConsent): boolean => one.state === "given" && !one.gpc;

function listed(words: readonly string[], language: Language): string {
  return new Intl.ListFormat(language, { style: "long", type: "conjunction" }).format(words);
}

define("candor-purposes", Purposes);
