/**
 * The ranking as horizontal bars, with the threshold as a line through all of them. Widths are SVG attributes, because a strict
 * content security policy refuses style attributes.
 *
 * Properties: `ranking`, `threshold` (0 to 1, or null). Every bar's number is written beside it; the picture adds nothing to it.
 */
import { html, LitElement, nothing, svg } from "lit";
import type { RankedIntent } from "../shared/api.ts";
import { define } from "../shared/element.ts";
import { parts } from "../shared/parts.styles.ts";
import { barList } from "./bars.ts";
import { styles } from "./ranking-bars.styles.ts";
import { percentBeside, plain, rankingText } from "./record.ts";

const FIRST = 4;

export class RankingBars extends LitElement {
  static override properties = { ranking: { attribute: false }, threshold: { attribute: false } };
  ranking: RankedIntent[] = [];
  threshold: number | null = null;

  static override styles = [parts, barList, styles];

  override render() {
    return html`<p>${rankingText(this.ranking, this.threshold)}</p>
      <ol>
        ${this.ranking.filter(isTelling).map((one, at) => this.#renderBar(one, at))}
      </ol>
      ${this.#renderRest()}
      ${this.threshold === null ? nothing : this.#renderKey(this.threshold)}`;
  }

  #renderBar(one: RankedIntent, at: number) {
    const enough = this.threshold === null || one.confidence >= this.threshold;
    return html`<li>
      <span class="name ${at === 0 ? "first" : ""}">${plain(one.name)}</span>
      <svg aria-hidden="true" focusable="false">
        ${svg`<rect class="track" y="5" width="100%" height="16" rx="4" />
        <rect class="bar ${enough ? "enough" : ""}" y="5" width=${width(one.confidence)} height="16" rx="4" />
        ${this.threshold === null ? nothing : svg`<line x1=${width(this.threshold)} x2=${width(this.threshold)} y1="0" y2="26" />`}`}
      </svg>
      <span class="number">${percentBeside(one.confidence, this.threshold)}</span>
    </li>`;
  }

  #renderRest() {
    const rest = this.ranking.length - this.ranking.filter(isTelling).length;
    if (rest === 0) return nothing;
    return html`<p class="key">${rest === 1 ? "One more, under 1%." : `${rest} more, each under 1%.`}</p>`;
  }

  #renderKey(threshold: number) {
    return html`<p class="key">
      <svg aria-hidden="true" focusable="false">${svg`<line x1="7" x2="7" y1="0" y2="26" />`}</svg>
      Threshold: ${percentBeside(threshold, this.ranking[0]?.confidence ?? null)}. Below it the assistant says that it did not understand.
    </p>`;
  }
}

/** The first few, and all that had a chance; the record holds the others too. */
const isTelling = (one: RankedIntent, at: number): boolean => at < FIRST || one.confidence >= 0.01;

const width = (share: number): string => `${Math.min(100, Math.max(0, share * 100)).toFixed(2)}%`;

define("candor-ranking-bars", RankingBars);
