/**
 * What desk and review have in common: who is signed in, the bar on top, the keyboard help.
 *
 * A page extends it, names itself and its role, and renders its content for the person signed in.
 */
import { html, LitElement, nothing, type PropertyDeclarations, type TemplateResult } from "lit";
import type { Role, StaffMember } from "../shared/api.ts";
import { parts } from "../shared/parts.styles.ts";
import { dialogs } from "./layout.ts";
import { mark } from "./mark.ts";
import { currentStaff, sentence, signOut } from "./session.ts";
import { shortcut, shortcutsOn, turnShortcuts } from "./shortcuts.ts";
import "./sign-in.ts";
import { styles } from "./staff-page.styles.ts";

const PAGES: { role: Role; name: string; href: string; who: string }[] = [
  { role: "agent", name: "Desk", href: "/desk", who: "an agent" },
  { role: "reviewer", name: "Review", href: "/review", who: "a reviewer" },
];

/** Keys and what they do, for the help dialog. */
export type KeyHelp = [keys: string[], meaning: string][];
const HELP: KeyHelp[number] = [["?"], "This help"];

export abstract class StaffPage extends LitElement {
  static override properties: PropertyDeclarations = { staff: { state: true }, notice: { state: true }, trouble: { state: true } };
  /** undefined while it is asked; null when nobody is signed in. */
  protected staff: StaffMember | null | undefined = undefined;
  private notice = "";
  private trouble = "";
  #lastLogin = "";

  protected abstract readonly needs: Role;
  protected abstract readonly keys: KeyHelp;
  protected abstract content(staff: StaffMember): TemplateResult;
  /** Called when a person with the role has signed in, and when that has ended. */
  protected abstract begin(staff: StaffMember): void;
  protected abstract end(): void;
  /** Called after `end` when the person has left on purpose or another one has come: nothing of theirs may stay. */
  protected forget(): void {}
  /** Links to the page's own parts, and a state worth a place in the bar. */
  protected sections(): TemplateResult | typeof nothing {
    return nothing;
  }
  protected state(): TemplateResult | typeof nothing {
    return nothing;
  }
  /** Acts on a key while no dialog is open; true when the key meant something. */
  protected press(_event: KeyboardEvent): boolean {
    return false;
  }

  static override styles = [parts, dialogs, styles];

  override connectedCallback(): void {
    super.connectedCallback();
    this.addEventListener("candor-signed-out", this.#signedOut);
    document.addEventListener("keydown", this.#pressed);
    void this.#ask();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.removeEventListener("candor-signed-out", this.#signedOut);
    document.removeEventListener("keydown", this.#pressed);
    this.end();
  }

  override render() {
    if (this.trouble) return this.#renderTrouble();
    if (this.staff === undefined) return html`<main class="middle"><p role="status">One moment…</p></main>`;
    if (this.staff === null) return this.#renderSignIn();
    return html`${this.#bar(this.staff)}${this.may(this.staff) ? this.content(this.staff) : this.#renderWrongRole()}${this.#help()}`;
  }

  get #page() {
    return PAGES.find((page) => page.role === this.needs)!;
  }

  protected may(staff: StaffMember): boolean {
    return staff.roles.includes(this.needs);
  }

  #renderSignIn() {
    return html`<candor-sign-in
      .page=${this.#page.name.toLowerCase()}
      .notice=${this.notice}
      @candor-signed-in=${(event: CustomEvent<StaffMember>) => this.#signedIn(event.detail)}
    ></candor-sign-in>`;
  }

  #renderTrouble() {
    return html`<main class="middle">
      <h1>The ${this.#page.name.toLowerCase()} cannot be shown now</h1>
      <p role="alert">${this.trouble}</p>
      <button class="button" @click=${() => void this.#ask()}>Try again</button>
    </main>`;
  }

  #renderWrongRole() {
    const other = PAGES.find((page) => page.role !== this.needs && this.staff?.roles.includes(page.role));
    return html`<main class="middle">
      <h2>This page needs another role</h2>
      <p>You are signed in as ${this.staff?.name}, but not as ${this.#page.who}. Ask your operator for the role, or sign in with another login.</p>
      ${other ? html`<a class="button" href=${other.href}>Go to ${other.name.toLowerCase()}</a>` : nothing}
    </main>`;
  }

  #bar(staff: StaffMember) {
    return html`<header class="bar">
      <div class="brand">${mark(22)}<span>Candor</span></div>
      <h1 class="hidden">${this.#page.name}</h1>
      ${this.#ways(staff)} ${this.sections()}
      <span class="gap"></span>
      ${this.state()}
      <span class="who" title=${staff.login}>${staff.name}</span>
      <button class="button quiet small" @click=${() => this.#dialog?.showModal()}>Keyboard</button>
      <button class="button quiet small" @click=${this.#leave}>Sign out</button>
    </header>`;
  }

  /** Where else this person may go. With one page alone, and parts of its own, there is nothing to choose. */
  #ways(staff: StaffMember) {
    const mine = PAGES.filter((page) => page.role === this.needs || staff.roles.includes(page.role));
    if (mine.length < 2 && this.sections() !== nothing) return nothing;
    return html`<nav aria-label="Pages" class="pages">
      ${mine.map((page) => html`<a href=${page.href} aria-current=${page.role === this.needs ? "page" : nothing}>${page.name}</a>`)}
    </nav>`;
  }

  #help() {
    return html`<dialog aria-labelledby="keys">
      <h2 id="keys">Keyboard</h2>
      <dl>
        ${[...this.keys, HELP].map(
          ([keys, meaning]) => html`<dt>${keys.map((key) => html`<kbd>${key}</kbd> `)}</dt>
            <dd>${meaning}</dd>`,
        )}
      </dl>
      <label>
        <input type="checkbox" .checked=${shortcutsOn()} @change=${(event: Event) => turnShortcuts((event.target as HTMLInputElement).checked)} />
        Letters work as shortcuts. Arrows, Tab and Enter always work.
      </label>
      <button class="button" autofocus @click=${() => this.#dialog?.close()}>Close</button>
    </dialog>`;
  }

  readonly #pressed = (event: KeyboardEvent): void => {
    if (!this.staff || inDialog(event) || this.#dialog?.open) return;
    if (shortcut(event) === "?") this.#dialog?.showModal();
    else if (!this.press(event)) return;
    event.preventDefault();
  };

  get #dialog(): HTMLDialogElement | null {
    return this.renderRoot.querySelector("dialog");
  }

  async #ask(): Promise<void> {
    this.trouble = "";
    try {
      const staff = await currentStaff();
      if (staff) this.#signedIn(staff);
      else this.staff = null;
    } catch (error) {
      this.trouble = sentence(error);
    }
  }

  #signedIn(staff: StaffMember): void {
    if (this.#lastLogin && this.#lastLogin !== staff.login) this.forget();
    this.#lastLogin = staff.login;
    this.notice = "";
    this.staff = staff;
    if (this.may(staff)) this.begin(staff);
  }

  readonly #signedOut = (): void => {
    if (!this.staff) return;
    this.end();
    this.notice = "Your sign-in has ended. Sign in again to go on; what you were writing is kept.";
    this.staff = null;
  };

  readonly #leave = async (): Promise<void> => {
    try {
      await signOut();
    } catch (error) {
      this.trouble = sentence(error);
      return;
    }
    this.end();
    this.forget();
    this.staff = null;
  };
}

const inDialog = (event: KeyboardEvent): boolean => event.composedPath().some((one) => one instanceof HTMLDialogElement);
