/**
 * <candor-stored> What is stored of one sort: each value as it is, with who wrote it and when.
 *
 * Properties: copy, language, category, correct (function: item id, new value → promise). Events: none. Slots: none. Parts: `item`.
 */
import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";
import { type Language, otherLanguage } from "../widget/copy.ts";
import { define, moment } from "../widget/element.ts";
import { copies, type Copy } from "./copy.ts";
import "./correction.ts";
import { ShowAll } from "./show-all.ts";
import { sharedStyles } from "./styles.ts";
import type { Category, Item } from "./types.ts";

const TAGS: Record<string, string> = { assistant: "tag ai", human: "tag human" };

export class Stored extends LitElement {
  static override properties = {
    copy: { attribute: false },
    language: {},
    category: { attribute: false },
    correct: { attribute: false },
  };
  static override styles = [
    sharedStyles,
    css`
      summary {
        display: flex;
        align-items: baseline;
        gap: 8px;
        min-height: 38px;
        padding: 8px 2px;
        font-size: var(--text);
      }
      summary::before {
        flex: none;
        content: "▸" / "";
        color: var(--muted);
      }
      [open] > summary::before {
        content: "▾" / "";
      }
      .title {
        flex: 1;
      }
      .inside {
        padding: 0 2px 14px;
      }
      .listed {
        margin-top: 6px;
      }
      .note {
        margin-top: 8px;
      }
      .value {
        font-size: var(--text);
      }
    `,
  ];

  declare copy: Copy;
  declare language: Language;
  declare category: Category | null;
  declare correct: (itemId: string, value: string) => Promise<void>;
  private readonly showAll = new ShowAll(this);

  constructor() {
    super();
    this.copy = copies.en;
    this.language = "en";
    this.category = null;
    this.correct = () => Promise.resolve();
  }

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
          ${repeat(this.showAll.of(items), ({ id }) => id, (item) => this.item(item))}
        </ul>
        ${this.showAll.button(copy, items.length)}
        ${total > items.length && items.length > 0 ? html`<p class="soft">${copy.newest(items.length, total)}</p>` : nothing}
      </div>
    </details>`;
  }

  private item(item: Item): TemplateResult {
    const { language } = this;
    return html`<li part="item" tabindex="-1">
      <div class="over">
        <span class=${TAGS[item.author ?? ""] ?? ""}>${item.label}</span><time datetime=${item.at}>${moment(item.at, language)}</time>
      </div>
      <p class="value" lang=${otherLanguage(item.value, language) ?? nothing}>${item.value}</p>
      ${item.correctable
        ? html`<candor-correction
            .copy=${this.copy}
            .value=${item.value}
            .what=${item.value}
            .correct=${(value: string) => this.correct(item.id, value)}
          ></candor-correction>`
        : nothing}
    </li>`;
  }
}

define("candor-stored", Stored);
