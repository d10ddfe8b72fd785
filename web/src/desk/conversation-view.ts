/**
 * One conversation: what it is about, what can be done with it, what was said, and where to write.
 *
 * Properties: `conversation` (an `OpenConversation`), `me` (my name), `mine` (I answer it), `notice` (a sentence after an action).
 * Events: `candor-claim`, `candor-hand-back`, `candor-close`, `candor-back` (to the queue, on a phone).
 */
import { html, LitElement, nothing } from "lit";
import type { ConsentState, Message, QueueEntry as Entry } from "../shared/api.ts";
import { define, emit } from "../shared/element.ts";
import { KeepFocus } from "../shared/keep-focus.ts";
import { parts } from "../shared/parts.styles.ts";
import { languageName, timeTag } from "../shared/times.ts";
import { contactLink } from "../staff/contact.ts";
import { reportSignedOut } from "../staff/session.ts";
import { Composer } from "./composer.ts";
import { styles } from "./conversation-view.styles.ts";
import "./message-log.ts";
import type { Change, OpenConversation } from "./open-conversation.ts";
import { readOnlyReason, reasonText, triggerText } from "./queue.ts";
import { authorLabel } from "./timeline.ts";

const CONSENTS: Partial<Record<ConsentState, string>> = {
  requested: "asked, not answered",
  given: "allowed",
  refused: "refused",
  withdrawn: "withdrawn",
  expired: "ran out",
};

export class ConversationView extends LitElement {
  static override properties = {
    conversation: { attribute: false },
    me: {},
    mine: { type: Boolean },
    busy: { type: Boolean },
    notice: {},
    fresh: { state: true },
  };
  conversation: OpenConversation | null = null;
  me = "";
  mine = false;
  busy = false;
  notice = "";
  private fresh = "";
  #stopListening = (): void => undefined;

  constructor() {
    super();
    new KeepFocus(this, () => this.renderRoot.querySelector<HTMLElement>("h2"));
  }

  static override styles = [parts, styles];

  override willUpdate(changed: Map<PropertyKey, unknown>): void {
    if (!changed.has("conversation")) return;
    this.#stopListening();
    this.fresh = "";
    this.#stopListening = this.conversation?.listen((change) => this.#take(change)) ?? this.#stopListening;
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#stopListening();
  }

  /** To the field where it may be written, else to the conversation's title. */
  async focusMain(): Promise<void> {
    await this.updateComplete;
    const field = this.renderRoot.querySelector<Composer>("candor-composer");
    await field?.updateComplete;
    (field ?? this.renderRoot.querySelector<HTMLElement>("h2"))?.focus();
  }

  override render() {
    const conversation = this.conversation;
    if (!conversation) return nothing;
    return html`${this.#renderHeader(conversation)}
      <candor-message-log
        .items=${this.#mayRead(conversation) ? conversation.timeline.read() : []}
        .pending=${conversation.outgoing.pending}
        .me=${this.me}
        .language=${conversation.entry?.language ?? "en"}
        .fresh=${this.fresh}
        @candor-retry=${() => conversation.outgoing.retry()}
        @candor-discard=${(event: CustomEvent<string>) => this.#discard(conversation, event.detail)}
      ></candor-message-log>
      <footer>${this.#renderFooter(conversation)}</footer>`;
  }

  /** What a colleague's visitor writes is between the two of them, also when it was open here while it waited. */
  #mayRead(conversation: OpenConversation): boolean {
    return this.mine || conversation.entry?.state !== "accepted";
  }

  #renderHeader(conversation: OpenConversation) {
    const entry = conversation.entry;
    return html`<header>
      <div class="what">
        <h2 tabindex="-1">${entry ? reasonText(entry) : "Conversation"}</h2>
        ${entry && !conversation.erased ? this.#renderFacts(conversation, entry) : nothing}
      </div>
      <div class="actions">
        <button class="button small back" @click=${() => this.#ask("candor-back")}>Back to the queue</button>
        ${entry && !conversation.erased ? this.#renderActions(entry) : nothing}
      </div>
      <div class="notes">
        <div role="alert">${this.notice ? html`<p class="note warn">${this.notice}</p>` : nothing}</div>
        <div role="status">${this.#renderTrouble(conversation)}</div>
      </div>
    </header>`;
  }

  #renderFacts(conversation: OpenConversation, entry: Entry) {
    const known = conversation.consents.filter((one) => CONSENTS[one.state]);
    return html`<ul class="facts">
      <li>Answering now: <strong>${this.#speakerNow(conversation, entry)}</strong></li>
      <li>${languageName(entry.language)}</li>
      <li>Visitor ${triggerText(entry).replace(/^assistant/, "did not ask; the assistant")} at ${timeTag(entry.queued_at)}</li>
      ${known.map((one) => html`<li>${one.title}: <strong>${CONSENTS[one.state]}</strong></li>`)}
    </ul>`;
  }

  #speakerNow(conversation: OpenConversation, entry: Entry): string {
    if (this.mine) return "you (human)";
    if (entry.state === "accepted") return `${entry.agent_name ?? "a colleague"} (human)`;
    return conversation.speaker?.owner === "human" ? `${conversation.speaker.human_name ?? "a colleague"} (human)` : "AI assistant";
  }

  #renderActions(entry: Entry) {
    if (entry.state === "queued")
      return html`<button class="button small primary" ?disabled=${this.busy} @click=${() => this.#ask("candor-claim")}>Claim</button>`;
    if (entry.state === "expired")
      return html`<button class="button small" ?disabled=${this.busy} @click=${() => this.#ask("candor-close")}>Done, take off the list</button>`;
    if (!this.mine) return nothing;
    return html`<button class="button small" ?disabled=${this.busy} @click=${() => this.#ask("candor-hand-back")}>
        Hand back to the assistant
      </button>
      <button class="button small" ?disabled=${this.busy} @click=${() => this.#ask("candor-close")}>Close</button>`;
  }

  #renderTrouble(conversation: OpenConversation) {
    if (conversation.trouble && (conversation.erased || this.#mayRead(conversation)))
      return html`<p class="note danger">${conversation.trouble}</p>`;
    if (conversation.status === "waiting") return html`<p class="note">The connection is lost. Reconnecting; nothing will be missed.</p>`;
    return nothing;
  }

  #renderFooter(conversation: OpenConversation) {
    const entry = conversation.entry;
    if (conversation.erased) return nothing;
    if (!entry) return conversation.trouble ? nothing : html`<p class="note">Loading…</p>`;
    if (this.mine)
      return html`<candor-composer
        .draft=${conversation.draft}
        @candor-draft=${(event: CustomEvent<string>) => (conversation.draft = event.detail)}
        @candor-send=${(event: CustomEvent<string>) => conversation.outgoing.add(event.detail)}
      ></candor-composer>`;
    return html`<p class="note read-only">
      ${readOnlyReason(entry, this.mine)}
      ${entry.contact ? html` <a href=${contactLink(entry.contact)}>${entry.contact}</a>` : nothing}
    </p>`;
  }

  #discard(conversation: OpenConversation, clientMessageId: string): void {
    const text = conversation.outgoing.discard(clientMessageId);
    conversation.draft = [conversation.draft, text].filter(Boolean).join("\n");
    this.requestUpdate();
    void this.focusMain();
  }

  #take(change: Change): void {
    if (change.signedOut) return reportSignedOut(this);
    if (change.fresh && !this.#isMine(change.fresh)) this.fresh = `${authorLabel(change.fresh, this.me)}: ${change.fresh.text}`;
    this.requestUpdate();
  }

  #isMine(message: Message): boolean {
    return message.author === "human" && message.author_name === this.me;
  }

  #ask(name: `candor-${string}`): void {
    emit(this, name);
  }
}

define("candor-conversation-view", ConversationView);
