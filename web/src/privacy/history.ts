/**
 * <candor-history> Every choice the visitor made, the newest first, each with its receipt.
 *
 * Properties: copy, language, history. Events: `candor-receipt` with detail `{record, format}`; `candor-records`. Slots: none. Parts: `choice`.
 */
import { html, LitElement, nothing, type TemplateResult } from "lit";
import type { PastChoice } from "../shared/api.ts";
import { define, emit } from "../shared/element.ts";
import type { Language } from "../shared/language.ts";
import { day, moment } from "../shared/times.ts";
import type { Format } from "./api.ts";
import { copies, type Copy } from "./copy.ts";
import { styles } from "./history.styles.ts";
import { ShowAll } from "./show-all.ts";
import { sharedStyles } from "./common.styles.ts";

const FORMATS: readonly Format[] = ["html", "json"];

export class History extends LitElement {
  static override properties = { copy: { attribute: false }, language: {}, history: { attribute: false } };
  static override styles = [sharedStyles, styles];

  copy: Copy = copies.en;
  language: Language = "en";
  history: readonly PastChoice[] = [];
  readonly #showAll = new ShowAll(this);

  override render(): unknown {
    const { copy, history } = this;
    if (history.length === 0) return html`<p class="soft">${copy.noChoices}</p>`;
    return html`<ol class="listed" role="list">
        ${this.#showAll.of(history).map((one) => this.#choice(one))}
      </ol>
      ${this.#showAll.button(copy, history.length)}
      <p class="records">
        <button type="button" class="button small" @click=${() => emit(this, "candor-records")}>${copy.records}</button>
      </p>`;
  }

  #choice(one: PastChoice): TemplateResult {
    return html`<li part="choice" tabindex="-1">
      <p class="what">${this.copy.labelled(one.state_title, one.title)}</p>
      <p class="soft"><time datetime=${one.at}>${moment(one.at, this.language)}</time>${this.#more(one)}</p>
      ${this.#receipts(one)}
    </li>`;
  }

  /** By which act, and how far a yes goes. */
  #more({ how, scope, until }: PastChoice): string {
    const { copy, language } = this;
    const parts = [how, scope ? copy.scopes[scope] : "", scope && until ? copy.until(day(until, language)) : ""];
    return parts
      .filter(Boolean)
      .map((part) => ` · ${part}`)
      .join("");
  }

  #receipts(one: PastChoice): TemplateResult | typeof nothing {
    if (one.state === "requested") return nothing;
    const { copy } = this;
    return html`<div class="receipts" role="group" aria-label=${copy.labelled(copy.receiptOf, `${one.state_title}, ${one.title}, ${moment(one.at, this.language)}`)}>
      <span class="soft" aria-hidden="true">${copy.receiptOf}</span>
      ${FORMATS.map(
        (format) =>
          html`<button type="button" class="quiet" @click=${() => emit(this, "candor-receipt", { record: one.record_id, format })}>
            <span class="hidden">${copy.receiptOf} </span>${format.toUpperCase()}
          </button>`,
      )}
    </div>`;
  }
}

define("candor-history", History);
