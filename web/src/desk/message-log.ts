/**
 * What was said, oldest first, with who said it and every change of speaker.
 *
 * Properties: `items`, `pending`, `me` (my name), `language`, `fresh` (read to screen readers).
 * Events: `candor-retry`; `candor-discard`, detail: the client message id.
 */
import { html, LitElement, nothing } from "lit";
import { repeat } from "lit/directives/repeat.js";
import type { Message } from "../shared/api.ts";
import { define, emit } from "../shared/element.ts";
import { parts } from "../shared/parts.styles.ts";
import type { Pending } from "../shared/send-queue.ts";
import { wordsOf } from "../shared/text.ts";
import { timeTag } from "../shared/times.ts";
import { styles } from "./message-log.styles.ts";
import { authorLabel, type Item, offeredText, speakerText } from "./timeline.ts";

const NEAR_THE_END = 80;

export class MessageLog extends LitElement {
  static override properties = { items: { attribute: false }, pending: { attribute: false }, me: {}, language: {}, fresh: {} };
  items: Item[] = [];
  pending: readonly Pending[] = [];
  me = "";
  language = "en";
  fresh = "";
  #atEnd = true;

  static override styles = [parts, styles];

  override willUpdate(): void {
    const box = this.#box;
    this.#atEnd = !box || box.scrollHeight - box.scrollTop - box.clientHeight < NEAR_THE_END;
  }

  override updated(): void {
    if (this.#atEnd) this.toEnd();
  }

  toEnd(): void {
    if (this.#box) this.#box.scrollTop = this.#box.scrollHeight;
  }

  get #box(): HTMLElement | null {
    return this.shadowRoot?.querySelector(".scroll") ?? null;
  }

  // The log itself is not live: drawing the past must not read it all aloud. New messages are read from the region below.
  override render() {
    return html`<div class="scroll" role="log" aria-live="off" aria-label="Conversation" tabindex="0">
        <ol>
          ${repeat(
            this.items,
            (item) => item.key,
            (item) => (item.kind === "message" ? this.#renderMessage(item.message) : this.#renderSpeaker(item)),
          )}
          ${repeat(
            this.pending,
            (one) => one.clientMessageId,
            (one, at) =>
              this.#renderPending(
                one,
                this.pending.slice(0, at).some((other) => other.status === "failed"),
              ),
          )}
        </ol>
      </div>
      <div class="hidden" aria-live="polite">${this.fresh}</div>`;
  }

  #renderMessage(message: Message) {
    const label = authorLabel(message, this.me);
    const offered = offeredText(message);
    const tag = html`<span class="tag ${message.author === "assistant" ? "ai" : message.author}">${label}</span>`;
    // Several lines by the system, as a reviewer's words, are set as text.
    return html`<li class="${message.author} ${message.text.includes("\n") ? "several" : ""}">
      <div class="meta">${tag}${timeTag(message.created_at)}</div>
      <div class="text" lang=${this.language} dir="auto">${wordsOf(message)}</div>
      ${offered ? html`<div class="meta">${offered}</div>` : nothing}
    </li>`;
  }

  #renderSpeaker(item: Extract<Item, { kind: "speaker" }>) {
    return html`<li class="speaker"><span>${speakerText(item.speaker, this.me)}</span></li>`;
  }

  #renderPending(one: Pending, held: boolean) {
    return html`<li class="human pending ${one.status === "failed" ? "failed" : ""}">
      <div class="meta"><span class="tag human">You (human)</span>${one.status === "failed" ? "Not sent" : held ? "Waits for the one before" : "Sending…"}</div>
      <div class="text" dir="auto">${one.text}</div>
      ${one.status === "failed" ? this.#renderTrouble(one) : nothing}
    </li>`;
  }

  #renderTrouble(one: Pending) {
    return html`<div class="trouble" role="alert">${one.reason ?? "The server could not be reached."}</div>
      <div class="meta">
        <button class="button small" @click=${() => emit(this, "candor-retry")}>Send again</button>
        <button
          class="button small quiet"
          @click=${() => emit(this, "candor-discard", one.clientMessageId)}
        >
          Back to the field
        </button>
      </div>`;
  }
}

define("candor-message-log", MessageLog);
