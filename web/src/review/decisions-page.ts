/**
 * The decisions: filters above, the list on the left, one decision on the right, its conversation beside it. The list has the whole
 * width until a decision is opened.
 *
 * Properties: `address` (what is shown), `session`.
 * Event: `candor-go`, detail: the `Address` to show next (bubbles).
 */
import { html, LitElement, nothing, type TemplateResult } from "lit";
import type { Choices, Decision, DecisionReview, Verdict } from "../shared/api.ts";
import { define, emit, focusOn } from "../shared/element.ts";
import { parts } from "../shared/parts.styles.ts";
import { isSignedOut, reportSignedOut, sentence } from "../staff/session.ts";
import { shortcut, step } from "../staff/shortcuts.ts";
import { type Address, HOME, isPlainClick, linkTo } from "./address.ts";
import { exportAddress, fetchChoices, fetchDecision } from "./api.ts";
import { NO_CHOICES } from "./choices.ts";
import { ConversationPanel } from "./conversation-panel.ts";
import { DecisionList } from "./decision-list.ts";
import { DecisionView } from "./decision-view.ts";
import { styles } from "./decisions-page.styles.ts";
import { Feed } from "./feed.ts";
import { FilterForm } from "./filter-form.ts";
import { countOf, type Filters } from "./filters.ts";
import { grouped } from "./proof.ts";
import { ReviewSession } from "./session.ts";
import { chooseWhy, currentWhy, type Why, WHYS } from "./why.ts";

const VERDICTS: Record<string, Verdict> = { 1: "right", 2: "wrong", 3: "unsure" };

export class DecisionsPage extends LitElement {
  static override properties = {
    address: { attribute: false },
    session: { attribute: false },
    choices: { state: true },
    decision: { state: true },
    why: { state: true },
    folded: { state: true },
    talk: { state: true },
    done: { state: true },
    news: { state: true },
    listTrouble: { state: true },
    viewTrouble: { state: true },
  };
  address: Address = HOME;
  session = new ReviewSession();
  private choices: Choices = NO_CHOICES;
  private decision: Decision | null = null;
  private why: Why = currentWhy();
  private folded = true;
  private talk = false;
  private done = false;
  private news = "";
  private listTrouble = "";
  private viewTrouble = "";
  #reading = new AbortController();
  readonly #feed = new Feed(
    () => this.requestUpdate(),
    (error) => (this.listTrouble = this.#explain(error)),
  );

  static override styles = [parts, styles];

  override connectedCallback(): void {
    super.connectedCallback();
    void this.#loadChoices();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#feed.stop();
    this.#reading.abort();
  }

  override willUpdate(changed: Map<PropertyKey, unknown>): void {
    if (!changed.has("address")) return;
    const before = changed.get("address") as Address | undefined;
    if (!before || listOf(before) !== listOf(this.address)) void this.#load();
    if (this.address.decision) this.folded = true;
    if (this.address.decision !== (before?.decision ?? "")) void this.#read(this.address.decision, before !== undefined);
  }

  override render() {
    const { decision } = this.address;
    return html`<div class="tools ${decision ? "reading" : ""}">${this.#renderTools()}</div>
      <div class="split ${decision ? "reading" : ""} ${this.talk ? "talking" : ""}">
        <div class="column">${this.#renderTop()}${this.#renderList()}</div>
        ${decision ? html`<div class="pane">${this.#renderDecision()}</div>` : nothing}
        ${decision && this.talk ? this.#renderTalk() : nothing}
      </div>
      <div class="hidden" role="status">${this.#status()}</div>`;
  }

  focusTitle(): void {
    focusOn(this, ".top h2");
  }

  /** What a key means here; true when it meant something. */
  press(event: KeyboardEvent): boolean {
    if (event.key === "Escape") return this.#escape();
    const key = shortcut(event);
    const by = step(key);
    if (by !== 0) return (key === "j" || key === "k" || this.#list?.hasFocus === true) && this.#move(by);
    return key !== null && this.#act(key);
  }

  #act(key: string): boolean {
    const verdict = VERDICTS[key];
    if (verdict && this.#view) return this.#judge(verdict);
    const actions: Record<string, (() => unknown) | undefined> = {
      "/": () => void this.#search(),
      f: () => void this.#openFilters(),
      n: () => void this.#next(),
      r: this.#view ? () => this.#view?.focusReview() : undefined,
      c: this.#view && this.decision?.conversation_id ? () => void this.#toggleTalk() : undefined,
      p: this.#view ? () => this.#view?.toggleProof() : undefined,
    };
    const action = actions[key];
    action?.();
    return action !== undefined;
  }

  #renderTools() {
    if (this.address.queue) return this.#renderWhy();
    return html`<candor-filter-form
      .filters=${this.address.filters}
      .choices=${this.choices}
      .open=${!this.folded}
      @candor-filters=${(event: CustomEvent<Filters>) => this.#filter(event.detail)}
      @candor-toggle=${() => (this.folded = !this.folded)}
      >${this.#renderWhy()}</candor-filter-form
    >`;
  }

  #renderWhy() {
    return html`<div class="why">
      <label for="why">Looking for</label>
      <select id="why" class="field" aria-describedby="recorded" @change=${this.#readWhy}>
        ${WHYS.map(([name, title]) => html`<option value=${name} ?selected=${name === this.why}>${title}</option>`)}
      </select>
      <span id="recorded">Each look is recorded: who, what, when and this reason.</span>
    </div>`;
  }

  #renderTop() {
    const { queue, filters } = this.address;
    return html`<div class="top">
        <h2 tabindex="-1">${queue ? this.#feed.title || "Queue" : "Decisions"}</h2>
        <span class="count">${this.#count()}</span>
        <button class="button quiet small" @click=${() => void this.#load()}>Refresh</button>
        ${
          queue
            ? html`<a class="link" href=${linkTo({})} @click=${(event: MouseEvent) => this.#follow(event, HOME)}>All decisions</a>`
            : html`<span class="export"
              >Export
              ${(["jsonl", "csv"] as const).map(
                (format) => html`<a
                  class="link"
                  download
                  href=${exportAddress(format, filters, this.why)}
                  aria-label="Export these decisions as ${format.toUpperCase()}"
                  >${format.toUpperCase()}</a
                >`,
              )}</span
            >`
        }
      </div>
      ${this.#feed.explanation ? html`<p class="about">${this.#feed.explanation}</p>` : nothing}
      ${this.news ? html`<p class="about" aria-hidden="true">${this.news}</p>` : nothing}`;
  }

  #count(): string {
    const { decisions, more, busy } = this.#feed;
    if (!decisions.length) return "";
    return `${grouped(decisions.length)}${more || busy ? "+" : ""}`;
  }

  #status(): string {
    if (this.news) return this.news;
    const { decisions, more, busy } = this.#feed;
    if (busy) return "Loading decisions.";
    return `${decisions.length} decisions shown${more ? "; there are more" : ""}.`;
  }

  #renderList() {
    const feed = this.#feed;
    const trouble = this.listTrouble
      ? html`<p class="note danger" role="alert">
          ${this.listTrouble} <button class="button small" @click=${() => void this.#loadMore()}>Try again</button>
        </p>`
      : nothing;
    if (!feed.decisions.length && !feed.busy && !feed.more)
      return this.listTrouble ? trouble : html`<p class="note">${this.#emptyText()}</p>`;
    return html`<candor-decision-list
        .decisions=${feed.decisions}
        .filters=${this.address.filters}
        .queue=${this.address.queue}
        .label=${this.address.queue ? `Decisions in the queue ${feed.title}` : "Decisions, newest first"}
        .selected=${this.address.decision}
        .more=${feed.more && !this.listTrouble}
        .busy=${feed.busy}
        @candor-open=${(event: CustomEvent<string>) => this.#show(event.detail)}
        @candor-more=${() => void this.#loadMore()}
        @candor-halt=${() => feed.stop()}
      ></candor-decision-list>
      ${trouble}`;
  }

  #emptyText(): string {
    if (this.address.queue) return "Nothing waits in this queue. Come back when there is more, or choose another one.";
    return countOf(this.address.filters)
      ? "No decision fits these filters. Take one of them off to see more."
      : "No decision has been recorded yet. The first message of a visitor brings the first ones.";
  }

  #renderDecision(): TemplateResult {
    if (this.viewTrouble)
      return html`<p class="note danger" role="alert">
        ${this.viewTrouble} <button class="button small" @click=${() => void this.#back()}>Back to the list</button>
      </p>`;
    if (this.decision?.decision_id !== this.address.decision) return html`<p class="note">Loading…</p>`;
    return html`<candor-decision-view
      .decision=${this.decision}
      .filters=${this.address.filters}
      .queue=${this.address.queue}
      .choices=${this.choices}
      .session=${this.session}
      .talk=${this.talk}
      .done=${this.done}
      @candor-open=${(event: CustomEvent<string>) => this.#show(event.detail)}
      @candor-conversation=${(event: CustomEvent<string>) => this.#filter({ conversation: event.detail })}
      @candor-talk=${() => void this.#toggleTalk()}
      @candor-next=${() => void this.#next()}
      @candor-back=${() => void this.#back()}
      @candor-reviewed=${(event: CustomEvent<DecisionReview>) => void this.#take(event.detail)}
    ></candor-decision-view>`;
  }

  #renderTalk() {
    return html`<aside aria-label="Conversation around the decision">
      <candor-conversation-panel
        .decision=${this.decision}
        .why=${this.why}
        @candor-open=${(event: CustomEvent<string>) => this.#show(event.detail)}
        @candor-close=${() => void this.#toggleTalk()}
      ></candor-conversation-panel>
    </aside>`;
  }

  #filter(filters: Filters): void {
    this.#go({ ...this.address, filters, queue: "" });
  }

  #show(id: string): void {
    if (id === this.address.decision) return this.#view?.focusTitle();
    this.#go({ ...this.address, decision: id });
  }

  #follow(event: MouseEvent, address: Address): void {
    if (!isPlainClick(event)) return;
    event.preventDefault();
    this.#go(address);
  }

  #go(address: Address): void {
    emit<Address>(this, "candor-go", address);
  }

  async #back(): Promise<void> {
    const id = this.address.decision;
    this.#go({ ...this.address, decision: "" });
    await this.updateComplete;
    await this.#list?.updateComplete;
    this.#list?.focusRow(id);
  }

  async #load(): Promise<void> {
    this.listTrouble = "";
    this.news = "";
    await this.#feed.load(this.address.filters, this.address.queue, this.session.takeSample(this.address.queue));
    await this.updateComplete;
    await this.#list?.updateComplete;
    this.#list?.showRow(this.address.decision);
  }

  async #loadMore(): Promise<void> {
    this.listTrouble = "";
    await this.#feed.loadMore();
  }

  async #loadChoices(): Promise<void> {
    try {
      this.choices = await fetchChoices();
    } catch (error) {
      this.listTrouble = this.#explain(error);
    }
  }

  async #read(id: string, focus: boolean): Promise<void> {
    this.#reading.abort();
    const { signal } = (this.#reading = new AbortController());
    Object.assign(this, { viewTrouble: "", done: false, news: "" });
    if (!id) return void Object.assign(this, { decision: null, talk: false });
    try {
      const decision = await fetchDecision(id, this.why, signal);
      if (decision.conversation_id !== this.decision?.conversation_id) this.talk = false;
      this.decision = decision;
    } catch (error) {
      if (signal.aborted) return;
      Object.assign(this, { decision: null, talk: false, viewTrouble: this.#explain(error) });
    }
    await this.#settled();
    if (signal.aborted) return;
    this.renderRoot.querySelector(".pane")?.scrollTo({ top: 0 });
    this.#list?.showRow(id);
    if (focus) this.#view?.focusTitle();
  }

  async #settled(): Promise<void> {
    await this.updateComplete;
    await this.#view?.updateComplete;
  }

  async #take(review: DecisionReview): Promise<void> {
    this.#feed.mark(review.decision_id, { verdict: review.verdict });
    if (this.decision?.decision_id !== review.decision_id) return;
    this.decision = { ...this.decision, reviews: [...this.decision.reviews, review] };
    this.done = true;
    await this.updateComplete;
    await this.#view?.focusDone();
  }

  #explain(error: unknown): string {
    if (isSignedOut(error)) reportSignedOut(this);
    return sentence(error);
  }

  readonly #readWhy = (event: Event): void => {
    this.why = (event.target as HTMLSelectElement).value as Why;
    chooseWhy(this.why);
  };

  #move(by: -1 | 1): boolean {
    this.#list?.move(by);
    return true;
  }

  async #next(): Promise<void> {
    const at = this.address.decision;
    if (!this.#feed.after(at) && this.#feed.more && !this.#feed.busy) await this.#loadMore();
    if (this.address.decision !== at) return;
    const following = this.#feed.after(at);
    if (following) this.#show(following.decision_id);
    else this.news = this.#feed.busy ? "More decisions are being looked for." : "This was the last decision of the list.";
  }

  #judge(verdict: Verdict): boolean {
    this.#view?.chooseVerdict(verdict);
    return true;
  }

  #escape(): boolean {
    if (this.talk) {
      void this.#toggleTalk();
      return true;
    }
    if (!this.address.decision) return false;
    this.#list?.focusRow(this.address.decision);
    return true;
  }

  async #search(): Promise<void> {
    if (this.address.queue) return;
    await this.#form?.updateComplete;
    this.#form?.focusSearch();
  }

  async #openFilters(): Promise<void> {
    this.folded = false;
    await this.updateComplete;
    await this.#form?.updateComplete;
    this.#form?.focusFilters();
  }

  async #toggleTalk(): Promise<void> {
    this.talk = !this.talk;
    await this.updateComplete;
    const panel = this.renderRoot.querySelector<ConversationPanel>("candor-conversation-panel");
    await panel?.updateComplete;
    if (panel) panel.focusTitle();
    else this.#view?.focusTalk();
  }

  get #list(): DecisionList | null {
    return this.renderRoot.querySelector("candor-decision-list");
  }

  get #view(): DecisionView | null {
    return this.renderRoot.querySelector("candor-decision-view");
  }

  get #form(): FilterForm | null {
    return this.renderRoot.querySelector("candor-filter-form");
  }
}

/** What decides which decisions are listed. */
const listOf = ({ filters, queue }: Address): string => linkTo({ filters, queue });

define("candor-decisions-page", DecisionsPage);
