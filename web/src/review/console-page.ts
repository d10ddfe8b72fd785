/**
 * What the console's pages beside the decisions have in common: who is signed in, loading, and how a decision is opened.
 *
 * Property: `session`.
 * Event: `candor-open`, detail: `{id, queue?}`, to open a decision on the decisions page (bubbles).
 */
import { html, LitElement, nothing, type PropertyDeclarations, type TemplateResult } from "lit";
import type { Role } from "../shared/api.ts";
import { emit, focusOn } from "../shared/element.ts";
import { parts } from "../shared/parts.styles.ts";
import { isSignedOut, reportSignedOut, sentence } from "../staff/session.ts";
import { shortcut } from "../staff/shortcuts.ts";
import { isPlainClick, linkTo } from "./address.ts";
import { styles } from "./console-page.styles.ts";
import { ReviewSession } from "./session.ts";

/** Which decision to open; with a queue's name, to work through that queue from there. */
export interface Opening {
  id: string;
  queue?: string;
}

export abstract class ConsolePage extends LitElement {
  static override properties: PropertyDeclarations = { session: { attribute: false }, busy: { state: true }, trouble: { state: true } };
  session = new ReviewSession();
  protected busy = false;
  protected trouble = "";
  #asking = new AbortController();

  /** Fetches what the page shows; called when it appears. */
  protected abstract load(): Promise<void>;

  static override styles = [parts, styles];

  override connectedCallback(): void {
    super.connectedCallback();
    document.addEventListener("keydown", this.#pressed);
    void this.load();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    document.removeEventListener("keydown", this.#pressed);
    this.#asking.abort();
  }

  /** Acts on a shortcut's key; true when the key meant something. */
  protected press(_key: string): boolean {
    return false;
  }

  /** To the page's heading. */
  focusTitle(): void {
    focusOn(this, "h2");
  }

  protected may(role: Role): boolean {
    return this.session.roles.includes(role);
  }

  /** Awaits `call`; a failure is put into `trouble`. Undefined when it failed or was superseded by a newer call. */
  protected async asked<T>(call: (signal: AbortSignal) => Promise<T>): Promise<T | undefined> {
    this.#asking.abort();
    const { signal } = (this.#asking = new AbortController());
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

  readonly #pressed = (event: KeyboardEvent): void => {
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
  emit<Opening>(from, "candor-open", opening, true);
}
