/**
 * One measure for each language or model: a table whose rows carry a bar. The bar adds nothing to the number beside it.
 *
 * Properties: `measure`, `rows`, `heading` (what the rows are), `nameOf` (a row's key as people know it).
 */
import { html, LitElement, nothing, svg } from "lit";
import type { ChartRow } from "../shared/api.ts";
import { define } from "../shared/element.ts";
import { parts } from "../shared/parts.styles.ts";
import { bars } from "./bars.ts";
import { styles } from "./compare-chart.styles.ts";
import { axisEnd, type Measure, written } from "./measures.ts";

export class CompareChart extends LitElement {
  static override properties = { measure: { attribute: false }, rows: { attribute: false }, heading: {}, nameOf: { attribute: false } };
  measure: Measure | null = null;
  rows: ChartRow[] = [];
  heading = "";
  nameOf: (key: string) => string = (key) => key;

  static override styles = [parts, bars, styles];

  override render() {
    const { measure } = this;
    if (!measure) return nothing;
    const values = this.rows.map((row) => measure.value(row));
    const end = axisEnd(Math.max(0, ...values.map((value) => value ?? 0)), measure.unit);
    return html`<section aria-labelledby="title">
      <h3 id="title">${measure.title}</h3>
      <p class="about">${measure.about}</p>
      ${
        values.every((value) => value === null)
          ? html`<p class="about">${measure.empty}</p>`
          : html`<table aria-labelledby="title">
            <colgroup>
              <col class="name" />
              <col />
              <col class="number" />
            </colgroup>
            <thead class="hidden">
              <tr>
                <th scope="col">${this.heading}</th>
                <td></td>
                <th scope="col">${measure.title}</th>
              </tr>
            </thead>
            <tbody>
              ${this.rows.map((row, at) => this.#renderRow(measure, row, values[at] ?? null, end))}
            </tbody>
          </table>`
      }
    </section>`;
  }

  #renderRow(measure: Measure, row: ChartRow, value: number | null, end: number) {
    const width = `${Math.min(100, ((value ?? 0) / end) * 100).toFixed(2)}%`;
    return html`<tr>
      <th scope="row">${this.nameOf(row.key)}</th>
      <td>
        <svg aria-hidden="true" focusable="false">
          ${svg`<rect class="track" width="100%" height="14" rx="3" /><rect class="bar" width=${width} height="14" rx="3" />`}
        </svg>
      </td>
      <td class="number">${value === null ? "none" : written(value, measure.unit)}</td>
    </tr>`;
  }
}

define("candor-compare-chart", CompareChart);
