/**
 * Where the agent writes. Enter sends, Shift+Enter makes a new line; an Enter that ends an input method's word sends nothing.
 *
 * Property: `draft`. Events: `candor-draft` (detail: the text so far), `candor-send` (detail: the text).
 */
import { css, html, LitElement } from "lit";
import { live } from "lit/directives/live.js";
import { parts, tokens } from "../ui/tokens.ts";

const LONGEST = 4000;

export class Composer extends LitElement {
  static override properties = { draft: {} };
  draft = "";

  static override styles = [
    tokens,
    parts,
    css`
      :host {
        display: block;
      }
      form {
        display: grid;
        grid-template-columns: 1fr auto;
        gap: 8px;
        align-items: end;
      }
      textarea {
        max-height: 12rem;
        resize: none;
        field-sizing: content;
      }
      .left {
        grid-column: 1 / -1;
        margin: 0;
        color: var(--muted);
        font-size: var(--text-s);
      }
    `,
  ];

  override focus(): void {
    this.renderRoot.querySelector("textarea")?.focus();
  }

  override render() {
    const left = LONGEST - this.draft.length;
    return html`<form @submit=${this.send}>
      <textarea
        class="field"
        rows="2"
        aria-label="Your message to the visitor"
        placeholder="Write to the visitor. Enter sends."
        maxlength=${LONGEST}
        .value=${live(this.draft)}
        @input=${(event: Event) => this.write((event.target as HTMLTextAreaElement).value)}
        @keydown=${this.keydown}
      ></textarea>
      <button class="button primary">Send</button>
      ${left < 300 ? html`<p class="left">${left} characters left</p>` : null}
    </form>`;
  }

  private write(text: string): void {
    this.draft = text;
    this.dispatchEvent(new CustomEvent("candor-draft", { detail: text }));
  }

  private readonly keydown = (event: KeyboardEvent): void => {
    // 229 is what Safari reports for the Enter that ends a composition, after `isComposing` has gone back to false.
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing && event.keyCode !== 229) this.send(event);
  };

  private readonly send = (event: Event): void => {
    event.preventDefault();
    const text = this.draft.trim();
    if (!text) return this.focus();
    this.dispatchEvent(new CustomEvent("candor-send", { detail: text }));
    this.write("");
  };
}

customElements.define("candor-composer", Composer);
