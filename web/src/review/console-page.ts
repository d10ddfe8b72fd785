/**
 * What the console's pages beside the decisions have in common: who is signed in, loading, and how a decision is opened.
 *
 * Property: `session`.
 * Event: `candor-open`, detail: `{id, queue?}`, to open a decision on the decisions page (bubbles).
 */
import { css, html, LitElement, nothing, type PropertyDeclarations, type TemplateResult } from "lit";
import { isSignedOut, reportSignedOut, sentence } from "../staff/session.ts";
import { shortcut } from "../staff/shortcuts.ts";
import { parts, tokens } from "../ui/tokens.ts";
import { isPlainClick, linkTo } from "./address.ts";
import type { Session } from "./oversight-types.ts";

/** Which decision to open; with a queue's name, to work through that queue from there. */
export interface Opening {
  id: string;
  queue?: string;
}

export abstract class ConsolePage extends LitElement {
  static override properties: PropertyDeclarations = {
    session: { attribute: false },
    busy: { state: true },
    trouble: { state: true },
  };
  session: Session = { name: "", login: "", roles: [] };
  protected busy = false;
  protected trouble = "";
  private asking = new AbortController();

  /** Fetches what the page shows; called when it appears. */
  protected abstract load(): Promise<void>;

  static override styles = [
    tokens,
    parts,
    css`
      :host {
        display: block;
        height: 100%;
        min-height: 0;
        overflow-y: auto;
      }
      .page {
        display: grid;
        gap: 20px;
        max-width: 76rem;
        padding: 20px 28px 48px;
      }
      h2 {
        width: fit-content;
        margin: 0 0 4px;
        font: 650 var(--text-xl) / 1.3 var(--font);
      }
      h2:focus-visible {
        border-radius: 4px;
      }
      h3 {
        margin: 0;
        font: 650 var(--text) / 1.4 var(--font);
      }
      .lead {
        max-width: 70ch;
        margin: 0;
        color: var(--muted);
      }
      .card {
        padding: 16px 18px;
        border: 1px solid var(--line);
        border-radius: var(--radius);
        background: var(--surface);
      }
      .link {
        color: var(--accent);
      }
      .quiet-text {
        color: var(--muted);
        font-size: var(--text-s);
      }
      @media (max-width: 760px) {
        .page {
          gap: 16px;
          padding: 14px 12px 32px;
        }
        .card {
          padding: 12px;
        }
      }
    `,
  ];

  override connectedCallback(): void {
    super.connectedCallback();
    document.addEventListener("keydown", this.pressed);
    void this.load();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    document.removeEventListener("keydown", this.pressed);
    this.asking.abort();
  }

  /** Acts on a shortcut's key; true when the key meant something. */
  protected press(_key: string): boolean {
    return false;
  }

  /** To the page's heading. */
  focusTitle(): void {
    this.renderRoot.querySelector<HTMLElement>("h2")?.focus();
  }

  protected may(role: string): boolean {
    return this.session.roles.includes(role);
  }

  /** Awaits `call`; what fails stands in `trouble`. Undefined when it failed, or when a newer call has taken its place. */
  protected async asked<T>(call: (signal: AbortSignal) => Promise<T>): Promise<T | undefined> {
    this.asking.abort();
    const { signal } = (this.asking = new AbortController());
    this.busy = true;
    this.trouble = "";
    try {
      const answer = await call(signal);
      if (signal.aborted) return undefined;
      this.busy = false;
      return answer;
    } catch (error) {
      if (signal.aborted) return undefined;
      this.busy = false;
      this.trouble = this.explain(error);
      return undefined;
    }
  }

  protected explain(error: unknown): string {
    if (isSignedOut(error)) reportSignedOut(this);
    return sentence(error);
  }

  private readonly pressed = (event: KeyboardEvent): void => {
    const key = shortcut(event);
    const inDialog = event.composedPath().some((one) => one instanceof HTMLDialogElement);
    if (key !== null && !inDialog && this.press(key)) event.preventDefault();
  };

  protected renderTrouble(): TemplateResult | typeof nothing {
    if (!this.trouble) return nothing;
    return html`<p class="note danger" role="alert">
      ${this.trouble} <button class="button small" @click=${() => void this.load()}>Try again</button>
    </p>`;
  }
}

/** The decision's own address, for tabs of its own. */
export const decisionAddress = ({ id, queue }: Opening): string => linkTo({ decision: id, ...(queue ? { queue } : {}) });

/** A link's click: opens the decision here, unless a new tab was asked for. */
export function openOn(opening: Opening): (event: MouseEvent) => void {
  return (event) => {
    if (!isPlainClick(event)) return;
    event.preventDefault();
    openDecision(event.currentTarget as EventTarget, opening);
  };
}

export function openDecision(from: EventTarget, opening: Opening): void {
  from.dispatchEvent(new CustomEvent<Opening>("candor-open", { detail: opening, bubbles: true, composed: true }));
}
