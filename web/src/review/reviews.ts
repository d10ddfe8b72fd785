/**
 * What reviewers have said of a decision so far.
 *
 * Properties: `reviews`, `reasons` (their titles).
 */
import { html, LitElement, nothing } from "lit";
import type { ReviewReason, DecisionReview, Verdict } from "../shared/api.ts";
import { define } from "../shared/element.ts";
import { parts } from "../shared/parts.styles.ts";
import { timeTag } from "../shared/times.ts";
import { plain } from "./record.ts";
import { styles } from "./reviews.styles.ts";

const TITLES: Record<Verdict, string> = { right: "✓ Right", wrong: "✗ Wrong", unsure: "? Unsure" };

export class Reviews extends LitElement {
  static override properties = { reviews: { attribute: false }, reasons: { attribute: false } };
  reviews: DecisionReview[] = [];
  reasons: ReviewReason[] = [];

  static override styles = [parts, styles];

  override render() {
    if (!this.reviews.length) return nothing;
    return html`<ol aria-label="Reviews so far">
      ${this.reviews.map((one) => this.#renderReview(one))}
    </ol>`;
  }

  #renderReview(one: DecisionReview) {
    const told: [string, string | null][] = [
      ["Right intent", one.correct_intent && plain(one.correct_intent)],
      ["Better answer", one.correct_answer],
      ["Note", one.note],
    ];
    return html`<li>
      <div class="head">
        <span class="tag human">${one.reviewer}</span><strong>${TITLES[one.verdict]}</strong>
        <span>${this.reasons.find((reason) => reason.code === one.reason)?.title ?? plain(one.reason)}</span>${timeTag(one.at)}
      </div>
      <dl>
        ${told.map(([label, value]) => (value ? html`<dt>${label}</dt><dd>${value}</dd>` : nothing))}
      </dl>
    </li>`;
  }
}

define("candor-reviews", Reviews);
