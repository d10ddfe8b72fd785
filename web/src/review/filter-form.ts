/**
 * The search box and the filters above the list. The filters fold away; those in use stay in sight and can be taken off singly.
 *
 * Properties: `filters`, `choices` (what can be chosen), `open`.
 * Slot: what else belongs into the first line.
 * Events: `candor-filters`, detail: the new `Filters`; `candor-toggle` (open or close the filters).
 */
import { html, LitElement, noChange, nothing, type PropertyValues, type TemplateResult } from "lit";
import { live } from "lit/directives/live.js";
import type { Choices, ModelInUse } from "../shared/api.ts";
import { define, emit, focusOn } from "../shared/element.ts";
import { parts } from "../shared/parts.styles.ts";
import { languageName, when } from "../shared/times.ts";
import { NO_CHOICES } from "./choices.ts";
import { styles } from "./filter-form.styles.ts";
import { changed, countOf, type FilterName, type Filters, fromLocal, fromPercent, NAMES, spans, toLocal, toPercent } from "./filters.ts";
import { percent, plain, shortId } from "./record.ts";

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
  static override properties = { filters: { attribute: false }, choices: { attribute: false }, open: { type: Boolean } };
  filters: Filters = {};
  choices: Choices = NO_CHOICES;
  open = false;
  #renewed = true;

  static override styles = [parts, styles];

  override willUpdate(properties: PropertyValues<this>): void {
    this.#renewed = properties.has("filters");
  }

  override render() {
    const used = NAMES.filter((name) => name !== "search" && this.filters[name]);
    return html`<div class="line">
        <form role="search" @submit=${this.#search}>
          <input
            class="field"
            type="search"
            name="search"
            aria-label="Search by an id or by words of an intent or outcome"
            placeholder="Search ids and words  ( / )"
            spellcheck="false"
            autocomplete="off"
            .value=${this.#value(this.filters.search ?? "")}
            @change=${this.#search}
          />
        </form>
        <button class="button small" aria-expanded=${this.open ? "true" : "false"} aria-controls="panel" @click=${this.#toggle}>
          Filters${used.length ? `: ${used.length}` : ""}
        </button>
        ${used.map((name) => this.#renderChip(name))}
        ${countOf(this.filters) > 1 ? html`<button class="button small quiet" @click=${() => this.#tell({})}>Clear all</button>` : nothing}
        <span class="gap"></span>
        <slot></slot>
      </div>
      <div id="panel" class="panel" role="group" aria-label="Filters" ?hidden=${!this.open}>${this.#renderFields()}</div>`;
  }

  focusSearch(): void {
    this.renderRoot.querySelector<HTMLInputElement>("input[type=search]")?.select();
    focusOn(this, "input[type=search]");
  }

  focusFilters(): void {
    focusOn(this, ".panel .field");
  }

  #renderChip(name: FilterName) {
    const label = LABELS[name].replace(", %", "");
    return html`<button
      class="button small chip"
      aria-label="Take off the filter ${label}: ${this.#shown(name)}"
      @click=${() => this.#set(name, "")}
    >
      ${label}: ${this.#shown(name)} <span aria-hidden="true">×</span>
    </button>`;
  }

  #renderFields() {
    const { choices } = this;
    return html`
      ${this.#field(
        "kind",
        this.#select(
          "kind",
          choices.kinds.map((kind): Choice => [kind.name, kind.title]),
        ),
      )}
      ${this.#field("intent", this.#select("intent", choices.intents.map(named)))}
      ${this.#field(
        "outcome",
        this.#select(
          "outcome",
          choices.outcomes.map((one): Choice => [one, one.replaceAll("_", " ")]),
        ),
      )}
      ${this.#field(
        "language",
        this.#select(
          "language",
          choices.languages.map((tag): Choice => [tag, languageName(tag)]),
        ),
      )}
      ${this.#field(
        "model",
        this.#select(
          "model",
          choices.models.map((model): Choice => [model.fingerprint, modelTitle(model)]),
        ),
      )}
      ${this.#field("min_confidence", this.#percentField("min_confidence"))} ${this.#field("max_confidence", this.#percentField("max_confidence"))}
      ${this.#field("conversation", this.#conversationField())} ${this.#field("from", this.#timeField("from"))}
      ${this.#field("to", this.#timeField("to"))}
      <div class="spans" role="group" aria-label="Often used times">
        ${spans(new Date()).map(
          ([
            title,
            from,
          ]) => html`<button class="button small" @click=${() => this.#tell(changed(changed(this.filters, "to", ""), "from", from))}>
            ${title}
          </button>`,
        )}
      </div>
    `;
  }

  #field(name: FilterName, control: TemplateResult) {
    return html`<label data-name=${name}>${LABELS[name]}${control}</label>`;
  }

  #select(name: FilterName, choices: Choice[]) {
    const chosen = this.filters[name] ?? "";
    const all = chosen && !choices.some(([value]) => value === chosen) ? [named(chosen), ...choices] : choices;
    return html`<select class="field" .value=${live(chosen)} @change=${this.#read(name)}>
      <option value="">${name === "kind" ? "All decisions" : "All"}</option>
      ${all.map(([value, title]) => html`<option value=${value} ?selected=${value === chosen}>${title}</option>`)}
    </select>`;
  }

  #timeField(name: FilterName) {
    const value = this.#value(toLocal(this.filters[name]));
    return html`<input class="field" type="datetime-local" .value=${value} @change=${this.#read(name, fromLocal)} />`;
  }

  #percentField(name: FilterName) {
    return html`<input
      class="field"
      type="number"
      min="0"
      max="100"
      .value=${this.#value(toPercent(this.filters[name]))}
      @change=${this.#read(name, fromPercent)}
    />`;
  }

  #conversationField() {
    return html`<input
      class="field"
      type="text"
      spellcheck="false"
      autocomplete="off"
      placeholder="A conversation's id"
      .value=${this.#value(this.filters.conversation ?? "")}
      @change=${this.#read("conversation", (value) => value.trim())}
    />`;
  }

  /** What a field holds. Only other filters replace what is being typed: the choices may come at any moment. */
  #value(text: string) {
    return this.#renewed ? live(text) : noChange;
  }

  #shown(name: FilterName): string {
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

  #read(name: FilterName, parse: (value: string) => string = (value) => value) {
    return (event: Event): void => this.#set(name, parse((event.target as HTMLInputElement).value));
  }

  #set(name: FilterName, value: string): void {
    this.#tell(changed(this.filters, name, value));
  }

  readonly #search = (event: Event): void => {
    event.preventDefault();
    const words = this.renderRoot.querySelector<HTMLInputElement>("input[type=search]")?.value.trim() ?? "";
    if (words !== (this.filters.search ?? "")) this.#set("search", words);
  };

  readonly #toggle = (): void => void emit(this, "candor-toggle");

  #tell(filters: Filters): void {
    emit<Filters>(this, "candor-filters", filters);
  }
}

const named = (name: string): Choice => [name, plain(name)];

const modelTitle = (model: ModelInUse): string => `${model.fingerprint.slice(0, 8)}, ${model.first_day} to ${model.last_day}`;

define("candor-filter-form", FilterForm);
