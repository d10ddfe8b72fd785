/**
 * The turn's steps, one below the other, each where it stood in time. Places are SVG attributes, because a strict content security
 * policy refuses style attributes.
 *
 * Property: `steps`. Each step's times are written beside its bar; the picture adds nothing to them.
 */
import { html, LitElement, nothing, svg } from "lit";
import type { Step } from "../shared/api.ts";
import { define } from "../shared/element.ts";
import { parts } from "../shared/parts.styles.ts";
import { barList } from "./bars.ts";
import { styles } from "./waterfall.styles.ts";

export class Waterfall extends LitElement {
  static override properties = { steps: { attribute: false } };
  steps: Step[] = [];

  static override styles = [parts, barList, styles];

  override render() {
    const end = Math.max(0, ...this.steps.map((step) => step.start_ms + step.ms));
    return html`<p>From the message's arrival to the last step: ${milliseconds(end)}.</p>
      <ol>
        ${this.steps.map((step) => this.#renderStep(step, end))}
      </ol>`;
  }

  #renderStep(step: Step, end: number) {
    const { x, width } = place(step, end);
    return html`<li>
      <span>${step.title}</span>
      <svg aria-hidden="true" focusable="false">
        ${svg`<rect class="track" y="10" width="100%" height="4" rx="2" /><rect class="bar" y="5" x=${x} width=${width} height="14" rx="3" />`}
      </svg>
      <span class="number">${step.ms === 0 ? nothing : html`<span class="hidden">begins at ${milliseconds(step.start_ms)}, takes </span>`}${times(step)}</span>
    </li>`;
  }
}

/** Position and width of a step's bar, in per cent of the whole; never too narrow to see, never beyond the end. */
export function place(step: Step, end: number): { x: string; width: string } {
  const share = (part: number): number => (end > 0 ? (Math.max(0, part) / end) * 100 : 0);
  const width = Math.min(100, Math.max(0.6, share(step.ms)));
  return { x: `${Math.min(share(step.start_ms), 100 - width).toFixed(2)}%`, width: `${width.toFixed(2)}%` };
}

/** What took time says how much; a moment says when it was. */
const times = (step: Step): string => (step.ms === 0 ? `at ${milliseconds(step.start_ms)}` : milliseconds(step.ms));

/** 0.4 → "under 1 ms", 12.3 → "12 ms", 2345 → "2.3 s". */
export function milliseconds(value: number): string {
  if (value > 0 && value < 1) return "under 1 ms";
  return value < 1000 ? `${Math.round(value)} ms` : `${(value / 1000).toFixed(1)} s`;
}

define("candor-waterfall", Waterfall);
