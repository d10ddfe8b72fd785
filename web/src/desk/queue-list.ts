/**
 * The queue: who waits, which are mine, which are with colleagues, whom nobody reached.
 *
 * Properties: `queue`, `receivedAt` (milliseconds, when the queue came), `selected` (a conversation's id, or ""),
 * `unread` (ids of my conversations in which the visitor has written).
 * Events: `candor-select`, detail: the `Entry` to open. Arrows and j/k move; the focus stays when the queue changes.
 */
import { css, html, LitElement, nothing } from "lit";
import { repeat } from "lit/directives/repeat.js";
import { parts, tokens } from "../ui/tokens.ts";
import { KeepFocus } from "../ui/keep-focus.ts";
import { stepped } from "../staff/shortcuts.ts";
import { fullTime, languageName, when } from "../staff/times.ts";
import { EMPTY_QUEUE, everyEntry, groups, reasonText, triggerText, waitingText, type Group } from "./queue.ts";
import type { Entry, Queue } from "./types.ts";

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
  private clock: ReturnType<typeof setInterval> | undefined;
  private place = 0;

  constructor() {
    super();
    // An entry that moves to another group is drawn anew there: the focus follows it, or takes the next one's place.
    new KeepFocus(this, (lost) => {
      const again = this.buttons().find((button) => button.dataset["conversation"] === lost.dataset["conversation"]);
      return again ?? this.buttons()[Math.min(this.place, this.buttons().length - 1)] ?? this.renderRoot.querySelector<HTMLElement>("h3");
    });
  }

  static override styles = [
    tokens,
    parts,
    css`
      :host {
        display: block;
        padding: 4px 8px 16px;
      }
      h3 {
        display: flex;
        justify-content: space-between;
        margin: 14px 8px 6px;
        color: var(--muted);
        font: 650 var(--text-s) / 1.4 var(--font);
      }
      ul {
        margin: 0;
        padding: 0;
        list-style: none;
      }
      .entry {
        display: grid;
        grid-template-columns: minmax(0, 1fr) auto;
        gap: 1px 10px;
        width: 100%;
        margin-bottom: 2px;
        padding: 9px 10px;
        border: 1px solid transparent;
        border-radius: var(--radius-s);
        background: none;
        color: var(--ink);
        font: 400 var(--text-s) / 1.45 var(--font);
        text-align: start;
        cursor: pointer;
      }
      .entry.closed {
        cursor: default;
      }
      .entry:not(.closed, [aria-current]):hover {
        background: var(--raised);
      }
      .entry[aria-current] {
        border-color: var(--accent);
        background: var(--accent-soft);
      }
      .waits {
        border-color: var(--line);
        background: var(--surface);
      }
      .reason {
        display: -webkit-box;
        overflow: hidden;
        font-size: var(--text);
        font-weight: 600;
        line-height: 1.35;
        -webkit-box-orient: vertical;
        -webkit-line-clamp: 2;
      }
      .time {
        color: var(--human);
        font-variant-numeric: tabular-nums;
        font-weight: 650;
      }
      .entry[aria-current] .quiet,
      .quiet {
        color: var(--muted);
      }
      .entry[aria-current] .quiet {
        color: var(--on-accent-soft);
      }
      .last,
      .facts {
        grid-column: 1 / -1;
        overflow: hidden;
        text-overflow: ellipsis;
        white-space: nowrap;
      }
      .empty {
        margin: 0 8px;
        color: var(--muted);
        font-size: var(--text-s);
      }
      @media (forced-colors: active) {
        .entry[aria-current] {
          outline: 2px solid Highlight;
        }
      }
    `,
  ];

  override connectedCallback(): void {
    super.connectedCallback();
    this.clock = setInterval(() => (this.now = Date.now()), 1000);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearInterval(this.clock);
  }

  override render() {
    return groups(this.queue)
      .filter((group) => group.empty !== null || group.entries.length > 0)
      .map((group) => this.renderGroup(group));
  }

  /** Moves the focus up or down the list, coming in at the open conversation. */
  move(by: -1 | 1): void {
    const buttons = this.buttons();
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
    const buttons = this.buttons();
    (buttons.find((button) => button.dataset["conversation"] === id) ?? buttons[0])?.focus();
  }

  private buttons(): HTMLElement[] {
    return [...this.renderRoot.querySelectorAll<HTMLElement>("button.entry")];
  }

  private renderGroup(group: Group) {
    return html`<section aria-labelledby=${group.key}>
      <h3 id=${group.key} tabindex="-1">
        <span>${group.title}</span>${group.entries.length ? html`<span>${group.entries.length}</span>` : nothing}
      </h3>
      ${group.entries.length
        ? html`<ul>
            ${repeat(
              group.entries,
              (entry) => entry.handoff_id,
              (entry, at) => html`<li>${this.renderEntry(entry, group, at)}</li>`,
            )}
          </ul>`
        : html`<p class="empty">${group.empty}</p>`}
    </section>`;
  }

  private renderEntry(entry: Entry, group: Group, at: number) {
    if (group.key === "others") return html`<div class="entry closed">${this.renderInside(entry, group, at)}</div>`;
    const waits = group.key === "waiting";
    return html`<button
      class="entry ${waits ? "waits" : ""}"
      data-conversation=${entry.conversation_id}
      aria-current=${entry.conversation_id === this.selected ? "true" : nothing}
      @focus=${() => (this.place = this.buttons().findIndex((button) => button.dataset["conversation"] === entry.conversation_id))}
      @click=${() => this.dispatchEvent(new CustomEvent<Entry>("candor-select", { detail: entry }))}
    >
      ${this.renderInside(entry, group, at)}
    </button>`;
  }

  // What a colleague's visitor writes is not for others: such an entry says who has it, and cannot be opened.
  private renderInside(entry: Entry, group: Group, at: number) {
    const waits = group.key === "waiting";
    return html`<span class="reason">${waits ? `${at + 1}. ` : ""}${reasonText(entry)}</span>
      ${this.renderTime(entry, group)}
      ${entry.last_message ? html`<span class="last quiet" lang=${entry.language}>“${entry.last_message}”</span>` : nothing}
      <span class="facts quiet">
        ${this.unread.has(entry.conversation_id) ? html`<span class="tag human">New message</span> ` : nothing}${this.facts(entry, group)}
      </span>`;
  }

  private renderTime(entry: Entry, group: Group) {
    const title = `Asked for a human on ${fullTime(entry.queued_at)}`;
    if (group.key !== "waiting") return html`<time class="quiet" datetime=${entry.queued_at} title=${title}>${when(entry.queued_at)}</time>`;
    const text = waitingText(entry, this.receivedAt, this.now);
    return html`<time class="time" datetime=${entry.queued_at} title=${title}><span class="hidden">waiting for </span>${text}</time>`;
  }

  private facts(entry: Entry, group: Group): string {
    const language = languageName(entry.language);
    if (group.key === "others") return `${language} · with ${entry.agent_name ?? "a colleague"}`;
    if (group.key === "missed") return `${language} · ${entry.contact ? `write to ${entry.contact}` : "left no address"}`;
    const until = group.key === "waiting" && entry.expires_at ? ` · until ${when(entry.expires_at)}` : "";
    return `${language} · ${triggerText(entry)}${until}`;
  }
}

customElements.define("candor-queue-list", QueueList);
