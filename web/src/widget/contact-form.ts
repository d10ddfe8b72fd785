/**
 * <candor-contact-form> When nobody came: a place to leave an e-mail address or a phone number. Leaving none is fine.
 *
 * Properties: copy. Events: `leave` with detail `{address}`; `later`. Slots: none. Parts: `form`.
 */
import { LitElement, css, html, nothing } from "lit";
import { copies, type Copy } from "./copy.ts";
import { define, emit } from "./element.ts";
import { inner } from "./styles.ts";

const EMAIL = /^[^\s@]+@[^\s@]+\.[^\s@]+$/;
const PHONE = /^\+?[\d\s()/.-]{6,}$/;

/** Whether `text` looks like an e-mail address or a phone number; the server looks more closely. */
export const isAddress = (text: string): boolean => EMAIL.test(text) || PHONE.test(text);

export class ContactForm extends LitElement {
  static override properties = { copy: { attribute: false }, wrong: { state: true } };
  static override styles = [
    inner,
    css`
      section {
        padding: 14px;
        border: 1px solid var(--line);
        border-inline-start: 4px solid var(--human);
        border-radius: var(--radius-s);
        background: var(--surface);
      }
      h3 {
        margin: 0 0 4px;
        font: 650 var(--text) / 1.35 var(--font);
      }
      p {
        margin: 0 0 10px;
        font-size: var(--text-s);
      }
      label {
        display: block;
        margin-bottom: 4px;
        font-weight: 600;
        font-size: var(--text-s);
      }
      .row {
        display: grid;
        grid-template-columns: 1fr 1fr;
        gap: 8px;
      }
      .row .field {
        grid-column: 1 / -1;
      }
      .wrong {
        margin: 6px 0 0;
        color: var(--danger);
      }
    `,
  ];

  declare copy: Copy;
  declare wrong: boolean;

  constructor() {
    super();
    this.copy = copies.en;
    this.wrong = false;
  }

  override render(): unknown {
    const { copy } = this;
    return html`<section part="form" aria-labelledby="title">
      <h3 id="title">${copy.nobodyCame}</h3>
      <p>${copy.nobodyCameText}</p>
      <form novalidate @submit=${this.submit}>
        <label for="address">${copy.contactLabel}</label>
        <div class="row">
          <input
            class="field"
            id="address"
            type="text"
            autocomplete="email"
            maxlength="200"
            aria-invalid=${this.wrong ? "true" : nothing}
            aria-describedby=${this.wrong ? "wrong" : nothing}
          />
          <button class="button" type="submit">${copy.contactSend}</button>
          <button class="button" type="button" @click=${() => emit(this, "later")}>${copy.notNow}</button>
        </div>
        ${this.wrong ? html`<p class="wrong" id="wrong" role="alert">${copy.contactInvalid}</p>` : nothing}
      </form>
    </section>`;
  }

  private submit(event: Event): void {
    event.preventDefault();
    const field = this.renderRoot.querySelector("input");
    const address = field?.value.trim() ?? "";
    this.wrong = !isAddress(address);
    if (this.wrong) field?.focus();
    else emit(this, "leave", { address });
  }
}

define("candor-contact-form", ContactForm);
