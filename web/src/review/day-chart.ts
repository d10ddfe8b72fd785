/**
 * One measure over days: bars for counts, a line for all else, with a table of the same numbers.
 *
 * Positions are SVG attributes in per cent, because a strict content security policy refuses style attributes; the line alone
 * is stretched, with strokes that keep their width.
 * Properties: `measure`, `days` (every day of the period), `rows` (by day; days without one had nothing).
 */
import { html, LitElement, nothing, svg, type TemplateResult } from "lit";
import type { ChartRow } from "../shared/api.ts";
import { define } from "../shared/element.ts";
import { parts } from "../shared/parts.styles.ts";
import { styles } from "./day-chart.styles.ts";
import { axisEnd, type Measure, written } from "./measures.ts";
import { shortDay } from "./periods.ts";

export interface Point {
  day: string;
  value: number | null;
}

export class DayChart extends LitElement {
  static override properties = { measure: { attribute: false }, days: { attribute: false }, rows: { attribute: false } };
  measure: Measure | null = null;
  days: string[] = [];
  rows: ChartRow[] = [];

  static override styles = [parts, styles];

  override render() {
    const { measure } = this;
    if (!measure) return nothing;
    const points = pointsOf(measure, this.days, this.rows);
    const any = points.some((point) => point.value !== null) && this.rows.length > 0;
    return html`<figure aria-labelledby="title">
      <div class="top">
        <h3 id="title">${measure.title}</h3>
        ${this.#renderWhole(measure, points)}
      </div>
      <p class="about">${measure.about}</p>
      ${any ? this.#renderPlot(measure, points) : html`<p class="empty">${measure.empty}</p>`} ${any ? this.#renderTable(measure, points) : nothing}
    </figure>`;
  }

  #renderWhole(measure: Measure, points: Point[]) {
    const whole = measure.whole(this.rows);
    if (whole !== null && this.rows.length) return html`<span class="whole">${written(whole, measure.unit)}</span>`;
    const last = points.findLast((point) => point.value !== null);
    if (!last || last.value === null) return nothing;
    return html`<span><span class="about">${shortDay(last.day)}</span> <span class="whole">${written(last.value, measure.unit)}</span></span>`;
  }

  #renderPlot(measure: Measure, points: Point[]): TemplateResult {
    const end = axisEnd(Math.max(...points.map((point) => point.value ?? 0)), measure.unit);
    const at = [points[0], points.at(-1)].map((point) => shortDay(point?.day ?? ""));
    return html`<div class="plot">
      <div class="axis up" aria-hidden="true"><span>${written(end, measure.unit)}</span><span>0</span></div>
      <svg role="img" aria-label=${chartText(measure, points)}>
        ${[0, 50, 100].map((y) => svg`<line class="grid" x1="0" x2="100%" y1="${y}%" y2="${y}%" />`)}
        ${measure.unit === "count" ? bars(points, end) : line(points, end)} ${points.map((point, index) => hover(measure, point, index, points.length))}
      </svg>
      <div class="axis along" aria-hidden="true"><span>${at[0]}</span><span>${at[0] === at[1] ? nothing : at[1]}</span></div>
    </div>`;
  }

  #renderTable(measure: Measure, points: Point[]) {
    return html`<details>
      <summary>As a table<span class="hidden">: ${measure.title}</span></summary>
      <div class="scroll" tabindex="0" role="region" aria-label=${`${measure.title}, as a table`}>
        <table>
          <thead class="hidden">
            <tr>
              <th scope="col">Day</th>
              <th scope="col">${measure.title}</th>
            </tr>
          </thead>
          <tbody>
            ${points.toReversed().map(
              (point) => html`<tr>
                <th scope="row">${shortDay(point.day)}</th>
                <td>${point.value === null ? "none" : written(point.value, measure.unit)}</td>
              </tr>`,
            )}
          </tbody>
        </table>
      </div>
    </details>`;
  }
}

/** One point for each day. Of a day without a row, counts are zero and all else is unknown. */
export function pointsOf(measure: Measure, days: string[], rows: ChartRow[]): Point[] {
  const byDay = new Map(rows.map((row) => [row.key, row]));
  return days.map((day) => {
    const row = byDay.get(day);
    return { day, value: row ? measure.value(row) : measure.unit === "count" ? 0 : null };
  });
}

/** What the picture shows, for those who do not see it. */
export function chartText(measure: Measure, points: Point[]): string {
  const known = points.filter((point): point is { day: string; value: number } => point.value !== null);
  const sortedByValue = known.toSorted((a, b) => a.value - b.value);
  const [lowest, highest, last] = [sortedByValue[0], sortedByValue.at(-1), known.at(-1)];
  if (!lowest || !highest || !last) return measure.empty;
  const said = (point: { day: string; value: number }): string => `${written(point.value, measure.unit)} on ${shortDay(point.day)}`;
  if (lowest.value === highest.value)
    return `${measure.title}: ${known.length === 1 ? said(last) : `always ${written(last.value, measure.unit)}`}.`;
  return `${measure.title}: lowest ${said(lowest)}, highest ${said(highest)}, last ${said(last)}.`;
}

/** The middle of a day's column and a value's height, in per cent of the plot. */
const across = (index: number, count: number): number => ((index + 0.5) / count) * 100;
const down = (value: number, end: number): number => 100 - (value / end) * 100;

function bars(points: Point[], end: number) {
  const width = 100 / points.length;
  return points.map(({ value }, index) => {
    if (!value) return nothing;
    const y = down(value, end);
    return svg`<rect class="bar" x="${(index + 0.12) * width}%" y="${y}%" width="${width * 0.76}%" height="${100 - y}%" />`;
  });
}

/** A line through neighbouring days with a value; a gap where one has none. */
function line(points: Point[], end: number) {
  const few = points.length <= 31;
  const drawn = runs(points).map((run) => run.map(({ index, value }) => `${across(index, points.length)},${down(value, end)}`).join(" "));
  const dots = runs(points).flatMap((run) => (few || run.length === 1 ? run : []));
  return svg`<svg viewBox="0 0 100 100" preserveAspectRatio="none" width="100%" height="100%">
      ${drawn.map((run) => svg`<polyline class="line" points="${run}" />`)}
    </svg>
    ${dots.map(({ index, value }) => svg`<circle class="dot" r="3" cx="${across(index, points.length)}%" cy="${down(value, end)}%" />`)}`;
}

/** The stretches of days that have values. */
export function runs(points: Point[]): { index: number; value: number }[][] {
  const found: { index: number; value: number }[][] = [];
  points.forEach(({ value }, index) => {
    if (value === null) return;
    const run = found.at(-1);
    if (run?.at(-1)?.index === index - 1) run?.push({ index, value });
    else found.push([{ index, value }]);
  });
  return found;
}

function hover(measure: Measure, { day, value }: Point, index: number, count: number) {
  if (value === null) return nothing;
  return svg`<rect class="hover" x="${(index / count) * 100}%" y="0" width="${100 / count}%" height="100%">
    <title>${shortDay(day)}: ${written(value, measure.unit)}</title>
  </rect>`;
}

define("candor-day-chart", DayChart);
