/**
 * <candor-correction> Puts a value right: a button, then a field with the value in it.
 *
 * Properties: copy, value, what (whose value it is, for the button's name), correct (function: new value → promise; rejects with
 * `ApiError`). Events: none. Slots: none. Parts: `form`.
 */
import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import { ApiError } from "../ui/http.ts";
import { define } from "../widget/element.ts";
import { copies, type Copy } from "./copy.ts";
import { sharedStyles } from "./styles.ts";

export class Correction extends LitElement {
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
  static override styles = [
    sharedStyles,
    css`
      :host {
        margin-top: 6px;
      }
      label {
        display: block;
        margin-bottom: 4px;
        font-weight: 600;
        font-size: var(--text-s);
      }
      .pair {
        margin-top: 8px;
      }
      .problem {
        margin-top: 6px;
      }
    `,
  ];

  declare copy: Copy;
  declare value: string;
  declare what: string;
  declare correct: (value: string) => Promise<void>;
  declare writing: boolean;
  declare saving: boolean;
  declare said: string;
  declare problem: string;

  constructor() {
    super();
    this.copy = copies.en;
    this.value = "";
    this.what = "";
    this.correct = () => Promise.resolve();
    this.writing = false;
    this.saving = false;
    this.said = "";
    this.problem = "";
  }

  override render(): unknown {
    return html`${this.writing ? this.form() : this.button()}
      <span class="soft" role="status">${this.said}</span>`;
  }

  private button(): TemplateResult {
    const { copy } = this;
    return html`<button
      type="button"
      class="button small"
      aria-label=${copy.labelled(copy.correct, this.what)}
      @click=${() => void this.show(true)}
    >
      ${copy.correct}
    </button>`;
  }

  private form(): TemplateResult {
    const { copy, problem } = this;
    return html`<form part="form" novalidate @submit=${this.submit} @keydown=${this.onKey}>
      <label for="value">${copy.correctLabel}</label>
      <input
        class="field"
        id="value"
        type="text"
        autocomplete="email"
        maxlength="200"
        .value=${this.value}
        aria-invalid=${problem ? "true" : nothing}
        aria-describedby=${problem ? "problem" : nothing}
      />
      ${problem ? html`<p class="problem" id="problem" role="alert">${problem}</p>` : nothing}
      <div class="pair">
        <button class="button" type="submit" aria-disabled=${this.saving ? "true" : nothing}>${this.saving ? copy.saving : copy.save}</button>
        <button class="button" type="button" @click=${() => void this.show(false)}>${copy.cancel}</button>
      </div>
    </form>`;
  }

  private async show(writing: boolean, said = ""): Promise<void> {
    this.writing = writing;
    this.problem = "";
    this.said = said;
    await this.updateComplete;
    this.renderRoot.querySelector<HTMLElement>(writing ? "input" : "button")?.focus();
  }

  /** Escape leaves the form, not the chat. */
  private readonly onKey = (event: KeyboardEvent): void => {
    if (event.key !== "Escape" || event.isComposing) return;
    event.stopPropagation();
    void this.show(false);
  };

  private readonly submit = async (event: Event): Promise<void> => {
    event.preventDefault();
    const field = this.renderRoot.querySelector("input");
    const value = field?.value.trim() ?? "";
    if (this.saving || !value) return field?.focus();
    this.saving = true;
    try {
      await this.correct(value);
      await this.show(false, this.copy.corrected);
    } catch (error) {
      this.problem = error instanceof ApiError && !error.passing ? error.message : this.copy.correctFailed;
      field?.focus();
    }
    this.saving = false;
  };
}

define("candor-correction", Correction);
