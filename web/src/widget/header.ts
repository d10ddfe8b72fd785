/**
 * <candor-header> Who speaks right now, the way to a human, the way to one's privacy.
 *
 * Properties: copy, company, owner, humanName, handoffState, inPrivacy (the privacy centre is open).
 * Events: `human`, `privacy`, `close`. Slots: none. Parts: `header`, `speaker`.
 */
import { LitElement, css, html, nothing, type TemplateResult } from "lit";
import { copies, type Copy } from "./copy.ts";
import { badge, define, emit, icon } from "./element.ts";
import { inner } from "./styles.ts";

export class Header extends LitElement {
  static override properties = {
    copy: { attribute: false },
    company: {},
    owner: {},
    humanName: {},
    handoffState: {},
    inPrivacy: { type: Boolean },
  };
  static override styles = [
    inner,
    css`
      .header {
        border-bottom: 1px solid var(--line);
        background: var(--surface);
      }
      .who {
        display: flex;
        align-items: center;
        gap: 11px;
        padding: 13px 10px 9px 16px;
      }
      .speaker {
        flex: 1;
        min-width: 0;
      }
      h2 {
        margin: 0;
        overflow-wrap: anywhere;
        font: 650 var(--text-l) / 1.3 var(--font);
      }
      .speaker p {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 2px 7px;
        margin: 2px 0 0;
        color: var(--muted);
        font-size: var(--text-s);
      }
      .ways {
        display: flex;
        flex-wrap: wrap;
        gap: 8px;
        padding: 0 16px 12px;
      }
      .ways .button {
        flex: 1 1 auto;
        max-width: 100%;
        min-height: 36px;
      }
      .ways .privacy:only-child {
        flex: 0 1 auto;
        border-color: var(--edge);
      }
      .state {
        display: inline-flex;
        flex: 1 1 auto;
        align-items: center;
        gap: 6px;
        min-height: 36px;
        padding: 3px 0;
        color: var(--human);
        font: 550 var(--text-s) / 1.3 var(--font);
      }
      .close {
        width: 40px;
        padding: 0;
      }
    `,
  ];

  declare copy: Copy;
  declare company: string;
  declare owner: "assistant" | "human";
  declare humanName: string;
  declare handoffState: string;
  declare inPrivacy: boolean;

  constructor() {
    super();
    this.copy = copies.en;
    this.company = "";
    this.owner = "assistant";
    this.humanName = "";
    this.handoffState = "";
    this.inPrivacy = false;
  }

  override render(): unknown {
    const { copy, owner } = this;
    const human = owner === "human";
    return html`<div class="header" part="header">
      <div class="who">
        ${badge(owner, this.humanName)}
        <div class="speaker" part="speaker">
          <h2 id="title">${human ? copy.person(this.humanName) : copy.assistantOf(this.company)}</h2>
          <p>
            <span class="tag ${human ? "human" : "ai"}">${human ? copy.humanTag : copy.aiTag}</span>
            <span>${human ? copy.humanLine : copy.aiLine}</span>
          </p>
        </div>
        <button type="button" class="button quiet close" aria-label=${copy.closeChat} @click=${() => emit(this, "close")}>
          ${icon("close")}
        </button>
      </div>
      <div class="ways">
        ${this.humanWay()}
        <button
          type="button"
          class="button small quiet privacy"
          aria-pressed=${this.inPrivacy}
          @click=${() => emit(this, "privacy")}
        >
          ${icon("privacy")}${copy.privacy}
        </button>
      </div>
    </div>`;
  }

  /** Once a person has been asked or is here, the way to one is behind the visitor. */
  private humanWay(): TemplateResult | typeof nothing {
    const { copy } = this;
    if (this.owner === "human") return nothing;
    if (this.handoffState === "queued") return html`<span class="state">${icon("person")}${copy.waitingShort}</span>`;
    return html`<button type="button" class="button small human" @click=${() => emit(this, "human")}>
      ${icon("person")}${copy.human}
    </button>`;
  }
}

define("candor-header", Header);
