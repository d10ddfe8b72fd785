/**
 * The contests: replies that visitors asked a human to check. Open ones, the longest waiting first; decided ones below.
 *
 * The list names no visitor's words: these are shown, and the look recorded, when a contest is opened.
 * Property: `session`. Event: `candor-open` (console-page.ts).
 */
import { html, nothing, type PropertyDeclarations } from "lit";
import { repeat } from "lit/directives/repeat.js";
import type { ContestedDecision } from "../shared/api.ts";
import { define } from "../shared/element.ts";
import { languageName, timeTag, waited } from "../shared/times.ts";
import { split } from "../staff/layout.ts";
import { step, stepped } from "../staff/shortcuts.ts";
import { fetchContests } from "./api.ts";
import { ConsolePage } from "./console-page.ts";
import "./contest-view.ts";
import { styles } from "./contests-page.styles.ts";

export class ContestsPage extends ConsolePage {
  static override properties: PropertyDeclarations = {
    ...ConsolePage.properties,
    contests: { state: true },
    chosen: { state: true },
    said: { state: true },
  };
  private contests: ContestedDecision[] | null = null;
  private chosen = "";
  private said = "";

  static override styles = [...ConsolePage.styles, split, styles];

  protected override async load(): Promise<void> {
    this.contests = (await this.asked((signal) => fetchContests("", signal))) ?? this.contests;
  }

  override render() {
    return html`<div class="split ${this.chosen ? "reading" : ""}">
      <div class="column">
        <h2 tabindex="-1">Contests</h2>
        <p class="lead">Visitors asked a human to check these replies. Opening one is written down, as every look at a visitor's data is.</p>
        ${this.renderTrouble()} ${this.#renderLists()}
        <p class="hidden" role="status">${this.said}</p>
      </div>
      <div class="pane">${this.#renderChosen()}</div>
    </div>`;
  }

  #renderLists() {
    if (!this.contests) return this.busy ? html`<p class="quiet-text" role="status">Loading…</p>` : nothing;
    const { open, decided } = sorted(this.contests);
    return html`<h3>Open${open.length ? ` (${open.length})` : ""}</h3>
      ${open.length ? this.#renderList("Open contests", open) : html`<p class="quiet-text">No contest waits for an answer.</p>`}
      ${decided.length ? html`<h3>Decided</h3>${this.#renderList("Decided contests", decided)}` : nothing}`;
  }

  #renderList(label: string, contests: ContestedDecision[]) {
    return html`<ul aria-label=${label}>
      ${repeat(
        contests,
        (one) => one.id,
        (one) => html`<li>
          <button data-id=${one.id} aria-current=${one.id === this.chosen ? "true" : nothing} @click=${() => this.#show(one.id)}>
            ${one.state === "open" ? this.#renderOpen(one) : this.#renderDecided(one)}
          </button>
        </li>`,
      )}
    </ul>`;
  }

  #renderOpen(one: ContestedDecision) {
    return html`<span class="wait">Waits ${waited((Date.now() - Date.parse(one.at)) / 1000)}</span>
      <span class="facts">${timeTag(one.at)}</span><span class="facts">${languageName(one.language)}</span>`;
  }

  #renderDecided(one: ContestedDecision) {
    return html`<span>${one.state === "upheld" ? "The reply stands" : "The reply was wrong"}</span>
      <span class="facts">${one.decided_at ? timeTag(one.decided_at) : nothing}</span>
      <span class="facts">${[one.reviewer, languageName(one.language)].filter(Boolean).join(" · ")}</span>`;
  }

  #renderChosen() {
    if (!this.chosen) return html`<div class="middle"><p>Open a contest to read the reply and what the visitor says.</p></div>`;
    return html`<candor-contest-view
      .contestId=${this.chosen}
      .session=${this.session}
      @candor-decided=${(event: CustomEvent<ContestedDecision>) => this.#decided(event.detail)}
      @candor-back=${this.#back}
    ></candor-contest-view>`;
  }

  #show(id: string): void {
    this.chosen = id;
    this.renderRoot.querySelector(".pane")?.scrollTo({ top: 0 });
  }

  #decided(contest: ContestedDecision): void {
    this.contests = (this.contests ?? []).map((one) => (one.id === contest.id ? { ...one, ...contest } : one));
    const { open } = sorted(this.contests);
    this.said = `Decided. The visitor finds your words in the chat. ${open.length || "No"} more to look at.`;
  }

  readonly #back = async (): Promise<void> => {
    const id = this.chosen;
    this.chosen = "";
    await this.updateComplete;
    this.#row(id)?.focus();
  };

  #buttons(): HTMLElement[] {
    return [...this.renderRoot.querySelectorAll<HTMLElement>("ul button")];
  }

  protected override press(key: string): boolean {
    const buttons = this.#buttons();
    const at = buttons.indexOf(this.shadowRoot?.activeElement as HTMLElement);
    if (key === "escape" && this.chosen) return this.#leave();
    const by = step(key);
    if (by === 0 || !(key === "j" || key === "k" || at >= 0)) return false;
    buttons[stepped(at, by, buttons.length)]?.focus();
    return true;
  }

  /** From the contest to its row; where the list is hidden, as on a phone, back to the list. */
  #leave(): true {
    this.#row(this.chosen)?.focus();
    if (!(this.shadowRoot?.activeElement instanceof HTMLButtonElement)) void this.#back();
    return true;
  }

  #row(id: string): HTMLElement | undefined {
    return this.#buttons().find((button) => button.dataset["id"] === id);
  }
}

/** Open ones, the longest waiting first; decided ones, the newest first. */
export function sorted(contests: ContestedDecision[]): { open: ContestedDecision[]; decided: ContestedDecision[] } {
  const open = contests.filter((one) => one.state === "open").sort((a, b) => a.at.localeCompare(b.at));
  const decided = contests.filter((one) => one.state !== "open").sort((a, b) => (b.decided_at ?? "").localeCompare(a.decided_at ?? ""));
  return { open, decided };
}

define("candor-contests-page", ContestsPage);
