/**
 * The decisions, newest first. Each is a link, so that it can be opened in a tab of its own too.
 *
 * Properties: `decisions`, `selected` (an id), `more` (there are older ones), `busy`, `filters` (for the links).
 * Events: `candor-open`, detail: a decision's id; `candor-more`.
 */
import { css, html, LitElement, nothing } from "lit";
import { repeat } from "lit/directives/repeat.js";
import { parts, tokens } from "../ui/tokens.ts";
import { KeepFocus } from "../staff/keep-focus.ts";
import { stepped } from "../staff/shortcuts.ts";
import { timeTag } from "../staff/times.ts";
import { searchOf, type Filters } from "./filters.ts";
import { percent, plain, withoutKind } from "./record.ts";
import type { Summary } from "./types.ts";

export class DecisionList extends LitElement {
  static override properties = {
    decisions: { attribute: false },
    filters: { attribute: false },
    selected: {},
    more: { type: Boolean },
    busy: { type: Boolean },
  };
  decisions: Summary[] = [];
  filters: Filters = {};
  selected = "";
  more = false;
  busy = false;

  constructor() {
    super();
    new KeepFocus(this, () => this.rows().at(-1));
  }

  static override styles = [
    tokens,
    parts,
    css`
      ol {
        margin: 0;
        padding: 0 8px;
        list-style: none;
      }
      a {
        display: grid;
        grid-template-columns: minmax(0, 1fr) auto;
        gap: 0 10px;
        padding: 7px 8px;
        border: 1px solid transparent;
        border-radius: var(--radius-s);
        color: var(--ink);
        font-size: var(--text-s);
        text-decoration: none;
      }
      li + li {
        margin-top: 1px;
        padding-top: 1px;
        border-top: 1px solid var(--line);
      }
      a:not([aria-current]):hover {
        background: var(--raised);
      }
      a[aria-current] {
        border-color: var(--accent);
        background: var(--accent-soft);
      }
      .summary {
        display: -webkit-box;
        overflow: hidden;
        font-size: var(--text);
        line-height: 1.4;
        -webkit-box-orient: vertical;
        -webkit-line-clamp: 2;
      }
      time,
      .facts {
        color: var(--muted);
        font-variant-numeric: tabular-nums;
      }
      a[aria-current] :is(time, .facts) {
        color: var(--on-accent-soft);
      }
      .facts {
        grid-column: 1 / -1;
        overflow: hidden;
        text-overflow: ellipsis;
        white-space: nowrap;
      }
      .kind {
        margin-inline-end: 3px;
        color: var(--ai);
        font-size: var(--text-s);
        font-weight: 650;
      }
      a[aria-current] .kind {
        color: inherit;
      }
      .more {
        display: block;
        margin: 12px auto 20px;
      }
      @media (forced-colors: active) {
        a[aria-current] {
          outline: 2px solid Highlight;
        }
      }
    `,
  ];

  override render() {
    return html`<ol aria-label="Decisions, newest first">
        ${repeat(
          this.decisions,
          (one) => one.decision_id,
          (one) => html`<li>${this.renderRow(one)}</li>`,
        )}
      </ol>
      ${this.more
        ? html`<button class="button small more" aria-disabled=${this.busy ? "true" : nothing} @click=${this.askMore}>
            ${this.busy ? "Loading…" : "Show older decisions"}
          </button>`
        : nothing}`;
  }

  /** Moves the focus up or down, coming in at the open decision. */
  move(by: -1 | 1): void {
    const rows = this.rows();
    const at = rows.findIndex((row) => row === this.shadowRoot?.activeElement);
    const open = rows.findIndex((row) => row.hasAttribute("aria-current"));
    const to = at < 0 && open >= 0 ? stepped(open, by, rows.length) : stepped(at, by, rows.length);
    rows[to]?.focus();
    rows[to]?.scrollIntoView({ block: "nearest" });
  }

  get hasFocus(): boolean {
    return this.shadowRoot?.activeElement instanceof HTMLAnchorElement;
  }

  /** To this decision's row, or to the first one. */
  focusRow(id: string): void {
    (this.rows().find((row) => row.dataset["id"] === id) ?? this.rows()[0])?.focus();
  }

  private rows(): HTMLElement[] {
    return [...this.renderRoot.querySelectorAll<HTMLElement>("a")];
  }

  private renderRow(one: Summary) {
    const facts = [one.intent && plain(one.intent), one.confidence !== null && percent(one.confidence)].filter(Boolean).join(" · ");
    return html`<a
      href=${`/review${searchOf(this.filters, one.decision_id)}`}
      data-id=${one.decision_id}
      aria-current=${one.decision_id === this.selected ? "true" : nothing}
      @click=${(event: MouseEvent) => this.open(event, one.decision_id)}
    >
      <span class="summary"><span class="kind">${plain(one.kind)}</span> ${withoutKind(one.summary, one.kind)}</span>${timeTag(one.timestamp)}
      ${facts ? html`<span class="facts">${facts}</span>` : nothing}
    </a>`;
  }

  private open(event: MouseEvent, id: string): void {
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return;
    event.preventDefault();
    this.dispatchEvent(new CustomEvent<string>("candor-open", { detail: id }));
  }

  private readonly askMore = (): void => {
    if (!this.busy) this.dispatchEvent(new CustomEvent("candor-more"));
  };
}

customElements.define("candor-decision-list", DecisionList);
