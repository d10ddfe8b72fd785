/**
 * The sign-in form of desk and review.
 *
 * Properties: `page` (what one signs in to), `notice` (a sentence shown above the form, may be empty).
 * Event: `candor-signed-in`, detail `Staff`.
 */
import { css, html, LitElement, nothing } from "lit";
import { parts, tokens } from "../ui/tokens.ts";
import { mark } from "./mark.ts";
import { sentence, signIn, type Staff } from "./session.ts";

export class SignIn extends LitElement {
  static override properties = {
    page: {},
    notice: {},
    error: { state: true },
    busy: { state: true },
  };
  page = "";
  notice = "";
  private error = "";
  private busy = false;

  static override styles = [
    tokens,
    parts,
    css`
      :host {
        display: grid;
        place-items: center;
        min-height: 100dvh;
        padding: var(--gap-l);
      }
      form {
        display: grid;
        gap: var(--gap);
        width: min(100%, 23rem);
        padding: 28px;
        border: 1px solid var(--line);
        border-radius: var(--radius-l);
        background: var(--surface);
        box-shadow: 0 12px 40px -18px var(--shadow);
      }
      h1 {
        display: flex;
        align-items: center;
        gap: 10px;
        margin: 0;
        font: 650 var(--text-xl) / 1.3 var(--font);
      }
      h1 svg {
        color: var(--accent);
      }
      p {
        margin: 0;
        color: var(--muted);
      }
      p.note.danger {
        color: var(--danger);
      }
      label {
        display: grid;
        gap: 5px;
        font-weight: 550;
      }
      .button {
        margin-top: 4px;
      }
    `,
  ];

  override firstUpdated(): void {
    this.input("login")?.focus();
  }

  override render() {
    return html`<main>
      <form @submit=${this.submit}>
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

  private input(name: string): HTMLInputElement | null {
    return this.renderRoot.querySelector<HTMLInputElement>(`input[name=${name}]`);
  }

  private readonly submit = async (event: Event): Promise<void> => {
    event.preventDefault();
    if (this.busy) return;
    this.busy = true;
    this.error = "";
    try {
      const staff = await signIn(this.input("login")?.value.trim() ?? "", this.input("password")?.value ?? "");
      this.dispatchEvent(new CustomEvent<Staff>("candor-signed-in", { detail: staff }));
    } catch (error) {
      this.error = sentence(error);
      this.input("password")?.select();
    } finally {
      this.busy = false;
    }
  };
}

customElements.define("candor-sign-in", SignIn);
