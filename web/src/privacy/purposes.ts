/**
 * <candor-purposes> A switch for each purpose: off unless the visitor turned it on, and off again with one press. Below it
 * stands what for, since when and until when; what is read, on which basis and for how long opens with one more.
 *
 * Properties: copy, language, level (of the headings), purposes, signedIn. Events: `choose` with detail `{purpose, choice}`.
 * Slots: none. Parts: `purpose`, `switch`.
 */
import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";
import { KeepFocus } from "../ui/keep-focus.ts";
import type { Language } from "../widget/copy.ts";
import { day, define, emit } from "../widget/element.ts";
import { copies, type Copy } from "./copy.ts";
import { heading } from "./heading.ts";
import { sharedStyles } from "./styles.ts";
import type { Choice, Consent } from "./types.ts";

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
  static override styles = [
    sharedStyles,
    css`
      ul {
        display: grid;
        gap: 10px;
      }
      li {
        padding: 12px 14px;
        border: 1px solid var(--line);
        border-radius: var(--radius);
        background: var(--surface);
      }
      .head {
        display: flex;
        align-items: center;
        justify-content: space-between;
        gap: 12px;
      }
      p {
        margin-top: 4px;
      }
      .stand {
        font-weight: 550;
        font-size: var(--text-s);
      }
      button.switch {
        display: inline-flex;
        flex: none;
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
      .objection {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 6px 12px;
        margin-top: 8px;
      }
      .objection p {
        flex: 1 1 14em;
        margin: 0;
      }
      details {
        margin-top: 4px;
        color: var(--muted);
      }
      dd {
        color: var(--ink);
      }
      dl {
        padding: 6px 0 2px;
      }
      @media (forced-colors: active) {
        .track,
        .knob {
          forced-color-adjust: none;
        }
        .track {
          border-color: ButtonText;
          background: ButtonFace;
        }
        .knob {
          background: ButtonText;
        }
        [aria-checked="true"] .track {
          border-color: Highlight;
          background: Highlight;
        }
        [aria-checked="true"] .knob {
          background: HighlightText;
        }
      }
    `,
  ];

  declare copy: Copy;
  declare language: Language;
  declare level: number;
  declare purposes: readonly Consent[];
  declare signedIn: boolean;
  /** The button that objects is gone once it was pressed: the focus goes to what undoes it. */
  readonly keepFocus = new KeepFocus(this, () => this.renderRoot.querySelector<HTMLElement>(`#switch-${OBJECTABLE}`));

  constructor() {
    super();
    this.copy = copies.en;
    this.language = "en";
    this.level = 5;
    this.purposes = [];
    this.signedIn = false;
  }

  override render(): unknown {
    return html`<ul role="list">
      ${repeat(this.purposes, ({ purpose }) => purpose, (one) => this.purpose(one))}
    </ul>`;
  }

  private purpose(one: Consent): TemplateResult {
    const { copy } = this;
    return html`<li part="purpose">
      <div class="head">${heading(this.level, one.title, `title-${one.purpose}`)} ${this.switch(one)}</div>
      <p class="stand" id="stand-${one.purpose}">${this.stand(one)}</p>
      <p class="soft" id="why-${one.purpose}">${one.why}</p>
      ${one.sign_in && !this.signedIn ? html`<p class="soft">${copy.signIn}</p>` : nothing} ${this.objection(one)}
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

  private switch(one: Consent): TemplateResult {
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
      @click=${() => this.choose(one.purpose, on ? "withdraw" : "allow")}
    >
      <span aria-hidden="true">${on ? this.copy.on : this.copy.off}</span>
      <span class="track" aria-hidden="true"><span class="knob"></span></span>
    </button>`;
  }

  private stand(one: Consent): string {
    const { copy, language } = this;
    if (one.objected) return copy.objected;
    if (one.gpc) return copy.gpcOff;
    if (one.state === "expired" && one.scope === "once") return copy.usedOnce;
    if (one.state !== "given") return copy.stands[one.state];
    return copy.holds[one.scope ?? "until_withdrawn"](day(one.since ?? "", language), day(one.until ?? "", language));
  }

  private objection(one: Consent): TemplateResult | typeof nothing {
    if (one.purpose !== OBJECTABLE || one.objected) return nothing;
    return html`<div class="objection">
      <button type="button" class="button small object" aria-describedby="objection" @click=${() => this.choose(one.purpose, "object")}>
        ${this.copy.object}
      </button>
      <p class="soft" id="objection">${this.copy.objectText}</p>
    </div>`;
  }

  private choose(purpose: string, choice: Choice): void {
    emit(this, "choose", { purpose, choice });
  }
}

const isOn = (one: Consent): boolean => one.state === "given" && !one.gpc;

function listed(words: readonly string[], language: Language): string {
  return new Intl.ListFormat(language, { style: "long", type: "conjunction" }).format(words);
}

define("candor-purposes", Purposes);
