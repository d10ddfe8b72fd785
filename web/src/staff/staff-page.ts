/**
 * What desk and review have in common: who is signed in, the bar on top, the keyboard help.
 *
 * A page extends it, names itself and its role, and renders its content for the person signed in.
 */
import { css, html, LitElement, nothing, type PropertyDeclarations, type TemplateResult } from "lit";
import { parts, tokens } from "../ui/tokens.ts";
import { dialogs } from "./layout.ts";
import { mark } from "./mark.ts";
import { currentStaff, sentence, signOut, type Role, type Staff } from "./session.ts";
import { shortcut, shortcutsOn, turnShortcuts } from "./shortcuts.ts";
import "./sign-in.ts";

const PAGES: { role: Role; name: string; href: string; who: string }[] = [
  { role: "agent", name: "Desk", href: "/desk", who: "an agent" },
  { role: "reviewer", name: "Review", href: "/review", who: "a reviewer" },
];

/** Keys and what they do, for the help dialog. */
export type KeyHelp = [keys: string[], meaning: string][];
const HELP: KeyHelp[number] = [["?"], "This help"];

export abstract class StaffPage extends LitElement {
  static override properties: PropertyDeclarations = {
    staff: { state: true },
    notice: { state: true },
    trouble: { state: true },
  };
  /** undefined while it is asked; null when nobody is signed in. */
  protected staff: Staff | null | undefined = undefined;
  private notice = "";
  private trouble = "";
  private lastLogin = "";

  protected abstract readonly needs: Role;
  protected abstract readonly keys: KeyHelp;
  protected abstract content(staff: Staff): TemplateResult;
  /** Called when a person with the role has signed in, and when that has ended. */
  protected abstract begin(staff: Staff): void;
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

  static override styles = [
    tokens,
    parts,
    dialogs,
    css`
      :host {
        display: grid;
        grid-template: auto minmax(0, 1fr) / minmax(0, 1fr);
        height: 100dvh;
        color: var(--ink);
        font: 400 var(--text) / 1.5 var(--font);
      }
      header.bar {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 4px 16px;
        min-height: 50px;
        padding: 6px 16px;
        border-bottom: 1px solid var(--line);
        background: var(--surface);
      }
      .brand {
        display: flex;
        align-items: center;
        gap: 8px;
        font-weight: 700;
        letter-spacing: -0.01em;
      }
      .brand svg {
        color: var(--accent);
      }
      nav {
        display: flex;
        flex-wrap: wrap;
        gap: 2px;
      }
      .pages + nav {
        padding-inline-start: 16px;
        border-inline-start: 1px solid var(--line);
      }
      .gap {
        flex: 1;
      }
      nav a {
        padding: 5px 12px;
        border-radius: var(--radius-s);
        color: var(--muted);
        font-weight: 550;
        text-decoration: none;
      }
      nav a:hover {
        background: var(--raised);
        color: var(--ink);
      }
      nav a[aria-current] {
        background: var(--accent-soft);
        color: var(--on-accent-soft);
      }
      .who {
        overflow: hidden;
        color: var(--muted);
        font-size: var(--text-s);
        text-overflow: ellipsis;
        white-space: nowrap;
      }
      a.button {
        text-decoration: none;
      }
      .middle {
        display: grid;
        place-items: center;
        align-content: center;
        gap: var(--gap);
        padding: var(--gap-l);
        text-align: center;
      }
      .middle :is(h1, h2) {
        margin: 0;
        font: 650 var(--text-xl) / 1.3 var(--font);
      }
      .middle p {
        max-width: 42ch;
        margin: 0;
        color: var(--muted);
      }
      dialog {
        width: min(28rem, calc(100vw - 32px));
      }
      dialog h2 {
        margin: 0 0 12px;
        font: 650 var(--text-l) / 1.3 var(--font);
      }
      dialog dl {
        display: grid;
        grid-template-columns: auto 1fr;
        gap: 8px 16px;
        margin: 0 0 16px;
      }
      dialog dd {
        margin: 0;
      }
      dialog label {
        display: flex;
        gap: 8px;
        align-items: baseline;
        margin-bottom: 16px;
      }
      kbd {
        display: inline-block;
        min-width: 1.8em;
        padding: 1px 6px;
        border: 1px solid var(--edge);
        border-radius: 5px;
        background: var(--bg);
        font: 600 var(--text-s) / 1.4 var(--mono);
        text-align: center;
      }
      @media (max-width: 760px) {
        header.bar {
          padding: 4px 8px 4px 12px;
          gap: 4px 6px;
        }
        .brand span,
        .who {
          display: none;
        }
        nav:last-of-type {
          flex: 1 1 calc(100% - 48px);
        }
        nav a {
          padding: 4px 8px;
          font-size: var(--text-s);
        }
      }
    `,
  ];

  override connectedCallback(): void {
    super.connectedCallback();
    this.addEventListener("candor-signed-out", this.signedOut);
    document.addEventListener("keydown", this.pressed);
    void this.ask();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.removeEventListener("candor-signed-out", this.signedOut);
    document.removeEventListener("keydown", this.pressed);
    this.end();
  }

  override render() {
    if (this.trouble) return this.renderTrouble();
    if (this.staff === undefined) return html`<main class="middle"><p role="status">One moment…</p></main>`;
    if (this.staff === null) return this.renderSignIn();
    return html`${this.bar(this.staff)}${this.may(this.staff) ? this.content(this.staff) : this.renderWrongRole()}${this.help()}`;
  }

  private get page() {
    return PAGES.find((page) => page.role === this.needs)!;
  }

  protected may(staff: Staff): boolean {
    return staff.roles.includes(this.needs);
  }

  private renderSignIn() {
    return html`<candor-sign-in
      .page=${this.page.name.toLowerCase()}
      .notice=${this.notice}
      @candor-signed-in=${(event: CustomEvent<Staff>) => this.signedIn(event.detail)}
    ></candor-sign-in>`;
  }

  private renderTrouble() {
    return html`<main class="middle">
      <h1>The ${this.page.name.toLowerCase()} cannot be shown now</h1>
      <p role="alert">${this.trouble}</p>
      <button class="button" @click=${() => void this.ask()}>Try again</button>
    </main>`;
  }

  private renderWrongRole() {
    const other = PAGES.find((page) => page.role !== this.needs && this.staff?.roles.includes(page.role));
    return html`<main class="middle">
      <h2>This page needs another role</h2>
      <p>You are signed in as ${this.staff?.name}, but not as ${this.page.who}. Ask your operator for the role, or sign in with another login.</p>
      ${other ? html`<a class="button" href=${other.href}>Go to ${other.name.toLowerCase()}</a>` : nothing}
    </main>`;
  }

  private bar(staff: Staff) {
    return html`<header class="bar">
      <div class="brand">${mark(22)}<span>Candor</span></div>
      <h1 class="hidden">${this.page.name}</h1>
      ${this.ways(staff)} ${this.sections()}
      <span class="gap"></span>
      ${this.state()}
      <span class="who" title=${staff.login}>${staff.name}</span>
      <button class="button quiet small" @click=${() => this.dialog?.showModal()}>Keyboard</button>
      <button class="button quiet small" @click=${this.leave}>Sign out</button>
    </header>`;
  }

  /** Where else this person may go. With one page alone, and parts of its own, there is nothing to choose. */
  private ways(staff: Staff) {
    const mine = PAGES.filter((page) => page.role === this.needs || staff.roles.includes(page.role));
    if (mine.length < 2 && this.sections() !== nothing) return nothing;
    return html`<nav aria-label="Pages" class="pages">
      ${mine.map((page) => html`<a href=${page.href} aria-current=${page.role === this.needs ? "page" : nothing}>${page.name}</a>`)}
    </nav>`;
  }

  private help() {
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
      <button class="button" autofocus @click=${() => this.dialog?.close()}>Close</button>
    </dialog>`;
  }

  private readonly pressed = (event: KeyboardEvent): void => {
    if (!this.staff || inDialog(event) || this.dialog?.open) return;
    if (shortcut(event) === "?") this.dialog?.showModal();
    else if (!this.press(event)) return;
    event.preventDefault();
  };

  private get dialog(): HTMLDialogElement | null {
    return this.renderRoot.querySelector("dialog");
  }

  private async ask(): Promise<void> {
    this.trouble = "";
    try {
      const staff = await currentStaff();
      if (staff) this.signedIn(staff);
      else this.staff = null;
    } catch (error) {
      this.trouble = sentence(error);
    }
  }

  private signedIn(staff: Staff): void {
    if (this.lastLogin && this.lastLogin !== staff.login) this.forget();
    this.lastLogin = staff.login;
    this.notice = "";
    this.staff = staff;
    if (this.may(staff)) this.begin(staff);
  }

  private readonly signedOut = (): void => {
    if (!this.staff) return;
    this.end();
    this.notice = "Your sign-in has ended. Sign in again to go on; what you were writing is kept.";
    this.staff = null;
  };

  private readonly leave = async (): Promise<void> => {
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
