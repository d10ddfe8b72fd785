/**
 * <candor-section> A part of the privacy centre under its heading; it opens and closes by the button in it.
 *
 * Properties: level (of the heading), name, gist (a few words on what is inside), open. Events: none. Slots: default.
 * Parts: `section`.
 */
import { html, LitElement, nothing } from "lit";
import { define } from "../shared/element.ts";
import { heading } from "./heading.ts";
import { styles } from "./section.styles.ts";
import { sharedStyles } from "./common.styles.ts";

export class Section extends LitElement {
  static override properties = { level: { type: Number }, name: {}, gist: {}, open: { type: Boolean, reflect: true } };
  static override styles = [sharedStyles, styles];

  level = 4;
  name = "";
  gist = "";
  open = false;

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
