/**
 * What was said around a decision: every message with its author, and between them what was decided. The look is recorded, so it
 * is fetched when somebody asks for it.
 *
 * Properties: `decision`, `why`.
 * Events: `candor-open`, detail: a decision's id; `candor-close`.
 */
import { html, LitElement, nothing } from "lit";
import type { Decision, ReviewedConversation as Conversation, SaidMessage, DecisionSummary } from "../shared/api.ts";
import { define, emit, focusOn } from "../shared/element.ts";
import { parts } from "../shared/parts.styles.ts";
import { wordsOf } from "../shared/text.ts";
import { fullTime, languageName, timeTag } from "../shared/times.ts";
import { isSignedOut, reportSignedOut, sentence } from "../staff/session.ts";
import { isPlainClick, linkTo } from "./address.ts";
import { fetchConversation } from "./api.ts";
import { styles } from "./conversation-panel.styles.ts";
import { plain, turnOf, withoutKind } from "./record.ts";
import type { Why } from "./why.ts";

type Item = { message: SaidMessage } | { decided: DecisionSummary };

export class ConversationPanel extends LitElement {
  static override properties = { decision: { attribute: false }, why: {}, conversation: { state: true }, trouble: { state: true } };
  decision: Decision | null = null;
  why: Why = "review";
  private conversation: Conversation | null = null;
  private trouble = "";
  #asking = new AbortController();

  static override styles = [parts, styles];

  override willUpdate(changed: Map<PropertyKey, unknown>): void {
    const { decision } = this;
    if (!changed.has("decision") || !decision) return;
    if (this.conversation?.conversation_id !== decision.conversation_id) void this.#load(decision);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#asking.abort();
  }

  override updated(changed: Map<PropertyKey, unknown>): void {
    if (changed.has("conversation") || changed.has("decision")) this.#showTurn();
  }

  /** Scrolls the panel alone, never the page around it. */
  #showTurn(): void {
    const [box, here] = [this.renderRoot.querySelector<HTMLElement>(".scroll"), this.renderRoot.querySelector<HTMLElement>(".here")];
    if (box && here) box.scrollTop = here.offsetTop - box.clientHeight / 3;
  }

  focusTitle(): void {
    focusOn(this, "h2");
  }

  override render() {
    const { conversation } = this;
    return html`<header>
        <div>
          <h2 tabindex="-1">Conversation</h2>
          ${conversation ? html`<span class="about">${languageName(conversation.language)} · ${count(conversation.messages)}</span>` : nothing}
        </div>
        <button class="button small" @click=${() => emit(this, "candor-close")}>Close</button>
      </header>
      <div class="scroll" tabindex="0" role="region" aria-label="Messages and decisions">${this.#renderContent()}</div>`;
  }

  #renderContent() {
    const { conversation } = this;
    if (this.trouble)
      return html`<p class="note danger" role="alert">${this.trouble}</p>
        <button class="button small" @click=${() => this.decision && void this.#load(this.decision)}>Try again</button>`;
    if (!conversation) return html`<p class="note" role="status">Loading…</p>`;
    return html`${conversation.erased ? html`<p class="note">What was said was erased. What was decided stays in the log.</p>` : nothing}
      <ol>
        ${inOrder(conversation).map((item) => ("message" in item ? this.#renderMessage(item.message, conversation) : this.#renderDecided(item.decided)))}
      </ol>`;
  }

  #renderMessage(message: SaidMessage, conversation: Conversation) {
    const here = this.#isHere(message);
    return html`<li class="message ${message.author} ${here ? "here" : ""}">
      <div class="meta">
        <span class="tag ${message.author === "assistant" ? "ai" : message.author}">${authorOf(message)}</span>${timeTag(message.created_at)}
        ${here ? html`<span>This turn</span>` : nothing}
      </div>
      <div class="text" lang=${conversation.language} dir="auto">${wordsOf(message)}</div>
    </li>`;
  }

  #renderDecided(one: DecisionSummary) {
    const here = one.decision_id === this.decision?.decision_id;
    return html`<li>
      <a
        href=${linkTo({ decision: one.decision_id })}
        title=${fullTime(one.timestamp)}
        aria-current=${here ? "true" : nothing}
        @click=${(event: MouseEvent) => this.#open(event, one.decision_id)}
        ><span class="kind">${plain(one.kind)}</span> ${withoutKind(one.summary, one.kind)}</a
      >
    </li>`;
  }

  #isHere(message: SaidMessage): boolean {
    const turn = this.decision ? turnOf(this.decision) : "";
    return turn !== "" && (message.id === turn || message.reply_to === turn);
  }

  #open(event: MouseEvent, id: string): void {
    if (!isPlainClick(event)) return;
    event.preventDefault();
    emit<string>(this, "candor-open", id);
  }

  async #load(decision: Decision): Promise<void> {
    this.#asking.abort();
    const { signal } = (this.#asking = new AbortController());
    this.conversation = null;
    this.trouble = "";
    try {
      this.conversation = await fetchConversation(decision.decision_id, this.why, signal);
    } catch (error) {
      if (signal.aborted) return;
      if (isSignedOut(error)) reportSignedOut(this);
      this.trouble = sentence(error);
    }
  }
}

/** A turn's records are written together with its replies and listed before them. Milliseconds. */
const WRITING = 1000;

/** Messages and decisions in the one order in which they came; a reply follows the decisions that it came from. */
export function inOrder({ messages, decisions }: Conversation): Item[] {
  const timed = messages.map((message) => ({ message, at: Date.parse(message.created_at) }));
  const items = [...decisions.map((decided) => ({ decided, at: placeOf(Date.parse(decided.timestamp), timed) })), ...timed];
  return items.sort((one, other) => one.at - other.at);
}

/** A decision's own moment, or that of the first reply of its turn when that was written with it. */
function placeOf(moment: number, messages: { message: SaidMessage; at: number }[]): number {
  const before = messages.filter((one) => one.at <= moment);
  const asked = before.filter((one) => one.message.author === "visitor").at(-1)?.at ?? 0;
  const replies = before.filter((one) => one.message.reply_to !== null && one.at >= asked && moment - one.at < WRITING);
  return replies[0]?.at ?? moment;
}

const count = (messages: SaidMessage[]): string => (messages.length === 1 ? "one message" : `${messages.length} messages`);

function authorOf(message: SaidMessage): string {
  switch (message.author) {
    case "visitor":
      return "Visitor";
    case "assistant":
      return "AI assistant";
    case "human":
      return `${message.author_name ?? "A colleague"} (human)`;
    default:
      return "System";
  }
}

define("candor-conversation-panel", ConversationPanel);
