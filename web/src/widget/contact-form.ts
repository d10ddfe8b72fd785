/**
 * <candor-contact-form> When nobody came: a place to leave an e-mail address or a phone number. Leaving none is fine.
 *
 * Properties: copy. Events: `candor-leave` with detail `{address}`; `candor-later`. Slots: none. Parts: `form`.
 */
import { LitElement, html, nothing } from "lit";
import { define, emit } from "../shared/element.ts";
import { inner } from "../shared/visitor.styles.ts";
import { styles } from "./contact-form.styles.ts";
import { copies, type Copy } from "./copy.ts";

const EMAIL = /^[^\s@]+@[^\s@]+\.[^\s@]+$/;
const PHONE = /^\+?[\d\s()/.-]{6,}$/;

/** Whether `text` looks like an e-mail address or a phone number; the server looks more closely. */
export const isAddress = (text: string): boolean => EMAIL.test(text) || PHONE.test(text);

export class ContactForm extends LitElement {
  static override properties = { copy: { attribute: false }, wrong: { state: true } };
  static override styles = [inner, styles];

  copy: Copy = copies.en;
  wrong = false;

  override render(): unknown {
    const { copy } = this;
    return html`<section part="form" aria-labelledby="title">
      <h3 id="title">${copy.nobodyCame}</h3>
      <p>${copy.nobodyCameText}</p>
      <form novalidate @submit=${this.#submit}>
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
          <button class="button" type="button" @click=${() => emit(this, "candor-later")}>${copy.notNow}</button>
        </div>
        ${this.wrong ? html`<p class="wrong" id="wrong" role="alert">${copy.contactInvalid}</p>` : nothing}
      </form>
    </section>`;
  }

  #submit(event: Event): void {
    event.preventDefault();
    const field = this.renderRoot.querySelector("input");
    const address = field?.value.trim() ?? "";
    this.wrong = !isAddress(address);
    if (this.wrong) field?.focus();
    else emit(this, "candor-leave", { address });
  }
}

define("candor-contact-form", ContactForm);
