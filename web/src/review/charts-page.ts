/**
 * The charts: how much the assistant does and how well, by day, language and model.
 *
 * Property: `session`.
 */
import { html, nothing, type PropertyDeclarations, type TemplateResult } from "lit";
import type { By, Charts, Choices } from "../shared/api.ts";
import { define } from "../shared/element.ts";
import { languageName } from "../shared/times.ts";
import { fetchCharts, fetchChoices } from "./api.ts";
import { styles } from "./charts-page.styles.ts";
import { NO_CHOICES } from "./choices.ts";
import "./compare-chart.ts";
import { ConsolePage } from "./console-page.ts";
import "./day-chart.ts";
import { MEASURES } from "./measures.ts";
import { dayOf, daysAgo, everyDay, shortDay } from "./periods.ts";

const PERIODS: [days: number, title: string][] = [
  [7, "7 days"],
  [30, "30 days"],
  [90, "90 days"],
  [365, "A year"],
  [0, "Other days"],
];
const BY: [by: By, title: string][] = [
  ["day", "Day"],
  ["language", "Language"],
  ["model", "Model"],
];
const LONGEST_DAYS = 1100;

export class ChartsPage extends ConsolePage {
  static override properties: PropertyDeclarations = {
    ...ConsolePage.properties,
    charts: { state: true },
    choices: { state: true },
    by: { state: true },
    period: { state: true },
    from: { state: true },
    to: { state: true },
    language: { state: true },
    model: { state: true },
  };
  private charts: Charts | null = null;
  private choices: Choices = NO_CHOICES;
  private by: By = "day";
  private period = 30;
  private from = daysAgo(30);
  private to = dayOf(new Date());
  private language = "";
  private model = "";

  static override styles = [...ConsolePage.styles, styles];

  override connectedCallback(): void {
    super.connectedCallback();
    void this.#loadChoices();
  }

  protected override async load(): Promise<void> {
    const { by, language, model } = this;
    const asked = { by, from: this.from, to: this.to, language: by === "language" ? "" : language, model: by === "model" ? "" : model };
    if (!this.#days().length) {
      this.charts = null;
      this.trouble = `Choose a first day that is not after the last one, at most ${LONGEST_DAYS} days apart.`;
      return;
    }
    this.charts = (await this.asked((signal) => fetchCharts(asked, signal))) ?? this.charts;
  }

  override render() {
    return html`<div class="page">
      <div>
        <h2 tabindex="-1">Charts</h2>
        <p class="lead">How much the assistant does, and how well. Counted from the log; days are in UTC.</p>
      </div>
      ${this.#renderForm()}
      <p class="hidden" role="status">${this.#status()}</p>
      ${this.renderTrouble()} ${this.#renderCharts()}
    </div>`;
  }

  #renderForm() {
    return html`<form aria-label="What the charts show" @submit=${(event: Event) => event.preventDefault()}>
      ${this.#select("By", BY, this.by, (value) => (this.by = value as By))}
      ${this.#select("Period", PERIODS, String(this.period), (value) => this.#choosePeriod(Number(value)))}
      ${this.period ? nothing : html`${this.#dayField("From", "from")}${this.#dayField("To", "to")}`}
      ${this.by === "language" ? nothing : this.#renderLanguage()} ${this.by === "model" ? nothing : this.#renderModel()}
    </form>`;
  }

  #renderLanguage() {
    const languages = this.choices.languages.map((tag): [string, string] => [tag, languageName(tag)]);
    return this.#select("Language", [["", "All"], ...languages], this.language, (value) => (this.language = value));
  }

  #renderModel() {
    const models = this.choices.models.map(({ fingerprint }): [string, string] => [fingerprint, this.#modelName(fingerprint)]);
    return this.#select("Model", [["", "All"], ...models], this.model, (value) => (this.model = value));
  }

  #select(label: string, choices: [string | number, string][], chosen: string, choose: (value: string) => void): TemplateResult {
    const change = (event: Event): void => {
      choose((event.target as HTMLSelectElement).value);
      void this.load();
    };
    return html`<label
      >${label}
      <select class="field" @change=${change}>
        ${choices.map(([value, title]) => html`<option value=${value} ?selected=${String(value) === chosen}>${title}</option>`)}
      </select>
    </label>`;
  }

  #dayField(label: string, name: "from" | "to") {
    const change = (event: Event): void => {
      this[name] = (event.target as HTMLInputElement).value;
      void this.load();
    };
    return html`<label>${label}<input class="field" type="date" .value=${this[name]} @change=${change} /></label>`;
  }

  #choosePeriod(days: number): void {
    this.period = days;
    if (!days) return;
    this.from = daysAgo(days);
    this.to = dayOf(new Date());
  }

  #renderCharts() {
    const { charts } = this;
    if (!charts) return this.busy ? html`<p class="quiet-text" role="status">Loading…</p>` : nothing;
    if (!charts.rows.length)
      return html`<p class="note">Nothing is on record for this choice. Choose a longer period or fewer filters; a new day shows seconds after its first message.</p>`;
    return html`<div class="charts">
      ${
        charts.by === "day"
          ? MEASURES.map(
              (measure) => html`<candor-day-chart .measure=${measure} .days=${this.#days()} .rows=${charts.rows}></candor-day-chart>`,
            )
          : MEASURES.map(
              (measure) =>
                html`<candor-compare-chart
                .measure=${measure}
                .rows=${charts.rows}
                .heading=${charts.by}
                .nameOf=${charts.by === "language" ? languageName : this.#modelName}
              ></candor-compare-chart>`,
            )
      }
    </div>`;
  }

  #status(): string {
    if (this.busy) return "Loading charts.";
    return this.charts?.rows.length ? "Charts shown." : "";
  }

  #days(): string[] {
    const days = everyDay(this.from, this.to);
    return days.length <= LONGEST_DAYS ? days : [];
  }

  /** A model by the start of its fingerprint and the days it served. */
  readonly #modelName = (fingerprint: string): string => {
    if (!fingerprint) return "no model";
    const model = this.choices.models.find((one) => one.fingerprint === fingerprint);
    const days = model ? ` · ${[...new Set([model.first_day, model.last_day])].map((day) => shortDay(day)).join(" to ")}` : "";
    return `${fingerprint.slice(0, 8)}${days}`;
  };

  async #loadChoices(): Promise<void> {
    try {
      this.choices = await fetchChoices();
    } catch (error) {
      this.trouble = this.explain(error);
    }
  }
}

define("candor-charts-page", ChartsPage);
