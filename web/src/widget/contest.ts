/**
 * <candor-contest> Below a reply: a quiet way to have a human check it, then what became of that.
 *
 * Properties: copy, state (`""` or the contest's state), contest (function: reason, address → promise; rejects with `ApiError`).
 * Events: none. Slots: none. Parts: `form`. Its button is laid out in the row of the element around it; form and state take a
 * row of their own there, so that element has to be a wrapping flex box.
 */
import { LitElement, html, nothing, type TemplateResult } from "lit";
import type { ContestState } from "../shared/api.ts";
import { define, focusOn } from "../shared/element.ts";
import { refusalOf } from "../shared/http.ts";
import { inner } from "../shared/visitor.styles.ts";
import { isAddress } from "./contact-form.ts";
import { styles } from "./contest.styles.ts";
import { copies, type Copy } from "./copy.ts";

const LONGEST_REASON = 1000;

export class Contest extends LitElement {
  static override properties = {
    copy: { attribute: false },
    state: {},
    contest: { attribute: false },
    writing: { state: true },
    sending: { state: true },
    problem: { state: true },
  };
  static override styles = [inner, styles];

  copy: Copy = copies.en;
  state: ContestState | "" = "";
  contest: (reason: string, address: string) => Promise<void> = () => Promise.resolve();
  writing = false;
  sending = false;
  problem: "" | "address" | { said: string } = "";
  /** The visitor has sent the form here: the state that takes its place gets the focus. */
  #sent = false;

  override render(): unknown {
    if (this.state) return html`<p class="state" tabindex="-1">${this.copy.checked[this.state]}</p>`;
    return html`<button type="button" class="quiet" aria-expanded=${this.writing} @click=${this.#toggle}>${this.copy.check}</button>
      ${this.writing ? this.#form() : nothing}`;
  }

  #form(): TemplateResult {
    const { copy, problem } = this;
    const wrong = problem === "address";
    return html`<form part="form" novalidate aria-label=${copy.check} @submit=${this.#submit} @keydown=${this.#onKey}>
      <p>${copy.checkText}</p>
      <label for="reason">${copy.checkReason}</label>
      <textarea class="field" id="reason" rows="2" maxlength=${LONGEST_REASON}></textarea>
      <label for="address">${copy.checkAddress}</label>
      <input
        class="field"
        id="address"
        type="text"
        autocomplete="email"
        maxlength="200"
        aria-invalid=${wrong ? "true" : nothing}
        aria-describedby=${wrong ? "problem" : nothing}
      />
      ${problem ? html`<p class="problem" id="problem" role="alert">${wrong ? copy.contactInvalid : (problem as { said: string }).said}</p>` : nothing}
      <div class="answers">
        <button class="button" type="submit" aria-disabled=${this.sending ? "true" : nothing}>${this.sending ? copy.sending : copy.send}</button>
        <button class="button" type="button" @click=${this.#toggle}>${copy.cancel}</button>
      </div>
    </form>`;
  }

  readonly #toggle = async (): Promise<void> => {
    this.writing = !this.writing;
    this.problem = "";
    await this.updateComplete;
    focusOn(this, this.writing ? "textarea" : ".quiet");
  };

  /** Escape leaves the form, not the chat. */
  readonly #onKey = (event: KeyboardEvent): void => {
    if (event.key !== "Escape" || event.isComposing) return;
    event.preventDefault(); // not the dialog around it either
    event.stopPropagation();
    void this.#toggle();
  };

  readonly #submit = async (event: Event): Promise<void> => {
    event.preventDefault();
    if (this.sending) return;
    const [reason, address] = [this.#written("textarea"), this.#written("input")];
    this.problem = address === "" || isAddress(address) ? "" : "address";
    if (this.problem) return focusOn(this, "input");
    await this.#send(reason, address);
  };

  async #send(reason: string, address: string): Promise<void> {
    this.sending = true;
    try {
      await this.contest(reason, address);
      this.writing = false;
      this.#sent = true;
    } catch (error) {
      this.problem = { said: refusalOf(error) ?? this.copy.checkFailed };
    }
    this.sending = false;
  }

  protected override updated(): void {
    if (!this.#sent || !this.state) return;
    this.#sent = false;
    focusOn(this, ".state");
  }

  #written(selector: string): string {
    return this.renderRoot.querySelector<HTMLInputElement>(selector)?.value.trim() ?? "";
  }
}

define("candor-contest", Contest);
