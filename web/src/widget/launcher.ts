/**
 * <candor-launcher> The button that opens and closes the chat.
 *
 * Properties: copy, open, unread (new messages since the chat was closed).
 * Events: `toggle`. Slots: none. Parts: `button`. Method: focus().
 */
import { LitElement, css, html, nothing } from "lit";
import { copies, type Copy } from "./copy.ts";
import { define, emit, icon, mark } from "./element.ts";
import { inner } from "./styles.ts";

export class Launcher extends LitElement {
  static override properties = { copy: { attribute: false }, open: { type: Boolean }, unread: { type: Number } };
  static override styles = [
    inner,
    css`
      button {
        position: relative;
        display: flex;
        align-items: center;
        gap: 10px;
        min-width: 56px;
        height: 56px;
        padding: 0 20px 0 16px;
        border: 0;
        border-radius: 28px;
        background: var(--accent);
        color: var(--on-accent);
        box-shadow: 0 6px 22px var(--shadow);
        font: 600 var(--text) / 1 var(--font);
        cursor: pointer;
        transition: transform var(--ease), background var(--ease);
      }
      button:hover {
        background: color-mix(in srgb, var(--accent) 88%, var(--ink));
      }
      button:active {
        transform: scale(0.98);
      }
      button.open {
        justify-content: center;
        padding: 0;
      }
      .unread {
        position: absolute;
        top: -6px;
        inset-inline-end: -4px;
        min-width: 24px;
        padding: 4px 7px;
        border: 2px solid var(--bg);
        border-radius: 99px;
        background: var(--human);
        color: var(--human-soft);
        font: 700 12px/1.1 var(--font);
      }
      @media (forced-colors: active) {
        button {
          border: 2px solid ButtonText;
        }
      }
    `,
  ];

  declare copy: Copy;
  declare open: boolean;
  declare unread: number;

  constructor() {
    super();
    this.copy = copies.en;
    this.open = false;
    this.unread = 0;
  }

  override focus(): void {
    this.renderRoot.querySelector("button")?.focus();
  }

  override render(): unknown {
    const { copy, open, unread } = this;
    return html`<button
      part="button"
      type="button"
      class=${open ? "open" : ""}
      aria-expanded=${open}
      aria-label=${open ? copy.closeChat : nothing}
      @click=${() => emit(this, "toggle")}
    >
      ${open ? icon("close") : html`${mark()}<span>${copy.launcher}</span>`}
      ${unread && !open ? html`<span class="unread"><span aria-hidden="true">${unread}</span><span class="hidden">, ${copy.unread(unread)}</span></span>` : nothing}
    </button>`;
  }
}

define("candor-launcher", Launcher);
