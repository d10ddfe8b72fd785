/**
 * <candor-stored> What is stored of one sort: each value as it is, with who wrote it and when.
 *
 * Properties: copy, language, category, correct (function: item id, new value → promise). Events: none. Slots: none. Parts: `item`.
 */
import { html, LitElement, nothing, type TemplateResult } from "lit";
import type { StoredCategory, StoredItem } from "../shared/api.ts";
import { define } from "../shared/element.ts";
import { type Language, otherLanguage } from "../shared/language.ts";
import { moment } from "../shared/times.ts";
import { copies, type Copy } from "./copy.ts";
import "./rectification.ts";
import { ShowAll } from "./show-all.ts";
import { styles } from "./stored.styles.ts";
import { sharedStyles } from "./common.styles.ts";

const TAGS: Record<string, string> = { assistant: "tag ai", human: "tag human" };

export class Stored extends LitElement {
  static override properties = { copy: { attribute: false }, language: {}, category: { attribute: false }, correct: { attribute: false } };
  static override styles = [sharedStyles, styles];

  copy: Copy = copies.en;
  language: Language = "en";
  category: StoredCategory | null = null;
  correct: (itemId: string, value: string) => Promise<void> = () => Promise.resolve();
  readonly #showAll = new ShowAll(this);

  override render(): unknown {
    const { copy, category } = this;
    if (!category) return nothing;
    const { items, total, note } = category;
    return html`<details>
      <summary>
        <span class="title">${category.title}</span> <span class="soft">${copy.entries(total)}</span>
      </summary>
      <div class="inside">
        <p class="soft">${category.what}</p>
        <p class="soft">${copy.labelled(copy.keeps, category.kept)}</p>
        ${note ? html`<p class="note warn">${note}</p>` : nothing}
        <ul class="listed" role="list">
          ${this.#showAll.of(items).map((item) => this.#item(item))}
        </ul>
        ${this.#showAll.button(copy, items.length)}
        ${total > items.length && items.length > 0 ? html`<p class="soft">${copy.newest(items.length, total)}</p>` : nothing}
      </div>
    </details>`;
  }

  #item(item: StoredItem): TemplateResult {
    const { language } = this;
    return html`<li part="item" tabindex="-1">
      <div class="over">
        <span class=${TAGS[item.author ?? ""] ?? ""}>${item.label}</span><time datetime=${item.at}>${moment(item.at, language)}</time>
      </div>
      <p class="value" lang=${otherLanguage(item.value, language) ?? nothing}>${item.value}</p>
      ${
        item.correctable
          ? html`<candor-rectification
            .copy=${this.copy}
            .value=${item.value}
            .what=${item.value}
            .correct=${(value: string) => this.correct(item.id, value)}
          ></candor-rectification>`
          : nothing
      }
    </li>`;
  }
}

define("candor-stored", Stored);
