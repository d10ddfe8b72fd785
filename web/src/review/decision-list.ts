/**
 * The decisions, newest first, one line each. Each is a link, so that it can be opened in a tab of its own too. Older ones come
 * by themselves when the end comes into sight.
 *
 * Properties: `decisions`, `selected` (an id), `more` (there are older ones), `busy`, `filters` and `queue` (for the links),
 * `label` (what the list is called).
 * Events: `candor-open`, detail: a decision's id; `candor-more`; `candor-halt` (stop searching).
 */
import { html, LitElement, nothing } from "lit";
import { repeat } from "lit/directives/repeat.js";
import type { ContestState, DecisionSummary, Verdict } from "../shared/api.ts";
import { define, emit } from "../shared/element.ts";
import { KeepFocus } from "../shared/keep-focus.ts";
import { parts } from "../shared/parts.styles.ts";
import { languageName, timeTag } from "../shared/times.ts";
import { stepped } from "../staff/shortcuts.ts";
import { isPlainClick, linkTo } from "./address.ts";
import { styles } from "./decision-list.styles.ts";
import type { Filters } from "./filters.ts";
import { percent, plain, shortId, withoutKind, withoutShare } from "./record.ts";

const MARKS: Record<Verdict, [sign: string, text: string]> = {
  right: ["✓", "Reviewed: right"],
  wrong: ["✗", "Reviewed: wrong"],
  unsure: ["?", "Reviewed: unsure"],
};
const CONTESTS: Record<ContestState, [sign: string, text: string]> = {
  open: ["!", "Contested by the visitor, not decided yet"],
  upheld: ["=", "Contested; the reply stands"],
  overturned: ["↺", "Contested; the reply was overturned"],
};

export class DecisionList extends LitElement {
  static override properties = {
    decisions: { attribute: false },
    filters: { attribute: false },
    queue: {},
    label: {},
    selected: {},
    more: { type: Boolean },
    busy: { type: Boolean },
  };
  decisions: DecisionSummary[] = [];
  filters: Filters = {};
  queue = "";
  label = "Decisions, newest first";
  selected = "";
  more = false;
  busy = false;
  readonly #sight = new IntersectionObserver((entries) => {
    if (entries.some((entry) => entry.isIntersecting)) this.#askMore();
  });

  constructor() {
    super();
    new KeepFocus(this, () => this.#rows().at(-1));
  }

  static override styles = [parts, styles];

  override render() {
    return html`<ol aria-label=${this.label}>
        ${repeat(
          this.decisions,
          (one) => one.decision_id,
          (one) => html`<li>${this.#renderRow(one)}</li>`,
        )}
      </ol>
      ${this.more || this.busy ? this.#renderEnd() : nothing}`;
  }

  /** The end is looked for again after each change: one that stays in sight is not reported twice. */
  override updated(): void {
    this.#sight.disconnect();
    const end = this.renderRoot.querySelector(".more");
    if (end && !this.busy) this.#sight.observe(end);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#sight.disconnect();
  }

  /** Moves the focus up or down, coming in at the open decision. */
  move(by: -1 | 1): void {
    const rows = this.#rows();
    const at = rows.findIndex((row) => row === this.shadowRoot?.activeElement);
    const open = rows.findIndex((row) => row.hasAttribute("aria-current"));
    const to = at < 0 && open >= 0 ? stepped(open, by, rows.length) : stepped(at, by, rows.length);
    rows[to]?.focus();
    rows[to]?.scrollIntoView({ block: "nearest" });
    if (to === rows.length - 1) this.#askMore();
  }

  get hasFocus(): boolean {
    return this.shadowRoot?.activeElement instanceof HTMLAnchorElement;
  }

  /** To this decision's row, or to the first one. */
  focusRow(id: string): void {
    (this.#row(id) ?? this.#rows()[0])?.focus();
  }

  /** Scrolls only as far as it takes to see this decision's row. */
  showRow(id: string): void {
    this.#row(id)?.scrollIntoView({ block: "nearest" });
  }

  #row(id: string): HTMLElement | undefined {
    return this.#rows().find((row) => row.dataset["id"] === id);
  }

  #rows(): HTMLElement[] {
    return [...this.renderRoot.querySelectorAll<HTMLElement>("a")];
  }

  #renderRow(one: DecisionSummary) {
    return html`<a
      href=${linkTo({ filters: this.filters, queue: this.queue, decision: one.decision_id })}
      data-id=${one.decision_id}
      aria-current=${one.decision_id === this.selected ? "true" : nothing}
      @click=${(event: MouseEvent) => this.#open(event, one.decision_id)}
    >
      ${timeTag(one.timestamp)}
      <span class="what"><span class="kind">${plain(one.kind)}</span> ${withoutShare(withoutKind(one.summary, one.kind))}</span>
      <span class="fact">${one.intent && plain(one.intent)}</span>
      <span class="number">${one.confidence === null ? nothing : percent(one.confidence)}</span>
      <span class="fact">${languageName(one.language)}</span>
      <span class="fact id" title="Model ${one.model ?? ""}">${one.model?.slice(0, 8)}</span>
      <span class="fact id" title="Conversation ${one.conversation_id}">${shortId(one.conversation_id)}</span>
      <span class="marks">${one.verdict ? mark(one.verdict, MARKS[one.verdict]) : nothing}
        ${one.contest ? mark(`contest ${one.contest}`, CONTESTS[one.contest]) : nothing}</span>
    </a>`;
  }

  #renderEnd() {
    return html`<div class="end">
      ${
        this.busy
          ? html`<span class="number">${this.decisions.length ? "Looking for older ones…" : "Looking…"}</span>
            <button class="button small" @click=${() => emit(this, "candor-halt")}>Stop looking</button>`
          : html`<button class="button small more" @click=${this.#askMore}>Show more</button>`
      }
    </div>`;
  }

  #open(event: MouseEvent, id: string): void {
    if (!isPlainClick(event)) return;
    event.preventDefault();
    emit<string>(this, "candor-open", id);
  }

  readonly #askMore = (): void => {
    if (this.more && !this.busy) emit(this, "candor-more");
  };
}

const mark = (kind: string, [sign, text]: [string, string]) =>
  html`<span class="mark ${kind}" title=${text}><span aria-hidden="true">${sign}</span><span class="hidden">${text}</span></span>`;

define("candor-decision-list", DecisionList);
