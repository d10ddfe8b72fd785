/**
 * <candor-privacy-page> The privacy centre on its own page. It keeps the conversation's token in memory only and stores nothing.
 *
 * Properties: given (what the widget handed over, or null), language. Methods, events, slots: none. Parts: none.
 */
import { css, html, LitElement, type PropertyValues, type TemplateResult } from "lit";
import type { Language } from "../widget/copy.ts";
import { define, mark } from "../widget/element.ts";
import type { HandedOver } from "./address.ts";
import { PrivacyClient } from "./api.ts";
import "./centre.ts";
import { copies, type Copy } from "./copy.ts";
import { sharedStyles } from "./styles.ts";

export class PrivacyPage extends LitElement {
  static override properties = { given: { attribute: false }, language: {}, client: { state: true } };
  static override styles = [
    sharedStyles,
    css`
      :host {
        min-height: 100dvh;
      }
      header {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 8px 12px;
        padding: 12px max(16px, calc(50vw - 23rem));
        border-bottom: 1px solid var(--line);
        background: var(--surface);
      }
      .brand {
        display: flex;
        flex: 1;
        align-items: center;
        gap: 10px;
        font-weight: 650;
      }
      main {
        max-width: 48rem;
        margin: 0 auto;
        padding-block: 12px 48px;
      }
      .nobody {
        display: grid;
        gap: 10px;
        padding: 32px 16px;
      }
      h1 {
        font-size: var(--text-xl);
      }
      footer {
        max-width: 48rem;
        margin: 0 auto;
        padding: 16px;
        border-top: 1px solid var(--line);
        font-size: var(--text-s);
      }
      a {
        display: inline-block;
        padding-block: 4px;
      }
    `,
  ];

  declare given: HandedOver | null;
  declare language: Language;
  declare client: PrivacyClient | null;

  constructor() {
    super();
    this.given = null;
    this.language = "en";
    this.client = null;
  }

  override render(): unknown {
    const { copy, language } = this;
    return html`<header>
        <div class="brand">${mark()}<span>${copy.page}</span></div>
        <button type="button" class="button small" lang=${language === "en" ? "zh-Hans" : "en"} @click=${this.switchLanguage}>
          ${copy.otherLanguage}
        </button>
      </header>
      <main>
        ${this.client
          ? html`<candor-privacy-centre .client=${this.client} .language=${language} .level=${1}></candor-privacy-centre>`
          : this.nobody()}
      </main>
      <footer><a href="/policies?language=${language}">${copy.allPolicies}</a></footer>`;
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has("given")) this.client = this.given ? new PrivacyClient("", this.given.visit) : null;
    if (changed.has("given") && this.given) this.language = this.given.language;
    document.documentElement.lang = this.language === "zh" ? "zh-Hans" : "en";
    document.title = this.copy.page;
  }

  private get copy(): Copy {
    return copies[this.language];
  }

  private nobody(): TemplateResult {
    const { copy } = this;
    return html`<div class="nobody">
      <h1>${copy.noVisit}</h1>
      <p>${copy.noVisitText}</p>
    </div>`;
  }

  private readonly switchLanguage = (): void => {
    this.language = this.language === "en" ? "zh" : "en";
  };
}

define("candor-privacy-page", PrivacyPage);
