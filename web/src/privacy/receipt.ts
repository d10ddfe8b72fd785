/**
 * <candor-receipt> What an erasure removed, store by store; it fills up while the last stores are being cleared.
 *
 * Properties: copy, language, level, receipt. Events: `candor-keep` with detail `{format}`. Slots: none. Parts: `candor-receipt`.
 * Method: focus() goes to the heading.
 */
import { html, LitElement, nothing, type TemplateResult } from "lit";
import type { ErasureReceipt, ErasedStore } from "../shared/api.ts";
import { define, emit, focusOn } from "../shared/element.ts";
import type { Language } from "../shared/language.ts";
import { moment } from "../shared/times.ts";
import { copies, type Copy } from "./copy.ts";
import { heading } from "./heading.ts";
import { styles } from "./receipt.styles.ts";
import { sharedStyles } from "./common.styles.ts";

const SIGNS: Record<ErasedStore["state"], string> = { done: "✓", pending: "…", kept: "○" };

export class ReceiptView extends LitElement {
  static override properties = { copy: { attribute: false }, language: {}, level: { type: Number }, receipt: { attribute: false } };
  static override styles = [sharedStyles, styles];

  copy: Copy = copies.en;
  language: Language = "en";
  level = 5;
  receipt: ErasureReceipt | null = null;

  override focus(): void {
    focusOn(this, "#title");
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
        ${receipt.stores.map((store) => this.#store(store))}
      </ul>
      ${receipt.kept.map(({ conversation_id, reason }) => html`<p class="note">${copy.keptConversation(conversation_id, reason)}</p>`)}
      <p class="soft">${copy.keepReceipt}</p>
      <div class="pair">
        <button type="button" class="button" @click=${() => emit(this, "candor-keep", { format: "html" })}>${copy.asPage}</button>
        <button type="button" class="button" @click=${() => emit(this, "candor-keep", { format: "json" })}>${copy.asData}</button>
      </div>
    </section>`;
  }

  #store({ title, text, state }: ErasedStore): TemplateResult {
    return html`<li class=${state}>
      <div><span aria-hidden="true">${SIGNS[state]} </span><span class="state">${this.copy.labelled(title, this.copy.storeStates[state])}</span></div>
      <p class="text soft">${text}</p>
    </li>`;
  }
}

define("candor-receipt", ReceiptView);
