/**
 * Decisions as dense rows, each a link.
 *
 * Properties: `decisions`, `queue` (its name, which opens with the decision), `label` (for screen readers).
 * Event: `candor-open` (console-page.ts). Arrows and j/k move from outside by `move`.
 */
import { css, html, LitElement, nothing } from "lit";
import { repeat } from "lit/directives/repeat.js";
import { stepped } from "../staff/shortcuts.ts";
import { languageName, timeTag } from "../staff/times.ts";
import { parts, tokens } from "../ui/tokens.ts";
import { decisionAddress, openOn, type Opening } from "./console-page.ts";
import { percent, plain, withoutKind } from "./record.ts";
import type { Summary } from "./types.ts";

export class SummaryRows extends LitElement {
  static override properties = { decisions: { attribute: false }, queue: {}, label: {} };
  decisions: Summary[] = [];
  queue = "";
  label = "Decisions";

  static override styles = [
    tokens,
    parts,
    css`
      ol {
        margin: 0;
        padding: 0;
        border-top: 1px solid var(--line);
        list-style: none;
      }
      li {
        border-bottom: 1px solid var(--line);
      }
      a {
        display: grid;
        grid-template-columns: minmax(0, 1fr) auto;
        gap: 0 16px;
        align-items: baseline;
        padding: 5px 10px;
        border-radius: var(--radius-s);
        color: var(--ink);
        text-decoration: none;
      }
      a:hover {
        background: var(--raised);
      }
      a:focus-visible {
        outline-offset: -2px;
      }
      .what {
        line-height: 1.4;
        overflow-wrap: anywhere;
      }
      .kind {
        margin-inline-end: 4px;
        color: var(--ai);
        font-size: var(--text-s);
        font-weight: 650;
      }
      time,
      .facts {
        color: var(--muted);
        font-size: var(--text-s);
        font-variant-numeric: tabular-nums;
      }
      .summary {
        margin-inline-end: 6px;
      }
    `,
  ];

  override render() {
    return html`<ol aria-label=${this.label}>
      ${repeat(
        this.decisions,
        (one) => one.decision_id,
        (one) => html`<li>${this.renderRow(one)}</li>`,
      )}
    </ol>`;
  }

  /** Moves the focus up or down. */
  move(by: -1 | 1): void {
    const rows = this.rows();
    const to = rows[stepped(rows.indexOf(this.shadowRoot?.activeElement as HTMLElement), by, rows.length)];
    to?.focus();
    to?.scrollIntoView({ block: "nearest" });
  }

  get hasFocus(): boolean {
    return this.shadowRoot?.activeElement instanceof HTMLAnchorElement;
  }

  private rows(): HTMLElement[] {
    return [...this.renderRoot.querySelectorAll<HTMLElement>("a")];
  }

  private renderRow(one: Summary) {
    const opening: Opening = { id: one.decision_id, ...(this.queue ? { queue: this.queue } : {}) };
    return html`<a href=${decisionAddress(opening)} @click=${openOn(opening)}>
      <span class="what"><span class="kind">${plain(one.kind)}</span> <span class="summary">${withoutKind(one.summary, one.kind)}</span>
        <span class="facts">${facts(one).join(" · ")}</span>
        ${one.contest === "open" ? html`<span class="tag human">contested</span>` : nothing}</span
      >${timeTag(one.timestamp)}
    </a>`;
  }
}

/** What the summary does not say already. Not what others judged: whoever reviews next is to judge alone. */
function facts(one: Summary): string[] {
  const confidence = one.confidence !== null && !one.summary.includes("%") && percent(one.confidence);
  return [one.intent && plain(one.intent), confidence, languageName(one.language)].filter((fact): fact is string => Boolean(fact));
}

customElements.define("candor-summary-rows", SummaryRows);
