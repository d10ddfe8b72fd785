/**
 * Decisions as dense rows, each a link.
 *
 * Properties: `decisions`, `queue` (its name, which opens with the decision), `label` (for screen readers).
 * Event: `candor-open` (console-page.ts). Arrows and j/k move from outside by `move`.
 */
import { html, LitElement, nothing } from "lit";
import { repeat } from "lit/directives/repeat.js";
import type { DecisionSummary } from "../shared/api.ts";
import { define } from "../shared/element.ts";
import { parts } from "../shared/parts.styles.ts";
import { languageName, timeTag } from "../shared/times.ts";
import { stepped } from "../staff/shortcuts.ts";
import { decisionAddress, type Opening, openOn } from "./console-page.ts";
import { percent, plain, withoutKind } from "./record.ts";
import { styles } from "./summary-rows.styles.ts";

export class SummaryRows extends LitElement {
  static override properties = { decisions: { attribute: false }, queue: {}, label: {} };
  decisions: DecisionSummary[] = [];
  queue = "";
  label = "Decisions";

  static override styles = [parts, styles];

  override render() {
    return html`<ol aria-label=${this.label}>
      ${repeat(
        this.decisions,
        (one) => one.decision_id,
        (one) => html`<li>${this.#renderRow(one)}</li>`,
      )}
    </ol>`;
  }

  /** Moves the focus up or down. */
  move(by: -1 | 1): void {
    const rows = this.#rows();
    const to = rows[stepped(rows.indexOf(this.shadowRoot?.activeElement as HTMLElement), by, rows.length)];
    to?.focus();
    to?.scrollIntoView({ block: "nearest" });
  }

  get hasFocus(): boolean {
    return this.shadowRoot?.activeElement instanceof HTMLAnchorElement;
  }

  #rows(): HTMLElement[] {
    return [...this.renderRoot.querySelectorAll<HTMLElement>("a")];
  }

  #renderRow(one: DecisionSummary) {
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
function facts(one: DecisionSummary): string[] {
  const confidence = one.confidence !== null && !one.summary.includes("%") && percent(one.confidence);
  return [one.intent && plain(one.intent), confidence, languageName(one.language)].filter((fact): fact is string => Boolean(fact));
}

define("candor-summary-rows", SummaryRows);
