/**
 * <candor-section> A part of the privacy centre under its heading; it opens and closes by the button in it.
 *
 * Properties: level (of the heading), name, gist (a few words on what is inside), open. Events: none. Slots: default.
 * Parts: `section`.
 */
import { css, html, LitElement, nothing } from "lit";
import { define } from "../widget/element.ts";
import { heading } from "./heading.ts";
import { sharedStyles } from "./styles.ts";

export class Section extends LitElement {
  static override properties = { level: { type: Number }, name: {}, gist: {}, open: { type: Boolean, reflect: true } };
  static override styles = [
    sharedStyles,
    css`
      section {
        border-top: 1px solid var(--line);
      }
      .head {
        display: flex;
        align-items: center;
        gap: 6px 10px;
        width: 100%;
        min-height: 48px;
        padding: 10px 2px;
        border: 0;
        background: none;
        color: var(--ink);
        font: 650 var(--text) / 1.35 var(--font);
        text-align: start;
        cursor: pointer;
      }
      .name {
        flex: 1;
      }
      .head:hover .name {
        text-decoration: underline;
        text-underline-offset: 3px;
      }
      .head:focus-visible {
        outline-offset: -3px;
      }
      .gist {
        color: var(--muted);
        font: 400 var(--text-s) / 1.4 var(--font);
        text-align: end;
      }
      svg {
        flex: none;
        fill: none;
        stroke: currentColor;
        stroke-width: 2;
        stroke-linecap: round;
        stroke-linejoin: round;
        transition: transform var(--ease);
      }
      [aria-expanded="true"] svg {
        transform: rotate(90deg);
      }
      .inside {
        padding: 2px 2px 16px;
      }
    `,
  ];

  declare level: number;
  declare name: string;
  declare gist: string;
  declare open: boolean;

  constructor() {
    super();
    this.level = 4;
    this.name = "";
    this.gist = "";
    this.open = false;
  }

  override render(): unknown {
    const button = html`<button
      type="button"
      class="head"
      aria-expanded=${this.open}
      aria-controls="inside"
      @click=${() => (this.open = !this.open)}
    >
      <svg viewBox="0 0 24 24" width="16" height="16" aria-hidden="true" focusable="false"><path d="M9 5l7 7-7 7" /></svg>
      <span class="name">${this.name}</span>
      ${this.gist ? html`<span class="gist">${this.gist}</span>` : nothing}
    </button>`;
    return html`<section part="section">
      ${heading(this.level, button)}
      <div class="inside" id="inside" ?hidden=${!this.open}><slot></slot></div>
    </section>`;
  }
}

define("candor-section", Section);
