/**
 * The sign-in form of desk and review.
 *
 * Properties: `page` (what one signs in to), `notice` (a sentence shown above the form, may be empty).
 * Event: `candor-signed-in`, detail `Staff`.
 */
import { html, LitElement, nothing } from "lit";
import type { StaffMember } from "../shared/api.ts";
import { define, emit } from "../shared/element.ts";
import { parts } from "../shared/parts.styles.ts";
import { mark } from "./mark.ts";
import { sentence, signIn } from "./session.ts";
import { styles } from "./sign-in.styles.ts";

export class SignIn extends LitElement {
  static override properties = { page: {}, notice: {}, error: { state: true }, busy: { state: true } };
  page = "";
  notice = "";
  private error = "";
  private busy = false;

  static override styles = [parts, styles];

  override firstUpdated(): void {
    this.#input("login")?.focus();
  }

  override render() {
    return html`<main>
      <form @submit=${this.#submit}>
        <h1>${mark(28)} Candor ${this.page}</h1>
        <p>Sign in with the login your operator gave you.</p>
        ${this.notice ? html`<p class="note">${this.notice}</p>` : nothing}
        <label>Login<input class="field" name="login" autocomplete="username" autocapitalize="none" spellcheck="false" required /></label>
        <label>Password<input class="field" name="password" type="password" autocomplete="current-password" required /></label>
        <div role="alert">${this.error ? html`<p class="note danger">${this.error}</p>` : nothing}</div>
        <button class="button primary" ?disabled=${this.busy}>${this.busy ? "Signing in…" : "Sign in"}</button>
      </form>
    </main>`;
  }

  #input(name: string): HTMLInputElement | null {
    return this.renderRoot.querySelector<HTMLInputElement>(`input[name=${name}]`);
  }

  readonly #submit = async (event: Event): Promise<void> => {
    event.preventDefault();
    if (this.busy) return;
    this.busy = true;
    this.error = "";
    try {
      const staff = await signIn(this.#input("login")?.value.trim() ?? "", this.#input("password")?.value ?? "");
      emit<StaffMember>(this, "candor-signed-in", staff);
    } catch (error) {
      this.error = sentence(error);
      this.#input("password")?.select();
    } finally {
      this.busy = false;
    }
  };
}

define("candor-sign-in", SignIn);
