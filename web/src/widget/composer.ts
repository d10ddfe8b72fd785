/**
 * <candor-composer> Where the visitor writes. Enter sends, Shift+Enter makes a new line; an Enter that ends the choice of a
 * word in an input method (Chinese, Japanese …) does neither.
 *
 * Properties: copy, locked (nothing can be written yet), description (read out with the field, e.g. the disclosure).
 * Events: `candor-send` with detail `{text}`. Slots: none. Parts: `field`. Method: focus().
 */
import { LitElement, html, nothing } from "lit";
import { define, emit, focusOn } from "../shared/element.ts";
import { icon } from "../shared/icons.ts";
import { lengthOf } from "../shared/text.ts";
import { inner } from "../shared/visitor.styles.ts";
import { styles } from "./composer.styles.ts";
import { copies, type Copy } from "./copy.ts";

export const LIMIT = 4000;
const COUNT_FROM = LIMIT - 400;

export class Composer extends LitElement {
  static override properties = { copy: { attribute: false }, locked: { type: Boolean }, description: {}, text: { state: true } };
  static override styles = [inner, styles];

  copy: Copy = copies.en;
  locked = true;
  description = "";
  text = "";

  override focus(): void {
    focusOn(this, "textarea");
  }

  override render(): unknown {
    const { copy, locked } = this;
    const left = LIMIT - lengthOf(this.text);
    return html`<form @submit=${this.#submit}>
      <div class="box ${locked ? "locked" : ""}" part="field">
        <textarea
          rows="1"
          dir="auto"
          aria-label=${copy.writeLabel}
          aria-describedby=${this.description ? "description" : nothing}
          aria-invalid=${left < 0 ? "true" : nothing}
          placeholder=${locked ? copy.locked : copy.write}
          ?disabled=${locked}
          .value=${this.text}
          @input=${this.#onInput}
          @keydown=${this.#onKey}
        ></textarea>
        <button class="button primary" type="submit" aria-label=${copy.send} ?disabled=${locked || !this.#sendable(left)}>
          ${icon("send")}
        </button>
      </div>
      <span id="description" class="hidden">${this.description}</span>
      <div role="status">
        ${
          left <= LIMIT - COUNT_FROM
            ? html`<p class="count ${left < 0 ? "over" : ""}">${left < 0 ? copy.tooLong(-left) : copy.left(left)}</p>`
            : nothing
        }
      </div>
    </form>`;
  }

  #sendable(left: number): boolean {
    return left >= 0 && this.text.trim() !== "";
  }

  #onInput(event: Event): void {
    this.text = (event.target as HTMLTextAreaElement).value;
  }

  #onKey(event: KeyboardEvent): void {
    const composing = event.isComposing || event.keyCode === 229; // Safari ends the composition before this keydown
    if (event.key !== "Enter" || event.shiftKey || event.altKey || composing) return;
    event.preventDefault();
    this.#submit(event);
  }

  #submit(event: Event): void {
    event.preventDefault();
    if (this.locked || !this.#sendable(LIMIT - lengthOf(this.text))) return;
    const text = this.text.trim();
    this.text = "";
    emit(this, "candor-send", { text });
    this.focus();
  }
}

define("candor-composer", Composer);
