/**
 * <candor-composer> Where the visitor writes. Enter sends, Shift+Enter makes a new line; an Enter that ends the choice of a
 * word in an input method (Chinese, Japanese …) does neither.
 *
 * Properties: copy, locked (nothing can be written yet), description (read out with the field, e.g. the disclosure).
 * Events: `send` with detail `{text}`. Slots: none. Parts: `field`. Method: focus().
 */
import { LitElement, css, html, nothing } from "lit";
import { copies, type Copy } from "./copy.ts";
import { define, emit, icon, lengthOf } from "./element.ts";
import { inner } from "./styles.ts";

export const LIMIT = 4000;
const COUNT_FROM = LIMIT - 400;

export class Composer extends LitElement {
  static override properties = {
    copy: { attribute: false },
    locked: { type: Boolean },
    description: {},
    text: { state: true },
  };
  static override styles = [
    inner,
    css`
      form {
        padding: 10px 12px 12px;
        border-top: 1px solid var(--line);
        background: var(--surface);
      }
      .box {
        display: flex;
        align-items: flex-end;
        gap: 6px;
        padding: 4px;
        border: 1px solid var(--edge);
        border-radius: var(--radius);
        background: var(--surface);
      }
      .box:focus-within {
        border-color: var(--focus);
        outline: 2px solid var(--focus);
      }
      .box.locked {
        border-style: dashed;
      }
      textarea {
        flex: 1;
        min-width: 0;
        min-height: 38px;
        max-height: 132px;
        padding: 8px 9px;
        border: 0;
        background: none;
        color: var(--ink);
        font: 400 max(16px, var(--text)) / 1.4 var(--font); /* below 16px iOS zooms in on focus */
        resize: none;
        field-sizing: content;
      }
      textarea:focus {
        outline: none;
      }
      textarea::placeholder {
        color: var(--muted);
        opacity: 1;
      }
      button {
        width: 40px;
        padding: 0;
      }
      .count {
        margin: 6px 4px 0;
        color: var(--muted);
        font: 400 var(--text-s) / 1.4 var(--font);
        text-align: end;
      }
      .count.over {
        color: var(--danger);
        font-weight: 600;
      }
    `,
  ];

  declare copy: Copy;
  declare locked: boolean;
  declare description: string;
  declare text: string;

  constructor() {
    super();
    this.copy = copies.en;
    this.locked = true;
    this.description = "";
    this.text = "";
  }

  override focus(): void {
    this.renderRoot.querySelector("textarea")?.focus();
  }

  override render(): unknown {
    const { copy, locked } = this;
    const left = LIMIT - lengthOf(this.text);
    return html`<form @submit=${this.submit}>
      <div class="box ${locked ? "locked" : ""}" part="field">
        <textarea
          rows="1"
          aria-label=${copy.writeLabel}
          aria-describedby=${this.description ? "description" : nothing}
          aria-invalid=${left < 0 ? "true" : nothing}
          placeholder=${locked ? copy.locked : copy.write}
          ?disabled=${locked}
          .value=${this.text}
          @input=${this.onInput}
          @keydown=${this.onKey}
        ></textarea>
        <button class="button primary" type="submit" aria-label=${copy.send} ?disabled=${locked || !this.sendable(left)}>
          ${icon("send")}
        </button>
      </div>
      <span id="description" class="hidden">${this.description}</span>
      <div role="status">
        ${left <= LIMIT - COUNT_FROM
          ? html`<p class="count ${left < 0 ? "over" : ""}">${left < 0 ? copy.tooLong(-left) : copy.left(left)}</p>`
          : nothing}
      </div>
    </form>`;
  }

  private sendable(left: number): boolean {
    return left >= 0 && this.text.trim() !== "";
  }

  private onInput(event: Event): void {
    this.text = (event.target as HTMLTextAreaElement).value;
  }

  private onKey(event: KeyboardEvent): void {
    const composing = event.isComposing || event.keyCode === 229; // Safari ends the composition before this keydown
    if (event.key !== "Enter" || event.shiftKey || event.altKey || composing) return;
    event.preventDefault();
    this.submit(event);
  }

  private submit(event: Event): void {
    event.preventDefault();
    if (this.locked || !this.sendable(LIMIT - lengthOf(this.text))) return;
    const text = this.text.trim();
    this.text = "";
    emit(this, "send", { text });
    this.focus();
  }
}

define("candor-composer", Composer);
