/**
 * <candor-history> Every choice the visitor made, the newest first, each with its receipt.
 *
 * Properties: copy, language, history. Events: `receipt` with detail `{record, format}`; `records`. Slots: none. Parts: `choice`.
 */
import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";
import type { Language } from "../widget/copy.ts";
import { day, define, emit, moment } from "../widget/element.ts";
import { copies, type Copy } from "./copy.ts";
import { ShowAll } from "./show-all.ts";
import { sharedStyles } from "./styles.ts";
import type { Format, PastChoice } from "./types.ts";

const FORMATS: readonly Format[] = ["html", "json"];

export class History extends LitElement {
  static override properties = { copy: { attribute: false }, language: {}, history: { attribute: false } };
  static override styles = [
    sharedStyles,
    css`
      li {
        font-size: var(--text-s);
      }
      .what {
        font-size: var(--text);
      }
      .receipts {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 4px 10px;
        margin-top: 4px;
      }
      .records {
        margin-top: 10px;
      }
    `,
  ];

  declare copy: Copy;
  declare language: Language;
  declare history: readonly PastChoice[];
  private readonly showAll = new ShowAll(this);

  constructor() {
    super();
    this.copy = copies.en;
    this.language = "en";
    this.history = [];
  }

  override render(): unknown {
    const { copy, history } = this;
    if (history.length === 0) return html`<p class="soft">${copy.noChoices}</p>`;
    return html`<ol class="listed" role="list">
        ${repeat(this.showAll.of(history), (one) => one.record_id, (one) => this.choice(one))}
      </ol>
      ${this.showAll.button(copy, history.length)}
      <p class="records">
        <button type="button" class="button small" @click=${() => emit(this, "records")}>${copy.records}</button>
      </p>`;
  }

  private choice(one: PastChoice): TemplateResult {
    return html`<li part="choice" tabindex="-1">
      <p class="what">${this.copy.labelled(one.state_title, one.title)}</p>
      <p class="soft"><time datetime=${one.at}>${moment(one.at, this.language)}</time>${this.more(one)}</p>
      ${this.receipts(one)}
    </li>`;
  }

  /** By which act, and how far a yes goes. */
  private more({ how, scope, until }: PastChoice): string {
    const { copy, language } = this;
    const parts = [how, scope ? copy.scopes[scope] : "", scope && until ? copy.until(day(until, language)) : ""];
    return parts.filter(Boolean).map((part) => ` · ${part}`).join("");
  }

  private receipts(one: PastChoice): TemplateResult | typeof nothing {
    if (one.state === "requested") return nothing;
    const { copy } = this;
    return html`<div class="receipts" role="group" aria-label=${copy.labelled(copy.receiptOf, `${one.state_title}, ${one.title}, ${moment(one.at, this.language)}`)}>
      <span class="soft" aria-hidden="true">${copy.receiptOf}</span>
      ${FORMATS.map(
        (format) =>
          html`<button type="button" class="quiet" @click=${() => emit(this, "receipt", { record: one.record_id, format })}>
            <span class="hidden">${copy.receiptOf} </span>${format.toUpperCase()}
          </button>`,
      )}
    </div>`;
  }
}

define("candor-history", History);
