/**
 * Where the agent writes. Enter sends, Shift+Enter makes a new line; an Enter that ends an input method's word sends nothing.
 *
 * Property: `draft`. Events: `candor-draft` (detail: the text so far), `candor-send` (detail: the text).
 */
import { html, LitElement } from "lit";
import { live } from "lit/directives/live.js";
import { define, emit, focusOn } from "../shared/element.ts";
import { parts } from "../shared/parts.styles.ts";
import { styles } from "./composer.styles.ts";

const LONGEST = 4000;

export class Composer extends LitElement {
  static override properties = { draft: {} };
  draft = "";

  static override styles = [parts, styles];

  override focus(): void {
    focusOn(this, "textarea");
  }

  override render() {
    const left = LONGEST - this.draft.length;
    return html`<form @submit=${this.#send}>
      <textarea
        class="field"
        rows="2"
        aria-label="Your message to the visitor"
        placeholder="Write to the visitor. Enter sends."
        maxlength=${LONGEST}
        .value=${live(this.draft)}
        @input=${(event: Event) => this.#write((event.target as HTMLTextAreaElement).value)}
        @keydown=${this.#keydown}
      ></textarea>
      <button class="button primary">Send</button>
      ${left < 300 ? html`<p class="left">${left} characters left</p>` : null}
    </form>`;
  }

  #write(text: string): void {
    this.draft = text;
    emit(this, "candor-draft", text);
  }

  readonly #keydown = (event: KeyboardEvent): void => {
    // 229 is what Safari reports for the Enter that ends a composition, after `isComposing` has gone back to false.
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing && event.keyCode !== 229) this.#send(event);
  };

  readonly #send = (event: Event): void => {
    event.preventDefault();
    const text = this.draft.trim();
    if (!text) return this.focus();
    emit(this, "candor-send", text);
    this.#write("");
  };
}

define("candor-composer", Composer);
