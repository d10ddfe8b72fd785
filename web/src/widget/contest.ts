/**
 * <candor-contest> Below a reply: a quiet way to have a human check it, then what became of that.
 *
 * Properties: copy, state (`""` or the contest's state), contest (function: reason, address → promise; rejects with `ApiError`).
 * Events: none. Slots: none. Parts: `form`. Its button stands in the row of the element around it; form and state take a
 * row of their own there, so that element has to be a wrapping flex box.
 */
import { LitElement, css, html, nothing, type TemplateResult } from "lit";
import { ApiError } from "../ui/http.ts";
import { isAddress } from "./contact-form.ts";
import type { ContestState } from "./conversation.ts";
import { copies, type Copy } from "./copy.ts";
import { define } from "./element.ts";
import { inner } from "./styles.ts";

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
  static override styles = [
    inner,
    css`
      :host {
        display: contents;
      }
      form,
      .state {
        flex: 1 0 100%;
      }
      form {
        box-sizing: border-box;
        padding: 12px 14px;
        border: 1px solid var(--line);
        border-inline-start: 4px solid var(--human);
        border-radius: var(--radius-s);
        background: var(--surface);
        font-size: var(--text-s);
      }
      p {
        margin: 0 0 10px;
      }
      label {
        display: block;
        margin-bottom: 4px;
        font-weight: 600;
      }
      textarea,
      input {
        margin-bottom: 10px;
      }
      textarea {
        min-height: 4.5em;
        resize: vertical;
      }
      .answers {
        display: grid;
        grid-template-columns: 1fr 1fr;
        gap: 8px;
      }
      .problem {
        color: var(--danger);
      }
      .state {
        margin: 2px 4px 0;
        border-radius: 4px;
        color: var(--muted);
        font: 550 var(--text-s) / 1.4 var(--font);
      }
    `,
  ];

  declare copy: Copy;
  declare state: ContestState | "";
  declare contest: (reason: string, address: string) => Promise<void>;
  declare writing: boolean;
  declare sending: boolean;
  declare problem: "" | "address" | { said: string };
  /** The visitor has sent the form here: the state that takes its place gets the focus. */
  private sent = false;

  constructor() {
    super();
    this.copy = copies.en;
    this.state = "";
    this.contest = () => Promise.resolve();
    this.writing = false;
    this.sending = false;
    this.problem = "";
  }

  override render(): unknown {
    if (this.state) return html`<p class="state" tabindex="-1">${this.copy.checked[this.state]}</p>`;
    return html`<button type="button" class="quiet" aria-expanded=${this.writing} @click=${this.toggle}>${this.copy.check}</button>
      ${this.writing ? this.form() : nothing}`;
  }

  private form(): TemplateResult {
    const { copy, problem } = this;
    const wrong = problem === "address";
    return html`<form part="form" novalidate aria-label=${copy.check} @submit=${this.submit} @keydown=${this.onKey}>
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
        <button class="button" type="button" @click=${this.toggle}>${copy.cancel}</button>
      </div>
    </form>`;
  }

  private readonly toggle = async (): Promise<void> => {
    this.writing = !this.writing;
    this.problem = "";
    await this.updateComplete;
    this.focusOn(this.writing ? "textarea" : ".quiet");
  };

  /** Escape leaves the form, not the chat. */
  private readonly onKey = (event: KeyboardEvent): void => {
    if (event.key !== "Escape" || event.isComposing) return;
    event.stopPropagation();
    void this.toggle();
  };

  private readonly submit = async (event: Event): Promise<void> => {
    event.preventDefault();
    if (this.sending) return;
    const [reason, address] = [this.written("textarea"), this.written("input")];
    this.problem = address === "" || isAddress(address) ? "" : "address";
    if (this.problem) return this.focusOn("input");
    await this.send(reason, address);
  };

  private async send(reason: string, address: string): Promise<void> {
    this.sending = true;
    try {
      await this.contest(reason, address);
      this.writing = false;
      this.sent = true;
    } catch (error) {
      const refused = error instanceof ApiError && !error.passing;
      this.problem = { said: refused ? error.message : this.copy.checkFailed };
    }
    this.sending = false;
  }

  protected override updated(): void {
    if (!this.sent || !this.state) return;
    this.sent = false;
    this.focusOn(".state");
  }

  private written(selector: string): string {
    return this.renderRoot.querySelector<HTMLInputElement>(selector)?.value.trim() ?? "";
  }

  private focusOn(selector: string): void {
    this.renderRoot.querySelector<HTMLElement>(selector)?.focus();
  }
}

define("candor-contest", Contest);
