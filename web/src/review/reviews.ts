/**
 * What reviewers have said of a decision so far.
 *
 * Properties: `reviews`, `reasons` (their titles).
 */
import { css, html, LitElement, nothing } from "lit";
import { timeTag } from "../staff/times.ts";
import { parts, tokens } from "../ui/tokens.ts";
import { plain } from "./record.ts";
import type { Reason, Review, Verdict } from "./types.ts";

const TITLES: Record<Verdict, string> = { right: "✓ Right", wrong: "✗ Wrong", unsure: "? Unsure" };

export class Reviews extends LitElement {
  static override properties = { reviews: { attribute: false }, reasons: { attribute: false } };
  reviews: Review[] = [];
  reasons: Reason[] = [];

  static override styles = [
    tokens,
    parts,
    css`
      ol {
        display: grid;
        gap: 10px;
        margin: 0 0 14px;
        padding: 0;
        list-style: none;
      }
      .head {
        display: flex;
        flex-wrap: wrap;
        gap: 2px 10px;
        align-items: baseline;
      }
      .head,
      dt {
        color: var(--muted);
        font-size: var(--text-s);
      }
      strong {
        color: var(--ink);
        font-weight: 650;
      }
      dl {
        display: grid;
        grid-template-columns: max-content minmax(0, 1fr);
        gap: 2px 12px;
        margin: 2px 0 0;
      }
      dd {
        margin: 0;
        overflow-wrap: anywhere;
        white-space: pre-line;
      }
    `,
  ];

  override render() {
    if (!this.reviews.length) return nothing;
    return html`<ol aria-label="Reviews so far">
      ${this.reviews.map((one) => this.renderReview(one))}
    </ol>`;
  }

  private renderReview(one: Review) {
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

customElements.define("candor-reviews", Reviews);
