/**
 * <candor-rectification> Puts a value right: a button, then a field with the value in it.
 *
 * Properties: copy, value, what (whose value it is, for the button's name), correct (function: new value → promise; rejects with
 * `ApiError`). An open form stays with the value it was opened for, should the list around it move. Events: none. Slots: none. Parts: `form`.
 */
import { html, LitElement, nothing, type TemplateResult } from "lit";
import { define, focusOn } from "../shared/element.ts";
import { refusalOf } from "../shared/http.ts";
import { copies, type Copy } from "./copy.ts";
import { styles } from "./rectification.styles.ts";
import { sharedStyles } from "./common.styles.ts";

export class Rectification extends LitElement {
  static override properties = {
    copy: { attribute: false },
    value: {},
    what: {},
    correct: { attribute: false },
    writing: { state: true },
    saving: { state: true },
    said: { state: true },
    problem: { state: true },
  };
  static override styles = [sharedStyles, styles];

  copy: Copy = copies.en;
  value = "";
  what = "";
  correct: (value: string) => Promise<void> = () => Promise.resolve();
  writing = false;
  saving = false;
  said = "";
  problem = "";
  #opened = { value: this.value, correct: this.correct };

  override render(): unknown {
    return html`${this.writing ? this.#form() : this.#button()}
      <span class="soft" role="status">${this.said}</span>`;
  }

  #button(): TemplateResult {
    const { copy } = this;
    return html`<button
      type="button"
      class="button small"
      aria-label=${copy.labelled(copy.correct, this.what)}
      @click=${() => void this.#show(true)}
    >
      ${copy.correct}
    </button>`;
  }

  #form(): TemplateResult {
    const { copy, problem } = this;
    return html`<form part="form" novalidate @submit=${this.#submit} @keydown=${this.#onKey}>
      <label for="value">${copy.correctLabel}</label>
      <input
        class="field"
        id="value"
        type="text"
        autocomplete="email"
        maxlength="200"
        .value=${this.#opened.value}
        aria-invalid=${problem ? "true" : nothing}
        aria-describedby=${problem ? "problem" : nothing}
      />
      ${problem ? html`<p class="problem" id="problem" role="alert">${problem}</p>` : nothing}
      <div class="pair">
        <button class="button" type="submit" aria-disabled=${this.saving ? "true" : nothing}>${this.saving ? copy.saving : copy.save}</button>
        <button class="button" type="button" @click=${() => void this.#show(false)}>${copy.cancel}</button>
      </div>
    </form>`;
  }

  async #show(writing: boolean, said = ""): Promise<void> {
    if (writing) this.#opened = { value: this.value, correct: this.correct };
    this.writing = writing;
    this.problem = "";
    this.said = said;
    await this.updateComplete;
    focusOn(this, writing ? "input" : "button");
  }

  /** Escape leaves the form, not the chat. */
  readonly #onKey = (event: KeyboardEvent): void => {
    if (event.key !== "Escape" || event.isComposing) return;
    event.preventDefault(); // not the dialog around it either
    event.stopPropagation();
    void this.#show(false);
  };

  readonly #submit = async (event: Event): Promise<void> => {
    event.preventDefault();
    const field = this.renderRoot.querySelector("input");
    const value = field?.value.trim() ?? "";
    if (this.saving || !value) return field?.focus();
    this.saving = true;
    try {
      await this.#opened.correct(value);
      await this.#show(false, this.copy.corrected);
    } catch (error) {
      this.problem = refusalOf(error) ?? this.copy.correctFailed;
      field?.focus();
    }
    this.saving = false;
  };
}

define("candor-rectification", Rectification);
