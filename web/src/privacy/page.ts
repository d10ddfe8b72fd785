/**
 * <candor-privacy-page> The privacy centre on its own page. It keeps the conversation's token in memory only and stores nothing.
 *
 * Properties: given (what the widget handed over, or null), language. Methods, events, slots: none. Parts: none.
 */
import { html, LitElement, type PropertyValues, type TemplateResult } from "lit";
import { define } from "../shared/element.ts";
import { mark } from "../shared/icons.ts";
import type { Language } from "../shared/language.ts";
import type { HandedOver } from "./address.ts";
import { PrivacyClient } from "./api.ts";
import "./centre.ts";
import { copies, type Copy } from "./copy.ts";
import { styles } from "./page.styles.ts";
import { sharedStyles } from "./common.styles.ts";

export class PrivacyPage extends LitElement {
  static override properties = { given: { attribute: false }, language: {}, client: { state: true } };
  static override styles = [sharedStyles, styles];

  given: HandedOver | null = null;
  language: Language = "en";
  client: PrivacyClient | null = null;

  override render(): unknown {
    const { language } = this;
    const copy = this.#copy;
    return html`<header>
        <div class="brand">${mark()}<span>${copy.page}</span></div>
        <button type="button" class="button small" lang=${language === "en" ? "zh-Hans" : "en"} @click=${this.#switchLanguage}>
          ${copy.otherLanguage}
        </button>
      </header>
      <main>
        ${
          this.client
            ? html`<candor-privacy-centre .client=${this.client} .language=${language} .level=${1}></candor-privacy-centre>`
            : this.#nobody()
        }
      </main>
      <footer><a href="/policies?language=${language}">${copy.allPolicies}</a></footer>`;
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has("given")) this.client = this.given ? new PrivacyClient("", this.given.visit) : null;
    if (changed.has("given") && this.given) this.language = this.given.language;
    document.documentElement.lang = this.language === "zh" ? "zh-Hans" : "en";
    document.title = this.#copy.page;
  }

  get #copy(): Copy {
    return copies[this.language];
  }

  #nobody(): TemplateResult {
    const copy = this.#copy;
    return html`<div class="nobody">
      <h1>${copy.noVisit}</h1>
      <p>${copy.noVisitText}</p>
    </div>`;
  }

  readonly #switchLanguage = (): void => {
    this.language = this.language === "en" ? "zh" : "en";
  };
}

define("candor-privacy-page", PrivacyPage);
