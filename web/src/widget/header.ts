/**
 * <candor-header> Who speaks right now, the way to a human, the way to one's privacy.
 *
 * Properties: copy, company, owner, humanName, handoffState, inPrivacy (the privacy centre is open).
 * Events: `candor-human`, `candor-privacy`, `candor-close`. Slots: none. Parts: `header`, `speaker`.
 */
import { LitElement, html, nothing, type TemplateResult } from "lit";
import { define, emit } from "../shared/element.ts";
import { badge, icon } from "../shared/icons.ts";
import { inner } from "../shared/visitor.styles.ts";
import { copies, type Copy } from "./copy.ts";
import { styles } from "./header.styles.ts";

export class Header extends LitElement {
  static override properties = {
    copy: { attribute: false },
    company: {},
    owner: {},
    humanName: {},
    handoffState: {},
    inPrivacy: { type: Boolean },
  };
  static override styles = [inner, styles];

  copy: Copy = copies.en;
  company = "";
  owner: "assistant" | "human" = "assistant";
  humanName = "";
  handoffState = "";
  inPrivacy = false;

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
        <button type="button" class="button quiet close" aria-label=${copy.closeChat} @click=${() => emit(this, "candor-close")}>
          ${icon("close")}
        </button>
      </div>
      <div class="ways">
        ${this.#humanWay()}
        <button
          type="button"
          class="button small quiet privacy"
          aria-pressed=${this.inPrivacy}
          @click=${() => emit(this, "candor-privacy")}
        >
          ${icon("privacy")}${copy.privacy}
        </button>
      </div>
    </div>`;
  }

  /** Once a person has been asked or is here, the way to one is behind the visitor. */
  #humanWay(): TemplateResult | typeof nothing {
    const { copy } = this;
    if (this.owner === "human") return nothing;
    if (this.handoffState === "queued") return html`<span class="state">${icon("person")}${copy.waitingShort}</span>`;
    return html`<button type="button" class="button small human" @click=${() => emit(this, "candor-human")}>
      ${icon("person")}${copy.human}
    </button>`;
  }
}

define("candor-header", Header);
