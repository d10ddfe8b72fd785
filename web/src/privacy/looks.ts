/**
 * <candor-looks> Who looked at what is about the visitor, and why; what the assistant read with a yes is among it.
 *
 * Properties: copy, language, looks (the newest first). Events: none. Slots: none. Parts: `look`.
 */
import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import type { Language } from "../widget/copy.ts";
import { define, moment } from "../widget/element.ts";
import { copies, type Copy } from "./copy.ts";
import { ShowAll } from "./show-all.ts";
import { sharedStyles } from "./styles.ts";
import type { Look } from "./types.ts";

export class Looks extends LitElement {
  static override properties = { copy: { attribute: false }, language: {}, looks: { attribute: false } };
  static override styles = [
    sharedStyles,
    css`
      .listed {
        margin-top: 6px;
        font-size: var(--text-s);
      }
      .what {
        font-size: var(--text);
      }
      .who {
        color: var(--ink);
        font-weight: 600;
      }
    `,
  ];

  declare copy: Copy;
  declare language: Language;
  declare looks: readonly Look[];
  private readonly showAll = new ShowAll(this);

  constructor() {
    super();
    this.copy = copies.en;
    this.language = "en";
    this.looks = [];
  }

  override render(): unknown {
    const { copy, looks } = this;
    return html`<p class="soft">${looks.length ? copy.looksText : copy.nobody}</p>
      <ol class="listed" role="list">
        ${this.showAll.of(looks).map((look) => this.look(look))}
      </ol>
      ${this.showAll.button(copy, looks.length)}`;
  }

  private look({ at, who, role, what, why }: Look): TemplateResult {
    const { copy, language } = this;
    return html`<li part="look" tabindex="-1">
      <div class="over">
        <span class="tag ${role === "system" ? "ai" : "human"}">${copy.roles[role]}</span>
        ${who ? html`<span class="who">${who}</span>` : nothing} <time datetime=${at}>${moment(at, language)}</time>
      </div>
      <p class="what">${what}</p>
      ${why ? html`<p class="soft">${copy.labelled(copy.forWhat, why)}</p>` : nothing}
    </li>`;
  }
}

define("candor-looks", Looks);
