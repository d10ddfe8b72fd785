/**
 * The filters above the list.
 *
 * Properties: `filters`, `kinds`, `intents` (what can be chosen).
 * Event: `candor-filters`, detail: the new `Filters`.
 */
import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import { live } from "lit/directives/live.js";
import { parts, tokens } from "../ui/tokens.ts";
import { changed, countOf, fromLocal, fromPercent, toLocal, toPercent, type FilterName, type Filters } from "./filters.ts";
import { plain } from "./record.ts";

export class FilterForm extends LitElement {
  static override properties = {
    filters: { attribute: false },
    kinds: { attribute: false },
    intents: { attribute: false },
  };
  filters: Filters = {};
  kinds: string[] = [];
  intents: string[] = [];

  static override styles = [
    tokens,
    parts,
    css`
      summary {
        padding: 10px 16px;
        font-weight: 600;
        cursor: pointer;
      }
      form {
        display: grid;
        grid-template-columns: 1fr 1fr;
        gap: 8px 10px;
        padding: 0 16px 12px;
      }
      label {
        display: grid;
        gap: 2px;
        min-width: 0;
        color: var(--muted);
        font-size: var(--text-s);
        font-weight: 550;
      }
      .wide {
        grid-column: 1 / -1;
      }
      .field {
        min-width: 0;
        min-height: 32px;
        padding: 4px 8px;
        font-size: var(--text-s);
      }
      .button {
        justify-self: start;
      }
    `,
  ];

  override render() {
    const { filters } = this;
    const count = countOf(filters);
    return html`<details ?open=${globalThis.innerWidth > 760}>
      <summary>Filters${count ? `: ${count} in use` : ""}</summary>
      <form @submit=${(event: Event) => event.preventDefault()}>
        ${this.field("From", "from", this.timeField("from"))}
        ${this.field("To", "to", this.timeField("to"))}
        ${this.field("Kind", "kind", this.select("kind", this.kinds))} ${this.field("Intent", "intent", this.select("intent", this.intents))}
        ${this.field("Confidence from, %", "min_confidence", this.percentField("min_confidence"))}
        ${this.field("Confidence to, %", "max_confidence", this.percentField("max_confidence"))}
        ${this.field("Conversation", "conversation", this.conversationField(), "wide")}
        ${count ? html`<button type="button" class="button small" @click=${() => this.tell({})}>Clear filters</button>` : nothing}
      </form>
    </details>`;
  }

  private field(label: string, name: FilterName, control: TemplateResult, size = "") {
    return html`<label class=${size} data-name=${name}>${label}${control}</label>`;
  }

  private select(name: FilterName, choices: string[]) {
    const chosen = this.filters[name] ?? "";
    const all = chosen && !choices.includes(chosen) ? [chosen, ...choices] : choices;
    return html`<select class="field" .value=${live(chosen)} @change=${this.read(name)}>
      <option value="">All</option>
      ${all.map((choice) => html`<option value=${choice} ?selected=${choice === chosen}>${plain(choice)}</option>`)}
    </select>`;
  }

  private timeField(name: FilterName) {
    const value = live(toLocal(this.filters[name]));
    return html`<input class="field" type="datetime-local" .value=${value} @change=${this.read(name, fromLocal)} />`;
  }

  private percentField(name: FilterName) {
    return html`<input
      class="field"
      type="number"
      min="0"
      max="100"
      .value=${live(toPercent(this.filters[name]))}
      @change=${this.read(name, fromPercent)}
    />`;
  }

  private conversationField() {
    return html`<input
      class="field"
      type="text"
      spellcheck="false"
      autocomplete="off"
      placeholder="A conversation's number"
      .value=${live(this.filters.conversation ?? "")}
      @change=${this.read("conversation", (value) => value.trim())}
    />`;
  }

  private read(name: FilterName, parse: (value: string) => string = (value) => value) {
    return (event: Event): void => this.tell(changed(this.filters, name, parse((event.target as HTMLInputElement).value)));
  }

  private tell(filters: Filters): void {
    this.dispatchEvent(new CustomEvent<Filters>("candor-filters", { detail: filters }));
  }
}

customElements.define("candor-filter-form", FilterForm);
