/**
 * <candor-messages> The conversation: the disclosure first, then every message with the name and kind of its author.
 *
 * Properties: copy, language, disclosure, conversation, explain (function: message id → promise of the plain reason),
 * contest (function: message id, reason, address → promise, for <candor-contest>).
 * Events: `press` with detail `{payload, title}`; `choose` with detail `{purpose, choice, scope?, message}`; `retry`, `discard` with
 * detail `{clientMessageId}`; `human`. Slots: default (after the last message). Parts: `disclosure`, `message`.
 * Method: focusDisclosure(). New messages are read out by <candor-widget>, not from here: this list also shows old ones.
 */
import { LitElement, css, html, nothing, type PropertyValues, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";
import type { Disclosure } from "./client.ts";
import "./consent-card.ts";
import "./contest.ts";
import type { Choice, Scope } from "../privacy/types.ts";
import { consentFor, type Conversation, empty, type Entry, type Message, type Pending } from "./conversation.ts";
import { copies, type Copy, type Language, otherLanguage } from "./copy.ts";
import { clock, define, emit, linked } from "./element.ts";
import { inner } from "./styles.ts";

type Reason = { text: string };

export class Messages extends LitElement {
  static override properties = {
    copy: { attribute: false },
    language: {},
    disclosure: { attribute: false },
    conversation: { attribute: false },
    explain: { attribute: false },
    contest: { attribute: false },
    reasons: { state: true },
  };
  static override styles = [
    inner,
    css`
      :host {
        position: relative;
        flex: 1;
        min-height: 0;
      }
      .scroll {
        position: absolute;
        inset: 0;
        overflow-y: auto;
        padding: 16px;
        overscroll-behavior: contain;
        scrollbar-width: thin;
        scrollbar-color: var(--edge) transparent;
      }
      .scroll:focus-visible {
        outline-offset: -3px;
      }
      ol {
        display: flex;
        flex-direction: column;
        gap: 16px;
        margin: 0;
        padding: 0;
        list-style: none;
      }
      .disclosure {
        margin-bottom: 18px;
        padding: 14px 16px;
        border: 1px solid var(--ai);
        border-radius: var(--radius-s);
        background: var(--ai-soft);
        color: var(--ink);
        font-size: var(--text-s);
      }
      .disclosure h3 {
        margin: 0 0 6px;
        color: var(--ai);
        font: 650 var(--text) / 1.35 var(--font);
      }
      .disclosure p {
        margin: 0;
      }
      .disclosure p + p {
        margin-top: 6px;
      }
      .message {
        max-width: 88%;
      }
      .author {
        display: flex;
        align-items: center;
        gap: 6px;
        margin-bottom: 4px;
        color: var(--muted);
        font: 550 var(--text-s) / 1.3 var(--font);
      }
      time {
        font-weight: 400;
      }
      .text {
        width: fit-content;
        max-width: 100%;
        padding: 10px 13px;
        border: 1px solid var(--line);
        border-radius: 4px 12px 12px 12px;
        background: var(--surface);
        overflow-wrap: anywhere;
        white-space: pre-wrap;
      }
      .human .text {
        border-color: var(--human);
        border-radius: 4px 18px 18px 18px;
      }
      .visitor {
        align-self: flex-end;
      }
      .visitor .author {
        justify-content: flex-end;
      }
      .visitor .text {
        margin-inline-start: auto;
        border-color: transparent;
        border-radius: 14px 4px 14px 14px;
        background: var(--accent-soft);
        color: var(--on-accent-soft);
      }
      .pending .text {
        border: 1px dashed var(--edge);
      }
      .status {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        justify-content: flex-end;
        gap: 4px 8px;
        margin-top: 4px;
        color: var(--muted);
        font-size: var(--text-s);
      }
      .status.failed {
        color: var(--danger);
        font-weight: 550;
      }
      .system {
        display: flex;
        flex-direction: column;
        align-items: center;
        align-self: stretch;
        color: var(--muted);
        font-size: var(--text-s);
        text-align: center;
      }
      .system p {
        flex: 0 1 auto;
        max-width: 100%;
        margin: 0;
        padding: 7px 14px;
        border-radius: var(--radius-s);
        background: var(--raised);
        overflow-wrap: anywhere;
        white-space: pre-wrap;
      }
      .system.several {
        align-items: start;
        color: var(--ink);
        font-size: var(--text);
        text-align: start;
      }
      .buttons {
        display: flex;
        flex-wrap: wrap;
        gap: 8px;
        margin-top: 8px;
      }
      .buttons .button {
        min-height: 36px;
        border-radius: 99px;
        text-align: start;
      }
      .why {
        display: flex;
        flex-wrap: wrap;
        gap: 4px 12px;
        margin-top: 4px;
      }
      .why [role="status"] {
        flex: 1 0 100%;
      }
      .why .note {
        border-inline-start: 3px solid var(--ai);
        background: var(--ai-soft);
        white-space: pre-wrap;
        overflow-wrap: anywhere;
      }
      .working {
        display: flex;
        align-items: center;
        gap: 8px;
        margin: 16px 0 0;
        color: var(--muted);
        font-size: var(--text-s);
      }
      .dots {
        display: inline-flex;
        gap: 4px;
      }
      .dots i {
        width: 6px;
        height: 6px;
        border-radius: 2px;
        background: var(--ai);
        animation: breathe 1.4s infinite ease-in-out;
      }
      .dots i:nth-child(2) {
        animation-delay: 0.2s;
      }
      .dots i:nth-child(3) {
        animation-delay: 0.4s;
      }
      .unavailable {
        display: grid;
        gap: 8px;
        justify-items: start;
        margin-top: 16px;
      }
      .unavailable p {
        margin: 0;
      }
      .unavailable strong {
        display: block;
      }
      slot {
        display: block;
        margin-top: 16px;
      }
      @keyframes breathe {
        0%,
        60%,
        100% {
          opacity: 0.3;
        }
        30% {
          opacity: 1;
        }
      }
      @media (prefers-reduced-motion: reduce) {
        .dots i {
          animation: none;
        }
      }
      @media (max-height: 420px) {
        :host {
          min-height: 180px;
        }
      }
    `,
  ];

  declare copy: Copy;
  declare language: Language;
  declare disclosure: Disclosure | null;
  declare conversation: Conversation;
  declare explain: (messageId: string) => Promise<string>;
  declare contest: (messageId: string, reason: string, address: string) => Promise<void>;
  declare reasons: ReadonlyMap<string, Reason>;
  private atEnd = true;
  private lastTop = 0;
  private lastHeight = 0;
  private readonly sizes = new ResizeObserver(() => {
    // Only the disclosure is read from its beginning; a form or a card below it counts as something said.
    if (this.atEnd && this.conversation.entries.length + this.conversation.pending.length + this.childElementCount > 0) this.toEnd();
  });

  constructor() {
    super();
    this.copy = copies.en;
    this.language = "en";
    this.disclosure = null;
    this.conversation = empty;
    this.explain = () => Promise.reject(new Error("not set"));
    this.contest = () => Promise.reject(new Error("not set"));
    this.reasons = new Map();
  }

  focusDisclosure(): void {
    this.renderRoot.querySelector<HTMLElement>(".disclosure")?.focus();
  }

  /** Goes to the newest message, e.g. when the panel is shown again. */
  toEnd(): void {
    const scroll = this.scroller;
    if (scroll) scroll.scrollTop = scroll.scrollHeight;
  }

  override render(): unknown {
    const { copy, conversation, disclosure } = this;
    return html`<div class="scroll" tabindex="0" role="region" aria-label=${copy.conversation} @scroll=${this.onScroll}>
      <div class="content">
        ${disclosure ? this.disclosureCard(disclosure) : nothing}
        <ol role="list">
          ${repeat(conversation.entries, (entry) => entry.message.id, (entry, at) => this.entry(entry, at))}
          ${repeat(conversation.pending, (one) => one.clientMessageId, (one) => this.waiting(one))}
        </ol>
        ${conversation.working
          ? html`<p class="working"><span class="dots" aria-hidden="true"><i></i><i></i><i></i></span>${copy.working}</p>`
          : nothing}
        ${conversation.unavailable === null ? nothing : this.unavailable(conversation.unavailable)}
        <slot></slot>
      </div>
    </div>`;
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    const before = changed.get("conversation");
    if (before && before.pending.length < this.conversation.pending.length) this.atEnd = true;
  }

  /** Cards and reasons get their size after the list does, so sizes are what is followed. */
  protected override firstUpdated(): void {
    this.watchSizes();
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.watchSizes();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.sizes.disconnect();
  }

  private watchSizes(): void {
    for (const part of this.renderRoot?.querySelectorAll(".scroll, .content") ?? []) this.sizes.observe(part);
  }

  private get scroller(): HTMLElement | null {
    return this.renderRoot.querySelector(".scroll");
  }

  private onScroll(): void {
    const scroll = this.scroller;
    if (!scroll) return;
    const { scrollTop, scrollHeight, clientHeight } = scroll;
    // Only a move upwards by the visitor leaves the end: a list that has just grown is not at its end either, until it is
    // scrolled there, and one with a card that has just closed was moved by the browser.
    const moved = scrollTop < this.lastTop && scrollHeight === this.lastHeight;
    this.atEnd = scrollHeight - scrollTop - clientHeight < 60 || (this.atEnd && !moved);
    this.lastTop = scrollTop;
    this.lastHeight = scrollHeight;
  }

  private disclosureCard({ title, text, language }: Disclosure): TemplateResult {
    return html`<section class="disclosure" part="disclosure" tabindex="-1" lang=${language} aria-labelledby="disclosure">
      <h3 id="disclosure">${title}</h3>
      ${text.split(/\n\s*\n/).map((paragraph) => html`<p>${linked(paragraph)}</p>`)}
    </section>`;
  }

  private entry({ message }: Entry, at: number): TemplateResult {
    if (message.author === "system") return this.system(message, at);
    return html`<li class="message ${message.author}" part="message">
      ${this.author(message)} ${message.consent_request ? this.consent(message) : this.text(message)}
      ${this.buttons(message, at)}
      ${message.author === "assistant" ? this.why(message) : nothing}
    </li>`;
  }

  /** A request for consent is shown as its card alone: the text says the same, for clients that have no cards. */
  private text(message: Message): TemplateResult {
    return html`<div class="text" lang=${otherLanguage(message.text, this.language) ?? nothing}
      >${message.author === "visitor" ? message.text : linked(message.text)}</div
    >`;
  }

  /** A line stands in the middle, as between two speakers; several lines, as a reviewer's words, are set as text. */
  private system(message: Message, at: number): TemplateResult {
    return html`<li class="system ${message.text.includes("\n") ? "several" : ""}" part="message">
      ${this.author(message)}
      <p lang=${otherLanguage(message.text, this.language) ?? nothing}>${linked(message.text)}</p>
      ${this.buttons(message, at)}
    </li>`;
  }

  private author(message: Message): TemplateResult {
    const { copy, language } = this;
    const { author } = message;
    const tag =
      author === "assistant"
        ? html`<span class="tag ai">${copy.aiTag}</span>`
        : author === "human"
          ? html`<span class="tag human">${copy.humanTag}</span>`
          : nothing;
    return html`<div class="author">
      ${tag}<span>${nameOf(message, copy)}</span
      ><time datetime=${message.created_at}>${clock(message.created_at, language)}</time>
    </div>`;
  }

  private consent(message: Message): TemplateResult {
    const request = message.consent_request;
    return html`<candor-consent-card
      .copy=${this.copy}
      .language=${this.language}
      .request=${request}
      .consent=${consentFor(this.conversation, request?.purpose ?? "")}
      .current=${this.isNewestRequest(message)}
      @choose=${(event: CustomEvent<{ purpose: string; choice: Choice; scope?: Scope }>) => {
        event.stopPropagation();
        emit(this, "choose", { ...event.detail, message });
      }}
    ></candor-consent-card>`;
  }

  private isNewestRequest(message: Message): boolean {
    const purpose = message.consent_request?.purpose;
    const newest = this.conversation.entries.findLast((entry) => entry.message.consent_request?.purpose === purpose);
    return newest?.message.id === message.id;
  }

  /** Buttons answer the newest message only; once the visitor has said something they have done their work. */
  private buttons(message: Message, at: number): TemplateResult | typeof nothing {
    const { entries, pending } = this.conversation;
    const over = pending.length > 0 || entries.slice(at + 1).some((later) => later.message.author === "visitor");
    const buttons = message.consent_request ? [] : (message.buttons ?? []);
    if (over || buttons.length === 0) return nothing;
    return html`<div class="buttons">
      ${buttons.map(
        ({ title, payload }) =>
          html`<button type="button" class="button small" @click=${() => emit(this, "press", { payload, title })}>
            ${title}
          </button>`,
      )}
    </div>`;
  }

  private why(message: Message): TemplateResult {
    const reason = this.reasons.get(message.id);
    return html`<div class="why">
      <button
        type="button"
        class="quiet"
        aria-expanded=${reason !== undefined}
        aria-controls="why-${message.id}"
        @click=${() => void this.toggleReason(message.id)}
      >
        ${reason ? this.copy.whyHide : this.copy.why}
      </button>
      <candor-contest
        .copy=${this.copy}
        .state=${this.conversation.contests[message.id] ?? ""}
        .contest=${(reason: string, address: string) => this.contest(message.id, reason, address)}
      ></candor-contest>
      <div id="why-${message.id}" role="status">
        ${reason
          ? html`<p class="note" lang=${otherLanguage(reason.text, this.language) ?? nothing}>${linked(reason.text)}</p>`
          : nothing}
      </div>
    </div>`;
  }

  private async toggleReason(id: string): Promise<void> {
    if (this.reasons.has(id)) return this.setReason(id, null);
    this.setReason(id, { text: this.copy.whyLoading });
    const text = await this.explain(id).catch(() => this.copy.whyFailed);
    if (this.reasons.has(id)) this.setReason(id, { text });
  }

  private setReason(id: string, reason: Reason | null): void {
    const reasons = new Map(this.reasons);
    if (reason) reasons.set(id, reason);
    else reasons.delete(id);
    this.reasons = reasons;
  }

  private waiting(one: Pending): TemplateResult {
    const { copy } = this;
    const detail = { clientMessageId: one.clientMessageId };
    return html`<li class="message visitor pending" part="message">
      <div class="author"><span>${copy.you}</span></div>
      <div class="text" lang=${otherLanguage(one.shown, this.language) ?? nothing}>${one.shown}</div>
      ${one.status === "failed"
        ? html`<div class="status failed">
            <span>${copy.notSent}${one.reason ? `: ${one.reason}` : ""}</span>
            <button type="button" class="button small" @click=${() => emit(this, "retry", detail)}>${copy.retry}</button>
            <button type="button" class="button small" @click=${() => emit(this, "discard", detail)}>${copy.discard}</button>
          </div>`
        : html`<div class="status">${copy.sending}</div>`}
    </li>`;
  }

  private unavailable(text: string): TemplateResult {
    const { copy, conversation } = this;
    const asked = conversation.owner === "human" || conversation.handoff?.state === "queued";
    return html`<div class="note warn unavailable">
      <p role="alert"><strong>${copy.cannotAnswer}</strong>${text || copy.keptMessage}</p>
      ${asked
        ? nothing
        : html`<button type="button" class="button small" @click=${() => emit(this, "human")}>${copy.human}</button>`}
    </div>`;
  }
}

/** The author's name without the word that its tag already says. */
export function nameOf(message: Message, copy: Copy): string {
  if (message.author === "visitor") return copy.you;
  if (message.author === "system") return copy.system;
  if (message.author === "human") return message.author_name || copy.aPerson;
  const name = (message.author_name ?? "").replace(/^AI\s*/i, "").trim();
  return name === "" || name.toLowerCase() === "assistant" ? copy.assistant : name;
}

define("candor-messages", Messages);
