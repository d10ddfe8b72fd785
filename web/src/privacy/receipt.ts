/**
 * <candor-receipt> What an erasure removed, store by store; it fills up while the last stores are being cleared.
 *
 * Properties: copy, language, level, receipt. Events: `keep` with detail `{format}`. Slots: none. Parts: `receipt`.
 * Method: focus() goes to the heading.
 */
import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import type { Language } from "../widget/copy.ts";
import { define, emit, moment } from "../widget/element.ts";
import { copies, type Copy } from "./copy.ts";
import { heading } from "./heading.ts";
import { sharedStyles } from "./styles.ts";
import type { Receipt, ReceiptStore } from "./types.ts";

const SIGNS: Record<ReceiptStore["state"], string> = { done: "✓", pending: "…", kept: "○" };

export class ReceiptView extends LitElement {
  static override properties = {
    copy: { attribute: false },
    language: {},
    level: { type: Number },
    receipt: { attribute: false },
  };
  static override styles = [
    sharedStyles,
    css`
      section {
        display: grid;
        gap: 12px;
        padding: 14px;
        border: 1px solid var(--edge);
        border-radius: var(--radius);
        background: var(--surface);
      }
      .state {
        color: var(--ink);
        font-weight: 600;
      }
      .listed {
        font-size: var(--text-s);
      }
      .pending .state {
        color: var(--warn);
      }
      .text {
        margin-top: 2px;
      }
      @media (max-width: 480px) {
        dl {
          grid-template-columns: 1fr;
        }
      }
    `,
  ];

  declare copy: Copy;
  declare language: Language;
  declare level: number;
  declare receipt: Receipt | null;

  constructor() {
    super();
    this.copy = copies.en;
    this.language = "en";
    this.level = 5;
    this.receipt = null;
  }

  override focus(): void {
    this.renderRoot.querySelector<HTMLElement>("#title")?.focus();
  }

  override render(): unknown {
    const { copy, language, receipt } = this;
    if (!receipt) return nothing;
    return html`<section part="receipt" aria-labelledby="title">
      ${heading(this.level, copy.receipt, "title")}
      <p role="status">${receipt.sentence}</p>
      <dl>
        <dt>${copy.receiptNumber}</dt>
        <dd>${receipt.request_id}</dd>
        <dt>${copy.askedAt}</dt>
        <dd>${moment(receipt.asked_at, language)}</dd>
        <dt>${copy.doneAt}</dt>
        <dd>${receipt.done_at ? moment(receipt.done_at, language) : copy.stillClearing}</dd>
        <dt>${copy.erasedConversations}</dt>
        <dd>${receipt.conversations.map((id) => html`<div>${id}</div>`)}</dd>
      </dl>
      <ul class="listed" role="list">
        ${receipt.stores.map((store) => this.store(store))}
      </ul>
      ${receipt.kept.map(({ conversation_id, reason }) => html`<p class="note">${copy.keptConversation(conversation_id, reason)}</p>`)}
      <p class="soft">${copy.keepReceipt}</p>
      <div class="pair">
        <button type="button" class="button" @click=${() => emit(this, "keep", { format: "html" })}>${copy.asPage}</button>
        <button type="button" class="button" @click=${() => emit(this, "keep", { format: "json" })}>${copy.asData}</button>
      </div>
    </section>`;
  }

  private store({ title, text, state }: ReceiptStore): TemplateResult {
    return html`<li class=${state}>
      <div><span aria-hidden="true">${SIGNS[state]} </span><span class="state">${this.copy.labelled(title, this.copy.storeStates[state])}</span></div>
      <p class="text soft">${text}</p>
    </li>`;
  }
}

define("candor-receipt", ReceiptView);
