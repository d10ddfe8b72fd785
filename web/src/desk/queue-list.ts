/**
 * The queue: who waits, which are mine, which are with colleagues, whom nobody reached.
 *
 * Properties: `queue`, `receivedAt` (milliseconds, when the queue came), `selected` (a conversation's id, or ""),
 * `unread` (ids of my conversations in which the visitor has written).
 * Events: `candor-select`, detail: the `Entry` to open. Arrows and j/k move; the focus stays when the queue changes.
 */
import { html, LitElement, nothing } from "lit";
import { repeat } from "lit/directives/repeat.js";
import type { DeskQueue as Queue, QueueEntry as Entry } from "../shared/api.ts";
import { define, emit } from "../shared/element.ts";
import { KeepFocus } from "../shared/keep-focus.ts";
import { parts } from "../shared/parts.styles.ts";
import { fullTime, languageName, when } from "../shared/times.ts";
import { stepped } from "../staff/shortcuts.ts";
import { styles } from "./queue-list.styles.ts";
import { EMPTY_QUEUE, everyEntry, type Group, groups, reasonText, triggerText, waitingText } from "./queue.ts";

export class QueueList extends LitElement {
  static override properties = {
    queue: { attribute: false },
    receivedAt: { attribute: false },
    selected: {},
    unread: { attribute: false },
    now: { state: true },
  };
  queue: Queue = EMPTY_QUEUE;
  receivedAt = 0;
  selected = "";
  unread: ReadonlySet<string> = new Set();
  private now = Date.now();
  #clock: ReturnType<typeof setInterval> | undefined;
  #place = 0;

  constructor() {
    super();
    // An entry that moves to another group is drawn anew there: the focus follows it, or takes the next one's place.
    new KeepFocus(this, (lost) => {
      const again = this.#buttons().find((button) => button.dataset["conversation"] === lost.dataset["conversation"]);
      return (
        again ?? this.#buttons()[Math.min(this.#place, this.#buttons().length - 1)] ?? this.renderRoot.querySelector<HTMLElement>("h3")
      );
    });
  }

  static override styles = [parts, styles];

  override connectedCallback(): void {
    super.connectedCallback();
    this.#clock = setInterval(() => (this.now = Date.now()), 1000);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearInterval(this.#clock);
  }

  override render() {
    return groups(this.queue)
      .filter((group) => group.empty !== null || group.entries.length > 0)
      .map((group) => this.#renderGroup(group));
  }

  /** Moves the focus up or down the list, coming in at the open conversation. */
  move(by: -1 | 1): void {
    const buttons = this.#buttons();
    const at = buttons.findIndex((button) => button === this.shadowRoot?.activeElement);
    const open = buttons.findIndex((button) => button.dataset["conversation"] === this.selected);
    const to = at < 0 && open >= 0 ? open : stepped(at, by, buttons.length);
    buttons[to]?.focus();
    buttons[to]?.scrollIntoView({ block: "nearest" });
  }

  /** The entry that has the focus. */
  focusedEntry(): Entry | undefined {
    const focused = this.shadowRoot?.activeElement as HTMLElement | null;
    return everyEntry(this.queue).find((entry) => entry.conversation_id === focused?.dataset["conversation"]);
  }

  /** To this conversation's entry, or to the first one. */
  focusConversation(id: string): void {
    const buttons = this.#buttons();
    (buttons.find((button) => button.dataset["conversation"] === id) ?? buttons[0])?.focus();
  }

  #buttons(): HTMLElement[] {
    return [...this.renderRoot.querySelectorAll<HTMLElement>("button.entry")];
  }

  #renderGroup(group: Group) {
    return html`<section aria-labelledby=${group.key}>
      <h3 id=${group.key} tabindex="-1">
        <span>${group.title}</span>${group.entries.length ? html`<span>${group.entries.length}</span>` : nothing}
      </h3>
      ${
        group.entries.length
          ? html`<ul>
            ${repeat(
              group.entries,
              (entry) => entry.handoff_id,
              (entry, at) => html`<li>${this.#renderEntry(entry, group, at)}</li>`,
            )}
          </ul>`
          : html`<p class="empty">${group.empty}</p>`
      }
    </section>`;
  }

  #renderEntry(entry: Entry, group: Group, at: number) {
    if (group.key === "others") return html`<div class="entry closed">${this.#renderInside(entry, group, at)}</div>`;
    const waits = group.key === "waiting";
    return html`<button
      class="entry ${waits ? "waits" : ""}"
      data-conversation=${entry.conversation_id}
      aria-current=${entry.conversation_id === this.selected ? "true" : nothing}
      @focus=${() => (this.#place = this.#buttons().findIndex((button) => button.dataset["conversation"] === entry.conversation_id))}
      @click=${() => emit<Entry>(this, "candor-select", entry)}
    >
      ${this.#renderInside(entry, group, at)}
    </button>`;
  }

  // What a colleague's visitor writes is not for others: such an entry says who has it, and cannot be opened.
  #renderInside(entry: Entry, group: Group, at: number) {
    const waits = group.key === "waiting";
    return html`<span class="reason">${waits ? `${at + 1}. ` : ""}${reasonText(entry)}</span>
      ${this.#renderTime(entry, group)}
      ${entry.last_message ? html`<span class="last quiet" lang=${entry.language}>“${entry.last_message}”</span>` : nothing}
      <span class="facts quiet">
        ${this.unread.has(entry.conversation_id) ? html`<span class="tag human">New message</span> ` : nothing}${this.#facts(entry, group)}
      </span>`;
  }

  #renderTime(entry: Entry, group: Group) {
    const title = `Asked for a human on ${fullTime(entry.queued_at)}`;
    if (group.key !== "waiting")
      return html`<time class="quiet" datetime=${entry.queued_at} title=${title}>${when(entry.queued_at)}</time>`;
    const text = waitingText(entry, this.receivedAt, this.now);
    return html`<time class="time" datetime=${entry.queued_at} title=${title}><span class="hidden">waiting for </span>${text}</time>`;
  }

  #facts(entry: Entry, group: Group): string {
    const language = languageName(entry.language);
    if (group.key === "others") return `${language} · with ${entry.agent_name ?? "a colleague"}`;
    if (group.key === "missed") return `${language} · ${entry.contact ? `write to ${entry.contact}` : "left no address"}`;
    const until = group.key === "waiting" && entry.expires_at ? ` · until ${when(entry.expires_at)}` : "";
    return `${language} · ${triggerText(entry)}${until}`;
  }
}

define("candor-queue-list", QueueList);
