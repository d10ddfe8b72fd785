/** The review console: filters and decisions on the left, one decision on the right. The address holds what is shown. */
import { css, html, type TemplateResult } from "lit";
import { isSignedOut, reportSignedOut, sentence, type Role, type Staff } from "../staff/session.ts";
import { shortcut, step } from "../staff/shortcuts.ts";
import { StaffPage, type KeyHelp } from "../staff/staff-page.ts";
import { fetchDecision, fetchDecisions } from "./api.ts";
import { DecisionList } from "./decision-list.ts";
import { DecisionView } from "./decision-view.ts";
import "./filter-form.ts";
import { countOf, decisionOf, filtersOf, searchOf, type Filters } from "./filters.ts";
import type { Decision, Summary } from "./types.ts";

export class Review extends StaffPage {
  static override properties = {
    filters: { state: true },
    chosen: { state: true },
    decisions: { state: true },
    cursor: { state: true },
    kinds: { state: true },
    intents: { state: true },
    decision: { state: true },
    busy: { state: true },
    listTrouble: { state: true },
    viewTrouble: { state: true },
  };
  protected readonly needs: Role = "reviewer";
  protected readonly keys: KeyHelp = [
    [["J", "↓"], "Down the list"],
    [["K", "↑"], "Up the list"],
    [["Enter"], "Open the decision"],
    [["Esc"], "From the decision back to the list"],
  ];
  private filters: Filters = {};
  private chosen = "";
  private decisions: Summary[] = [];
  private cursor: string | null = null;
  private kinds: string[] = [];
  private intents: string[] = [];
  private decision: Decision | null = null;
  private busy = false;
  private listTrouble = "";
  private viewTrouble = "";
  private listing = new AbortController();
  private reading = new AbortController();

  static override styles = [
    ...StaffPage.styles,
    css`
      .split {
        display: grid;
        grid-template-columns: minmax(20rem, 27rem) minmax(0, 1fr);
        min-height: 0;
      }
      .column,
      .pane {
        min-width: 0;
        min-height: 0;
        overflow-y: auto;
      }
      .column {
        border-inline-end: 1px solid var(--line);
      }
      .top {
        display: flex;
        justify-content: space-between;
        align-items: center;
        padding: 10px 10px 0 16px;
      }
      .top h2 {
        margin: 0;
        font: 650 var(--text-l) / 1.3 var(--font);
      }
      .column > .note {
        margin: 8px 16px;
      }
      .pane > .note {
        margin: 20px 28px;
      }
      .pane .middle {
        height: 100%;
      }
      @media (max-width: 760px) {
        .split {
          grid-template-columns: minmax(0, 1fr);
        }
        .split.reading .column,
        .split:not(.reading) .pane {
          display: none;
        }
        .column {
          border: 0;
        }
      }
    `,
  ];

  override connectedCallback(): void {
    super.connectedCallback();
    document.addEventListener("keydown", this.keydown);
    globalThis.addEventListener("popstate", this.readAddress);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    document.removeEventListener("keydown", this.keydown);
    globalThis.removeEventListener("popstate", this.readAddress);
  }

  protected override begin(): void {
    this.filters = filtersOf(location.search);
    void this.load();
    this.readAddress();
  }

  protected override end(): void {
    this.listing.abort();
    this.reading.abort();
    this.decisions = [];
    this.decision = null;
    this.chosen = "";
  }

  protected override forget(): void {
    this.filters = {};
    history.replaceState(null, "", location.pathname);
  }

  protected override content(_staff: Staff): TemplateResult {
    return html`<main class="split ${this.chosen ? "reading" : ""}">
      <div class="column">${this.renderTop()}${this.renderList()}</div>
      <div class="pane">${this.renderDecision()}</div>
    </main>`;
  }

  private renderTop() {
    return html`<div class="top">
        <h2>Decisions</h2>
        <button class="button quiet small" @click=${() => void this.load()}>Refresh</button>
      </div>
      <candor-filter-form
        .filters=${this.filters}
        .kinds=${this.kinds}
        .intents=${this.intents}
        @candor-filters=${(event: CustomEvent<Filters>) => this.filter(event.detail)}
      ></candor-filter-form>
      <div class="hidden" role="status">${this.status()}</div>`;
  }

  private status(): string {
    if (this.busy) return "Loading decisions.";
    return `${this.decisions.length} decisions shown${this.cursor ? "; there are older ones" : ""}.`;
  }

  private renderList() {
    if (this.listTrouble) return html`<p class="note danger" role="alert">${this.listTrouble}</p>`;
    if (!this.decisions.length) return html`<p class="note">${this.busy ? "Loading…" : this.emptyText()}</p>`;
    return html`<candor-decision-list
      .decisions=${this.decisions}
      .filters=${this.filters}
      .selected=${this.chosen}
      .more=${this.cursor !== null}
      .busy=${this.busy}
      @candor-open=${(event: CustomEvent<string>) => this.show(event.detail)}
      @candor-more=${() => void this.loadMore()}
    ></candor-decision-list>`;
  }

  private emptyText(): string {
    return countOf(this.filters)
      ? "No decision fits these filters. Clear one of them to see more."
      : "No decision has been recorded yet. The first message of a visitor brings the first ones.";
  }

  private renderDecision() {
    if (this.viewTrouble)
      return html`<p class="note danger" role="alert">${this.viewTrouble}</p>
        <p class="note"><button class="button small" @click=${this.back}>Back to the list</button></p>`;
    if (this.decision)
      return html`<candor-decision-view
        .decision=${this.decision}
        .filters=${this.filters}
        @candor-open=${(event: CustomEvent<string>) => this.show(event.detail)}
        @candor-conversation=${(event: CustomEvent<string>) => this.filter({ conversation: event.detail })}
        @candor-back=${this.back}
      ></candor-decision-view>`;
    if (this.chosen) return html`<p class="note" role="status">Loading…</p>`;
    return html`<div class="middle"><p>Open a decision from the list to read what was decided, from what, and why.</p></div>`;
  }

  private filter(filters: Filters): void {
    this.filters = filters;
    history.pushState(null, "", `${location.pathname}${searchOf(filters, this.chosen)}`);
    void this.load();
  }

  private show(id: string): void {
    if (id !== this.chosen) history.pushState(null, "", `${location.pathname}${searchOf(this.filters, id)}`);
    void this.read(id);
  }

  private readonly back = async (): Promise<void> => {
    const id = this.chosen;
    history.pushState(null, "", `${location.pathname}${searchOf(this.filters, "")}`);
    this.readAddress();
    await this.updateComplete;
    this.list?.focusRow(id);
  };

  private readonly readAddress = (): void => {
    if (!this.staff) return;
    const filters = filtersOf(location.search);
    if (searchOf(filters, "") !== searchOf(this.filters, "")) {
      this.filters = filters;
      void this.load();
    }
    void this.read(decisionOf(location.search), false);
  };

  /** The list from its newest entry on. */
  private async load(): Promise<void> {
    await this.fetchPage("", []);
  }

  private async loadMore(): Promise<void> {
    if (this.cursor) await this.fetchPage(this.cursor, this.decisions);
  }

  private async fetchPage(cursor: string, before: Summary[]): Promise<void> {
    this.listing.abort();
    const { signal } = (this.listing = new AbortController());
    this.busy = true;
    this.listTrouble = "";
    try {
      const page = await fetchDecisions(this.filters, cursor, signal);
      this.decisions = [...before, ...page.decisions];
      this.cursor = page.next_cursor;
      this.kinds = page.kinds;
      this.intents = page.intents;
    } catch (error) {
      if (signal.aborted) return;
      this.listTrouble = this.explain(error);
    }
    this.busy = false;
  }

  private async read(id: string, focus = true): Promise<void> {
    if (id === this.chosen && this.decision) return focus ? this.view?.focusTitle() : undefined;
    this.reading.abort();
    const { signal } = (this.reading = new AbortController());
    this.chosen = id;
    this.viewTrouble = "";
    if (!id) return void (this.decision = null);
    try {
      this.decision = await fetchDecision(id, signal);
    } catch (error) {
      if (signal.aborted) return;
      this.decision = null;
      this.viewTrouble = this.explain(error);
    }
    await this.updateComplete;
    this.renderRoot.querySelector(".pane")?.scrollTo({ top: 0 });
    await this.view?.updateComplete;
    if (focus) this.view?.focusTitle();
  }

  private explain(error: unknown): string {
    if (isSignedOut(error)) reportSignedOut(this);
    return sentence(error);
  }

  private readonly keydown = (event: KeyboardEvent): void => {
    if (!this.staff || this.renderRoot.querySelector("dialog[open]")) return;
    const key = shortcut(event);
    if (key === "escape" && this.chosen) this.list?.focusRow(this.chosen);
    const by = step(key);
    if (by === 0 || !(key === "j" || key === "k" || this.list?.hasFocus)) return;
    event.preventDefault();
    this.list?.move(by);
  };

  private get list(): DecisionList | null {
    return this.renderRoot.querySelector("candor-decision-list");
  }

  private get view(): DecisionView | null {
    return this.renderRoot.querySelector("candor-decision-view");
  }
}

customElements.define("candor-review", Review);
