/** The review console's shell: which page is shown, its links along the top, the log's state. The address holds what is shown. */
import { html, nothing, type TemplateResult } from "lit";
import type { Role, StaffMember } from "../shared/api.ts";
import { define } from "../shared/element.ts";
import { type KeyHelp, StaffPage } from "../staff/staff-page.ts";
import { type Address, addressOf, HOME, isPlainClick, linkTo, type PageName, PAGES } from "./address.ts";
import { DecisionsPage } from "./decisions-page.ts";
import "./log-badge.ts";
import { styles } from "./review-page.styles.ts";
import { ReviewSession } from "./session.ts";

const TITLES: Record<PageName, string> = {
  decisions: "Decisions",
  queues: "Queues",
  contests: "Contests",
  corrections: "Corrections",
  charts: "Charts",
  stop: "Stop",
};
/** Fetched when they are first asked for. */
const PARTS: Partial<Record<PageName, () => Promise<unknown>>> = {
  queues: () => import("./queues-page.ts"),
  contests: () => import("./contests-page.ts"),
  corrections: () => import("./corrections-page.ts"),
  charts: () => import("./charts-page.ts"),
  stop: () => import("./stops-page.ts"),
};

interface Page extends HTMLElement {
  updateComplete: Promise<boolean>;
  focusTitle(): void;
}

export class Review extends StaffPage {
  static override properties = { address: { state: true }, loaded: { state: true }, missing: { state: true } };
  protected readonly needs: Role = "reviewer";
  protected readonly keys: KeyHelp = [
    [["J", "↓"], "Down the list"],
    [["K", "↑"], "Up the list"],
    [["Enter"], "Open the decision"],
    [["N"], "Open the next decision"],
    [["Esc"], "From the decision back to the list; close the conversation"],
    [["/"], "Search"],
    [["F"], "Filters"],
    [["R"], "Review this decision"],
    [["1", "2", "3"], "Right, wrong, unsure"],
    [["Ctrl+Enter"], "Record the review, send the answer"],
    [["C"], "The conversation around it"],
    [["P"], "How the record was checked"],
  ];
  private address: Address = HOME;
  private loaded: ReadonlySet<PageName> = new Set<PageName>(["decisions"]);
  private missing = false;
  #session = new ReviewSession();

  static override styles = [...StaffPage.styles, styles];

  override connectedCallback(): void {
    super.connectedCallback();
    globalThis.addEventListener("popstate", this.#readAddress);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    globalThis.removeEventListener("popstate", this.#readAddress);
  }

  protected override begin(staff: StaffMember): void {
    if (this.#session.login !== staff.login) this.#session = new ReviewSession(staff);
    this.#readAddress();
  }

  protected override end(): void {
    this.address = HOME;
  }

  protected override forget(): void {
    this.#session = new ReviewSession();
    history.replaceState(null, "", location.pathname);
  }

  /** Operators may come in too, to stop the assistant; the rest is for reviewers. */
  protected override may(staff: StaffMember): boolean {
    return super.may(staff) || staff.roles.includes("operator");
  }

  get #pages(): readonly PageName[] {
    return this.staff?.roles.includes("reviewer") ? PAGES : ["stop"];
  }

  protected override sections(): TemplateResult {
    return html`<nav aria-label="Review console">
      ${this.#pages.map(
        (name) => html`<a
          href=${linkTo({ page: name })}
          aria-current=${name === this.address.page ? "page" : nothing}
          @click=${(event: MouseEvent) => this.#follow(event, name)}
          >${TITLES[name]}</a
        >`,
      )}
      <a href="/policies?language=en" target="_blank" rel="noopener">Policies<span class="hidden"> (opens in a new tab)</span></a>
    </nav>`;
  }

  protected override state(): TemplateResult | typeof nothing {
    return this.#pages.includes("decisions") ? html`<candor-log-badge></candor-log-badge>` : nothing;
  }

  protected override content(): TemplateResult {
    return html`<main @candor-open=${this.#open} @candor-go=${(event: CustomEvent<Address>) => this.#go(event.detail)}>${this.#renderPage()}</main>`;
  }

  #renderPage(): TemplateResult {
    const { page } = this.address;
    if (this.missing)
      return html`<p class="note danger" role="alert">This page could not be loaded. Check the connection, then reload.</p>`;
    if (!this.loaded.has(page)) return html`<p class="note" role="status">Loading…</p>`;
    switch (page) {
      case "queues":
        return html`<candor-queues-page .session=${this.#session}></candor-queues-page>`;
      case "contests":
        return html`<candor-contests-page .session=${this.#session}></candor-contests-page>`;
      case "corrections":
        return html`<candor-corrections-page .session=${this.#session}></candor-corrections-page>`;
      case "charts":
        return html`<candor-charts-page .session=${this.#session}></candor-charts-page>`;
      case "stop":
        return html`<candor-stops-page .session=${this.#session}></candor-stops-page>`;
      default:
        return html`<candor-decisions-page .address=${this.address} .session=${this.#session}></candor-decisions-page>`;
    }
  }

  protected override press(event: KeyboardEvent): boolean {
    const page = this.#shown;
    return page instanceof DecisionsPage && page.press(event);
  }

  #follow(event: MouseEvent, page: PageName): void {
    if (!isPlainClick(event)) return;
    event.preventDefault();
    this.#go({ ...HOME, page });
  }

  /** A page beside the decisions asks for one of them. */
  readonly #open = (event: CustomEvent<string | { id: string; queue?: string }>): void => {
    const { detail } = event;
    const opening = typeof detail === "string" ? { id: detail } : detail;
    this.#go({ ...HOME, decision: opening.id, queue: opening.queue ?? "" });
  };

  #go(address: Address): void {
    const link = linkTo(address);
    if (link !== `${location.pathname}${location.search}`) history.pushState(null, "", link);
    this.#readAddress();
  }

  readonly #readAddress = (): void => {
    const before = this.address;
    const wanted = addressOf(location.search);
    this.address = this.#pages.includes(wanted.page) ? wanted : { ...HOME, page: this.#pages[0]! };
    document.title = `${TITLES[this.address.page]} · Review · Candor`;
    void this.#fetchPage(this.address.page).then(() => {
      if (before.page !== this.address.page) return this.#focusPage();
    });
  };

  async #fetchPage(page: PageName): Promise<void> {
    this.missing = false;
    if (this.loaded.has(page)) return;
    try {
      await PARTS[page]?.();
      this.loaded = new Set([...this.loaded, page]);
    } catch {
      this.missing = this.address.page === page;
    }
  }

  /** For screen readers, and so that Tab continues from there. */
  async #focusPage(): Promise<void> {
    await this.updateComplete;
    await this.#shown?.updateComplete;
    if (!this.address.decision) this.#shown?.focusTitle();
  }

  get #shown(): Page | null {
    return this.renderRoot.querySelector<Page>("main > *");
  }
}

define("candor-review", Review);
