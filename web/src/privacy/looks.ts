/**
 * <candor-looks> Who looked at what is about the visitor, and why; what the assistant read with a yes is among it.
 *
 * Properties: copy, language, looks (the newest first). Events: none. Slots: none. Parts: `look`.
 */
import { html, LitElement, nothing, type TemplateResult } from "lit";
import type { AccessReportEntry } from "../shared/api.ts";
import { define } from "../shared/element.ts";
import type { Language } from "../shared/language.ts";
import { moment } from "../shared/times.ts";
import { copies, type Copy } from "./copy.ts";
import { styles } from "./looks.styles.ts";
import { ShowAll } from "./show-all.ts";
import { sharedStyles } from "./common.styles.ts";

export class Looks extends LitElement {
  static override properties = { copy: { attribute: false }, language: {}, looks: { attribute: false } };
  static override styles = [sharedStyles, styles];

  copy: Copy = copies.en;
  language: Language = "en";
  looks: readonly AccessReportEntry[] = [];
  readonly #showAll = new ShowAll(this);

  override render(): unknown {
    const { copy, looks } = this;
    return html`<p class="soft">${looks.length ? copy.looksText : copy.nobody}</p>
      <ol class="listed" role="list">
        ${this.#showAll.of(looks).map((look) => this.#look(look))}
      </ol>
      ${this.#showAll.button(copy, looks.length)}`;
  }

  #look({ at, who, role, what, why }: AccessReportEntry): TemplateResult {
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
