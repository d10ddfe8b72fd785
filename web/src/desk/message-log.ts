/**
 * What was said, oldest first, with who said it and every change of speaker.
 *
 * Properties: `items`, `pending`, `me` (my name), `language`, `fresh` (read to screen readers).
 * Events: `candor-retry`; `candor-discard`, detail: the client message id.
 */
import { css, html, LitElement, nothing } from "lit";
import { repeat } from "lit/directives/repeat.js";
import { parts, tokens } from "../ui/tokens.ts";
import { timeTag } from "../staff/times.ts";
import type { Pending } from "./outgoing.ts";
import { authorLabel, offeredText, speakerText, type Item } from "./timeline.ts";
import type { Message } from "./types.ts";

const NEAR_THE_END = 80;

export class MessageLog extends LitElement {
  static override properties = {
    items: { attribute: false },
    pending: { attribute: false },
    me: {},
    language: {},
    fresh: {},
  };
  items: Item[] = [];
  pending: readonly Pending[] = [];
  me = "";
  language = "en";
  fresh = "";
  private atEnd = true;

  static override styles = [
    tokens,
    parts,
    css`
      :host {
        display: block;
        position: relative;
        min-height: 0;
      }
      .scroll {
        height: 100%;
        padding: 16px 20px;
        overflow-y: auto;
        overscroll-behavior: contain;
      }
      .scroll:focus-visible {
        outline-offset: -3px;
      }
      ol {
        display: flex;
        flex-direction: column;
        gap: 12px;
        max-width: 52rem;
        margin: 0 auto;
        padding: 0;
        list-style: none;
      }
      li {
        display: grid;
        gap: 3px;
        justify-items: start;
        max-width: min(85%, 40rem);
      }
      li.human {
        align-self: flex-end;
        justify-items: end;
      }
      .meta {
        display: flex;
        gap: 8px;
        align-items: center;
        color: var(--muted);
        font-size: var(--text-s);
      }
      .text {
        padding: 8px 12px;
        border: 1px solid var(--line);
        border-radius: 4px 14px 14px;
        background: var(--surface);
        overflow-wrap: anywhere;
        white-space: pre-wrap;
      }
      .visitor .text {
        background: var(--raised);
      }
      .assistant .text {
        border-color: transparent;
        background: var(--ai-soft);
      }
      .human .text {
        border-color: transparent;
        border-radius: 14px 4px 14px 14px;
        background: var(--human-soft);
      }
      li.system,
      li.speaker {
        align-self: center;
        max-width: 34rem;
        color: var(--muted);
        font-size: var(--text-s);
        text-align: center;
        white-space: pre-wrap;
      }
      li.system {
        justify-items: center;
      }
      li.system.several {
        align-self: flex-start;
        justify-items: start;
        color: var(--ink);
        text-align: start;
      }
      li.system .text {
        padding: 0;
        border: 0;
        background: none;
      }
      li.speaker {
        display: flex;
        gap: 12px;
        align-items: center;
        align-self: stretch;
        max-width: none;
      }
      li.speaker::before,
      li.speaker::after {
        flex: 1;
        border-top: 1px solid var(--line);
        content: "";
      }
      .pending .text {
        opacity: 0.75;
      }
      .failed .text {
        border: 1px dashed var(--danger);
        opacity: 1;
      }
      .trouble {
        color: var(--danger);
        font-size: var(--text-s);
      }
      @media (max-width: 760px) {
        .scroll {
          padding: 12px;
        }
      }
    `,
  ];

  override willUpdate(): void {
    const box = this.box;
    this.atEnd = !box || box.scrollHeight - box.scrollTop - box.clientHeight < NEAR_THE_END;
  }

  override updated(): void {
    if (this.atEnd) this.toEnd();
  }

  toEnd(): void {
    if (this.box) this.box.scrollTop = this.box.scrollHeight;
  }

  private get box(): HTMLElement | null {
    return this.shadowRoot?.querySelector(".scroll") ?? null;
  }

  // The log itself is not live: drawing the past must not read it all aloud. New messages are read from the region below.
  override render() {
    return html`<div class="scroll" role="log" aria-live="off" aria-label="Conversation" tabindex="0">
        <ol>
          ${repeat(
            this.items,
            (item) => item.key,
            (item) => (item.kind === "message" ? this.renderMessage(item.message) : this.renderSpeaker(item)),
          )}
          ${repeat(
            this.pending,
            (one) => one.clientMessageId,
            (one, at) => this.renderPending(one, this.pending.slice(0, at).some((other) => other.trouble !== "")),
          )}
        </ol>
      </div>
      <div class="hidden" aria-live="polite">${this.fresh}</div>`;
  }

  private renderMessage(message: Message) {
    const label = authorLabel(message, this.me);
    const offered = offeredText(message);
    const tag = html`<span class="tag ${message.author === "assistant" ? "ai" : message.author}">${label}</span>`;
    // Several lines by the system, as a reviewer's words, are set as text.
    return html`<li class="${message.author} ${message.text.includes("\n") ? "several" : ""}">
      <div class="meta">${tag}${timeTag(message.created_at)}</div>
      <div class="text" lang=${this.language} dir="auto">${message.text}</div>
      ${offered ? html`<div class="meta">${offered}</div>` : nothing}
    </li>`;
  }

  private renderSpeaker(item: Extract<Item, { kind: "speaker" }>) {
    return html`<li class="speaker"><span>${speakerText(item.speaker, this.me)}</span></li>`;
  }

  private renderPending(one: Pending, held: boolean) {
    return html`<li class="human pending ${one.trouble ? "failed" : ""}">
      <div class="meta"><span class="tag human">You (human)</span>${one.trouble ? "Not sent" : held ? "Waits for the one before" : "Sending…"}</div>
      <div class="text" dir="auto">${one.text}</div>
      ${one.trouble ? this.renderTrouble(one) : nothing}
    </li>`;
  }

  private renderTrouble(one: Pending) {
    return html`<div class="trouble" role="alert">${one.trouble}</div>
      <div class="meta">
        <button class="button small" @click=${() => this.dispatchEvent(new CustomEvent("candor-retry"))}>Send again</button>
        <button
          class="button small quiet"
          @click=${() => this.dispatchEvent(new CustomEvent("candor-discard", { detail: one.clientMessageId }))}
        >
          Back to the field
        </button>
      </div>`;
  }
}

customElements.define("candor-message-log", MessageLog);
