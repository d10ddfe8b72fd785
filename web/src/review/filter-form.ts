/**
 * The search box and the filters above the list. The filters fold away; those in use stay in sight and can be taken off singly.
 *
 * Properties: `filters`, `choices` (what can be chosen), `open`.
 * Slot: what else belongs into the first line.
 * Events: `candor-filters`, detail: the new `Filters`; `candor-toggle` (open or close the filters).
 */
import { css, html, LitElement, noChange, nothing, type PropertyValues, type TemplateResult } from "lit";
import { live } from "lit/directives/live.js";
import { languageName, when } from "../staff/times.ts";
import { parts, tokens } from "../ui/tokens.ts";
import { changed, countOf, fromLocal, fromPercent, NAMES, spans, toLocal, toPercent, type FilterName, type Filters } from "./filters.ts";
import { percent, plain, shortId } from "./record.ts";
import { NO_CHOICES, type Choices, type Model } from "./types.ts";

type Choice = [value: string, title: string];

const LABELS: Record<FilterName, string> = {
  from: "From",
  to: "To",
  kind: "Kind",
  intent: "Intent",
  min_confidence: "Confidence from, %",
  max_confidence: "Confidence to, %",
  language: "Language",
  outcome: "Outcome",
  conversation: "Conversation",
  model: "Model version",
  search: "Search",
};

export class FilterForm extends LitElement {
  static override properties = {
    filters: { attribute: false },
    choices: { attribute: false },
    open: { type: Boolean },
  };
  filters: Filters = {};
  choices: Choices = NO_CHOICES;
  open = false;
  private renewed = true;

  static override styles = [
    tokens,
    parts,
    css`
      :host {
        display: grid;
        gap: 8px;
        min-width: 0;
      }
      .line {
        display: flex;
        flex-wrap: wrap;
        gap: 6px;
        align-items: center;
      }
      .line form {
        flex: 1 1 12rem;
        max-width: 26rem;
      }
      .gap {
        flex: 1;
      }
      .panel {
        display: grid;
        grid-template-columns: repeat(auto-fill, minmax(10.5rem, 1fr));
        gap: 8px 10px;
        padding: 10px 12px 12px;
        border: 1px solid var(--line);
        border-radius: var(--radius-s);
        background: var(--surface);
      }
      label {
        display: grid;
        gap: 2px;
        min-width: 0;
        color: var(--muted);
        font-size: var(--text-s);
        font-weight: 550;
      }
      .spans {
        display: flex;
        flex-wrap: wrap;
        grid-column: 1 / -1;
        gap: 4px;
        align-items: center;
        color: var(--muted);
        font-size: var(--text-s);
      }
      .field {
        min-width: 0;
        min-height: 32px;
        padding: 4px 8px;
        font-size: var(--text-s);
      }
      .chip {
        border-radius: 99px;
      }
    `,
  ];

  override willUpdate(properties: PropertyValues<this>): void {
    this.renewed = properties.has("filters");
  }

  override render() {
    const used = NAMES.filter((name) => name !== "search" && this.filters[name]);
    return html`<div class="line">
        <form role="search" @submit=${this.search}>
          <input
            class="field"
            type="search"
            name="search"
            aria-label="Search by an id or by words of an intent or outcome"
            placeholder="Search ids and words  ( / )"
            spellcheck="false"
            autocomplete="off"
            .value=${this.value(this.filters.search ?? "")}
            @change=${this.search}
          />
        </form>
        <button class="button small" aria-expanded=${this.open ? "true" : "false"} aria-controls="panel" @click=${this.toggle}>
          Filters${used.length ? `: ${used.length}` : ""}
        </button>
        ${used.map((name) => this.renderChip(name))}
        ${countOf(this.filters) > 1 ? html`<button class="button small quiet" @click=${() => this.tell({})}>Clear all</button>` : nothing}
        <span class="gap"></span>
        <slot></slot>
      </div>
      <div id="panel" class="panel" role="group" aria-label="Filters" ?hidden=${!this.open}>${this.renderFields()}</div>`;
  }

  focusSearch(): void {
    this.renderRoot.querySelector<HTMLInputElement>("input[type=search]")?.select();
    this.renderRoot.querySelector<HTMLElement>("input[type=search]")?.focus();
  }

  focusFilters(): void {
    this.renderRoot.querySelector<HTMLElement>(".panel .field")?.focus();
  }

  private renderChip(name: FilterName) {
    const label = LABELS[name].replace(", %", "");
    return html`<button
      class="button small chip"
      aria-label="Take off the filter ${label}: ${this.shown(name)}"
      @click=${() => this.set(name, "")}
    >
      ${label}: ${this.shown(name)} <span aria-hidden="true">×</span>
    </button>`;
  }

  private renderFields() {
    const { choices } = this;
    return html`
      ${this.field("kind", this.select("kind", choices.kinds.map((kind): Choice => [kind.name, kind.title])))}
      ${this.field("intent", this.select("intent", choices.intents.map(named)))}
      ${this.field("outcome", this.select("outcome", choices.outcomes.map((one): Choice => [one, one.replaceAll("_", " ")])))}
      ${this.field("language", this.select("language", choices.languages.map((tag): Choice => [tag, languageName(tag)])))}
      ${this.field("model", this.select("model", choices.models.map((model): Choice => [model.fingerprint, modelTitle(model)])))}
      ${this.field("min_confidence", this.percentField("min_confidence"))} ${this.field("max_confidence", this.percentField("max_confidence"))}
      ${this.field("conversation", this.conversationField())} ${this.field("from", this.timeField("from"))}
      ${this.field("to", this.timeField("to"))}
      <div class="spans" role="group" aria-label="Often used times">
        ${spans(new Date()).map(
          ([title, from]) => html`<button class="button small" @click=${() => this.tell(changed(changed(this.filters, "to", ""), "from", from))}>
            ${title}
          </button>`,
        )}
      </div>
    `;
  }

  private field(name: FilterName, control: TemplateResult) {
    return html`<label data-name=${name}>${LABELS[name]}${control}</label>`;
  }

  private select(name: FilterName, choices: Choice[]) {
    const chosen = this.filters[name] ?? "";
    const all = chosen && !choices.some(([value]) => value === chosen) ? [named(chosen), ...choices] : choices;
    return html`<select class="field" .value=${live(chosen)} @change=${this.read(name)}>
      <option value="">${name === "kind" ? "All decisions" : "All"}</option>
      ${all.map(([value, title]) => html`<option value=${value} ?selected=${value === chosen}>${title}</option>`)}
    </select>`;
  }

  private timeField(name: FilterName) {
    const value = this.value(toLocal(this.filters[name]));
    return html`<input class="field" type="datetime-local" .value=${value} @change=${this.read(name, fromLocal)} />`;
  }

  private percentField(name: FilterName) {
    return html`<input
      class="field"
      type="number"
      min="0"
      max="100"
      .value=${this.value(toPercent(this.filters[name]))}
      @change=${this.read(name, fromPercent)}
    />`;
  }

  private conversationField() {
    return html`<input
      class="field"
      type="text"
      spellcheck="false"
      autocomplete="off"
      placeholder="A conversation's id"
      .value=${this.value(this.filters.conversation ?? "")}
      @change=${this.read("conversation", (value) => value.trim())}
    />`;
  }

  /** What a field holds. Only other filters replace what is being typed: the choices may come at any moment. */
  private value(text: string) {
    return this.renewed ? live(text) : noChange;
  }

  private shown(name: FilterName): string {
    const value = this.filters[name] ?? "";
    if (name === "from" || name === "to") return when(value);
    if (name === "min_confidence" || name === "max_confidence") return percent(Number.parseFloat(value));
    if (name === "language") return languageName(value);
    if (name === "model") return value.slice(0, 8);
    if (name === "conversation") return shortId(value);
    if (name === "outcome") return value.replaceAll("_", " ");
    if (name === "kind") return this.choices.kinds.find((kind) => kind.name === value)?.title ?? plain(value);
    return plain(value);
  }

  private read(name: FilterName, parse: (value: string) => string = (value) => value) {
    return (event: Event): void => this.set(name, parse((event.target as HTMLInputElement).value));
  }

  private set(name: FilterName, value: string): void {
    this.tell(changed(this.filters, name, value));
  }

  private readonly search = (event: Event): void => {
    event.preventDefault();
    const words = this.renderRoot.querySelector<HTMLInputElement>("input[type=search]")?.value.trim() ?? "";
    if (words !== (this.filters.search ?? "")) this.set("search", words);
  };

  private readonly toggle = (): void => void this.dispatchEvent(new CustomEvent("candor-toggle"));

  private tell(filters: Filters): void {
    this.dispatchEvent(new CustomEvent<Filters>("candor-filters", { detail: filters }));
  }
}

const named = (name: string): Choice => [name, plain(name)];

const modelTitle = (model: Model): string => `${model.fingerprint.slice(0, 8)}, ${model.first_day} to ${model.last_day}`;

customElements.define("candor-filter-form", FilterForm);
