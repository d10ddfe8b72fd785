/**
 * The corrections: training examples that reviews have proposed, for maintainers to accept or refuse.
 *
 * Property: `session`. Event: `candor-open` (console-page.ts).
 */
import { html, nothing, type PropertyDeclarations } from "lit";
import { repeat } from "lit/directives/repeat.js";
import type { ProposedCorrection, CorrectionState } from "../shared/api.ts";
import { define } from "../shared/element.ts";
import { fetchCorrections } from "./api.ts";
import { ConsolePage } from "./console-page.ts";
import "./correction-card.ts";
import { styles } from "./corrections-page.styles.ts";

const STATES: [state: CorrectionState, title: string, empty: string][] = [
  ["proposed", "Proposed", "No example waits. A review that says “wrong” and names the right intent proposes one."],
  ["accepted", "Accepted", "No example has been accepted yet."],
  ["refused", "Refused", "No example has been refused."],
];

export class CorrectionsPage extends ConsolePage {
  static override properties: PropertyDeclarations = {
    ...ConsolePage.properties,
    state: { state: true },
    corrections: { state: true },
    said: { state: true },
  };
  private state: CorrectionState = "proposed";
  private corrections: ProposedCorrection[] | null = null;
  private said = "";

  static override styles = [...ConsolePage.styles, styles];

  protected override async load(): Promise<void> {
    const { state } = this;
    this.corrections = (await this.asked((signal) => fetchCorrections(state, signal))) ?? this.corrections;
  }

  override render() {
    return html`<div class="page">
      <div>
        <h2 tabindex="-1">Corrections</h2>
        <p class="lead">
          Reviewers found these messages misunderstood. What a maintainer accepts can be taught: <code>candor corrections export</code> writes
          the accepted examples into the training data, <code>make model</code> trains with them.
        </p>
      </div>
      ${this.may("maintainer") ? nothing : html`<p class="note">You can read these. Accepting and refusing is for maintainers.</p>`}
      <div class="states" role="group" aria-label="Which corrections">
        ${STATES.map(
          ([state, title]) =>
            html`<button class="button small" aria-pressed=${state === this.state ? "true" : "false"} @click=${() => this.#choose(state)}>
              ${title}
            </button>`,
        )}
      </div>
      <p class="hidden" role="status">${this.said}</p>
      ${this.renderTrouble()} ${this.#renderList()}
    </div>`;
  }

  #renderList() {
    if (!this.corrections) return this.busy ? html`<p class="quiet-text" role="status">Loading…</p>` : nothing;
    if (!this.corrections.length) return html`<p class="note">${STATES.find(([state]) => state === this.state)?.[2]}</p>`;
    return html`<div class="list">
      ${repeat(
        this.corrections,
        (one) => one.id,
        (one) => html`<candor-correction-card
          .session=${this.session}
          .correction=${one}
          @candor-decided=${(event: CustomEvent<ProposedCorrection>) => this.#decided(event.detail)}
        ></candor-correction-card>`,
      )}
    </div>`;
  }

  #choose(state: CorrectionState): void {
    this.state = state;
    this.corrections = null;
    void this.load();
  }

  /** It leaves the list; the focus goes on to the one that takes its place. */
  async #decided(correction: ProposedCorrection): Promise<void> {
    const at = (this.corrections ?? []).findIndex((one) => one.id === correction.id);
    this.corrections = (this.corrections ?? []).filter((one) => one.id !== correction.id);
    this.said = `${correction.state === "accepted" ? "Accepted" : "Refused"}. ${this.corrections.length || "None"} left.`;
    await this.updateComplete;
    const cards = [...this.renderRoot.querySelectorAll("candor-correction-card")];
    const next = cards[Math.min(at, cards.length - 1)];
    if (next) next.shadowRoot?.querySelector<HTMLElement>("h3")?.focus();
    else this.focusTitle();
  }
}

define("candor-corrections-page", CorrectionsPage);
