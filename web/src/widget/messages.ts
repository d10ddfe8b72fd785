/**
 * <candor-messages> The conversation: the disclosure first, then every message with the name and kind of its author.
 *
 * Properties: copy, language, disclosure, conversation, pending, explain (function: message id → promise of the plain reason),
 * contest (function: message id, reason, address → promise, for <candor-contest>).
 * Events: `candor-press` with detail `{payload, title}`; `candor-choose` with detail `{purpose, choice, scope?, message}`; `candor-retry`, `candor-discard` with
 * detail `{clientMessageId}`; `candor-human`. Slots: default (after the last message). Parts: `disclosure`, `message`.
 * Method: focusDisclosure(). New messages are read out by <candor-widget>, not from here: this list also shows old ones.
 */
import { LitElement, html, nothing, type PropertyValues, type TemplateResult } from "lit";
import type { Choice, Disclosure, Message, Scope } from "../shared/api.ts";
import { define, emit, focusOn } from "../shared/element.ts";
import { type Language, otherLanguage } from "../shared/language.ts";
import type { Pending } from "../shared/send-queue.ts";
import { linked, wordsOf } from "../shared/text.ts";
import { when } from "../shared/times.ts";
import { inner } from "../shared/visitor.styles.ts";
import "./consent-card.ts";
import "./contest.ts";
import { consentFor, type Conversation, empty, type Entry } from "./conversation.ts";
import { copies, type Copy } from "./copy.ts";
import { styles } from "./messages.styles.ts";

type Reason = { text: string };

export class Messages extends LitElement {
  static override properties = {
    copy: { attribute: false },
    language: {},
    disclosure: { attribute: false },
    conversation: { attribute: false },
    pending: { attribute: false },
    explain: { attribute: false },
    contest: { attribute: false },
    reasons: { state: true },
  };
  static override styles = [inner, styles];

  copy: Copy = copies.en;
  language: Language = "en";
  disclosure: Disclosure | null = null;
  conversation: Conversation = empty;
  pending: readonly Pending[] = [];
  explain: (messageId: string) => Promise<string> = () => Promise.reject(new Error("not set"));
  contest: (messageId: string, reason: string, address: string) => Promise<void> = () => Promise.reject(new Error("not set"));
  reasons: ReadonlyMap<string, Reason> = new Map();
  #atEnd = true;
  #lastTop = 0;
  #lastHeight = 0;
  readonly #sizes = new ResizeObserver(() => {
    // Only the disclosure is read from its beginning; a form or a card below it counts as something said.
    if (this.#atEnd && this.conversation.entries.length + this.pending.length + this.childElementCount > 0) this.toEnd();
  });

  focusDisclosure(): void {
    focusOn(this, ".disclosure");
  }

  /** Goes to the newest message, e.g. when the panel is shown again. */
  toEnd(): void {
    const scroll = this.#scroller;
    if (scroll) scroll.scrollTop = scroll.scrollHeight;
    // A form that has just been opened makes the list grow: the field being written in stays in sight.
    const field = (this.renderRoot as ShadowRoot).activeElement?.shadowRoot?.activeElement;
    if (field?.matches("input, textarea")) field.scrollIntoView({ block: "center" });
  }

  override render(): unknown {
    const { copy, conversation, disclosure } = this;
    return html`<div class="scroll" tabindex="0" role="region" aria-label=${copy.conversation} @scroll=${this.#onScroll}>
      <div class="content">
        ${disclosure ? this.#disclosureCard(disclosure) : nothing}
        <ol role="list">
          ${conversation.entries.map((entry, at) => this.#entry(entry, at))}
          ${this.pending.map((one) => this.#waiting(one))}
        </ol>
        ${
          conversation.working
            ? html`<p class="working"><span class="dots" aria-hidden="true"><i></i><i></i><i></i></span>${copy.working}</p>`
            : nothing
        }
        ${conversation.unavailable === null ? nothing : this.#unavailable(conversation.unavailable)}
        <slot></slot>
      </div>
    </div>`;
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    const before = changed.get("pending");
    if (before && before.length < this.pending.length) this.#atEnd = true;
  }

  /** Cards and reasons get their size after the list does, so sizes are what is followed. */
  protected override firstUpdated(): void {
    this.#watchSizes();
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#watchSizes();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#sizes.disconnect();
  }

  #watchSizes(): void {
    for (const part of this.renderRoot?.querySelectorAll(".scroll, .content") ?? []) this.#sizes.observe(part);
  }

  get #scroller(): HTMLElement | null {
    return this.renderRoot.querySelector(".scroll");
  }

  #onScroll(): void {
    const scroll = this.#scroller;
    if (!scroll) return;
    const { scrollTop, scrollHeight, clientHeight } = scroll;
    // Only a move upwards by the visitor leaves the end: a list that has just grown is not at its end either, until it is
    // scrolled there, and one with a card that has just closed was moved by the browser.
    const moved = scrollTop < this.#lastTop && scrollHeight === this.#lastHeight;
    this.#atEnd = scrollHeight - scrollTop - clientHeight < 60 || (this.#atEnd && !moved);
    this.#lastTop = scrollTop;
    this.#lastHeight = scrollHeight;
  }

  #disclosureCard({ title, text, language }: Disclosure): TemplateResult {
    return html`<section class="disclosure" part="disclosure" tabindex="-1" lang=${language} aria-labelledby="disclosure">
      <h3 id="disclosure">${title}</h3>
      ${text.split(/\n\s*\n/).map((paragraph) => html`<p>${linked(paragraph)}</p>`)}
    </section>`;
  }

  #entry({ message }: Entry, at: number): TemplateResult {
    if (message.author === "system") return this.#system(message, at);
    return html`<li class="message ${message.author}" part="message">
      ${this.#author(message)} ${message.consent_request ? this.#consent(message) : this.#text(message)}
      ${this.#buttons(message, at)}
      ${message.author === "assistant" ? this.#why(message) : nothing}
    </li>`;
  }

  /** A request for consent is shown as its card alone: the text says the same, for clients that have no cards. */
  #text(message: Message): TemplateResult {
    return html`<div class="text" dir="auto" lang=${otherLanguage(message.text, this.language) ?? nothing}
      >${wordsOf(message)}</div
    >`;
  }

  /** One line is centred, as between two speakers; several lines, such as a reviewer's words, are set as text. */
  #system(message: Message, at: number): TemplateResult {
    return html`<li class="system ${message.text.includes("\n") ? "several" : ""}" part="message">
      ${this.#author(message)}
      <p dir="auto" lang=${otherLanguage(message.text, this.language) ?? nothing}>${linked(message.text)}</p>
      ${this.#buttons(message, at)}
    </li>`;
  }

  #author(message: Message): TemplateResult {
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
      ><time datetime=${message.created_at}>${when(message.created_at, language)}</time>
    </div>`;
  }

  #consent(message: Message): TemplateResult {
    const request = message.consent_request;
    return html`<candor-consent-card
      .copy=${this.copy}
      .language=${this.language}
      .request=${request}
      .consent=${consentFor(this.conversation, request?.purpose ?? "")}
      .current=${this.#isNewestRequest(message)}
      @candor-choose=${(event: CustomEvent<{ purpose: string; choice: Choice; scope?: Scope }>) => {
        event.stopPropagation();
        emit(this, "candor-choose", { ...event.detail, message });
      }}
    ></candor-consent-card>`;
  }

  #isNewestRequest(message: Message): boolean {
    const purpose = message.consent_request?.purpose;
    const newest = this.conversation.entries.findLast((entry) => entry.message.consent_request?.purpose === purpose);
    return newest?.message.id === message.id;
  }

  /** Buttons answer the newest message only; once the visitor has said something they have done their work. */
  #buttons(message: Message, at: number): TemplateResult | typeof nothing {
    const { entries } = this.conversation;
    const over = this.pending.length > 0 || entries.slice(at + 1).some((later) => later.message.author === "visitor");
    const buttons = message.consent_request ? [] : (message.buttons ?? []);
    if (over || buttons.length === 0) return nothing;
    return html`<div class="buttons">
      ${buttons.map(
        ({ title, payload }) =>
          html`<button type="button" class="button small" @click=${() => emit(this, "candor-press", { payload, title })}>
            ${title}
          </button>`,
      )}
    </div>`;
  }

  #why(message: Message): TemplateResult {
    const reason = this.reasons.get(message.id);
    return html`<div class="why">
      <button
        type="button"
        class="quiet"
        aria-expanded=${reason !== undefined}
        aria-controls="why-${message.id}"
        @click=${() => void this.#toggleReason(message.id)}
      >
        ${reason ? this.copy.whyHide : this.copy.why}
      </button>
      <candor-contest
        .copy=${this.copy}
        .state=${this.conversation.contests[message.id] ?? ""}
        .contest=${(reason: string, address: string) => this.contest(message.id, reason, address)}
      ></candor-contest>
      <div id="why-${message.id}" role="status">
        ${reason ? html`<p class="note" lang=${otherLanguage(reason.text, this.language) ?? nothing}>${linked(reason.text)}</p>` : nothing}
      </div>
    </div>`;
  }

  async #toggleReason(id: string): Promise<void> {
    if (this.reasons.has(id)) return this.#setReason(id, null);
    this.#setReason(id, { text: this.copy.whyLoading });
    const text = await this.explain(id).catch(() => this.copy.whyFailed);
    if (this.reasons.has(id)) this.#setReason(id, { text });
  }

  #setReason(id: string, reason: Reason | null): void {
    const reasons = new Map(this.reasons);
    if (reason) reasons.set(id, reason);
    else reasons.delete(id);
    this.reasons = reasons;
  }

  #waiting(one: Pending): TemplateResult {
    const { copy } = this;
    const detail = { clientMessageId: one.clientMessageId };
    return html`<li class="message visitor pending" part="message">
      <div class="author"><span>${copy.you}</span></div>
      <div class="text" dir="auto" lang=${otherLanguage(one.shown, this.language) ?? nothing}>${one.shown}</div>
      ${
        one.status === "failed"
          ? html`<div class="status failed">
            <span>${copy.notSent}${one.reason ? `: ${one.reason}` : ""}</span>
            <button type="button" class="button small" @click=${() => emit(this, "candor-retry", detail)}>${copy.retry}</button>
            <button type="button" class="button small" @click=${() => emit(this, "candor-discard", detail)}>${copy.discard}</button>
          </div>`
          : html`<div class="status">${copy.sending}</div>`
      }
    </li>`;
  }

  #unavailable(text: string): TemplateResult {
    const { copy, conversation } = this;
    const asked = conversation.owner === "human" || conversation.handoff?.state === "queued";
    return html`<div class="note warn unavailable">
      <p role="alert"><strong>${copy.cannotAnswer}</strong>${text || copy.keptMessage}</p>
      ${
        asked ? nothing : html`<button type="button" class="button small" @click=${() => emit(this, "candor-human")}>${copy.human}</button>`
      }
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
