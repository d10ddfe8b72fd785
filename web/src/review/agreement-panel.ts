/**
 * How far two reviewers of the same decision agree, and where they do not.
 *
 * Properties and event: as every console page's (console-page.ts).
 */
import { html, nothing, type PropertyDeclarations, type TemplateResult } from "lit";
import type { Agreement, Disagreement } from "../shared/api.ts";
import { define } from "../shared/element.ts";
import { styles } from "./agreement-panel.styles.ts";
import { fetchAgreement } from "./api.ts";
import { ConsolePage, decisionAddress, openOn } from "./console-page.ts";
import { daysAgo } from "./periods.ts";
import { percent } from "./record.ts";

const PERIODS: [days: number, title: string][] = [
  [30, "Last 30 days"],
  [90, "Last 90 days"],
  [0, "All time"],
];
const BEGINNING = "2000-01-01";
/** Number of disagreements shown before the reader asks for all. */
const FEW = 6;
/** Of fewer decisions than these, kappa says nothing. */
const ENOUGH = 20;

export class AgreementPanel extends ConsolePage {
  static override properties: PropertyDeclarations = {
    ...ConsolePage.properties,
    agreement: { state: true },
    days: { state: true },
    all: { state: true },
  };
  private agreement: Agreement | null = null;
  private days = 90;
  private all = false;

  static override styles = [...ConsolePage.styles, styles];

  protected override async load(): Promise<void> {
    const from = this.days ? daysAgo(this.days) : BEGINNING;
    this.agreement = (await this.asked((signal) => fetchAgreement(from, signal))) ?? this.agreement;
  }

  override render() {
    return html`<section class="card" aria-labelledby="title">
      <div class="top">
        <h3 id="title">Do reviewers agree?</h3>
        <select class="field" aria-label="Period" @change=${this.#choose}>
          ${PERIODS.map(([days, title]) => html`<option value=${days} ?selected=${days === this.days}>${title}</option>`)}
        </select>
      </div>
      ${this.renderTrouble()} ${this.agreement ? this.#renderAgreement(this.agreement) : this.#renderWaiting()}
    </section>`;
  }

  #renderWaiting() {
    return this.busy ? html`<p class="quiet-text" role="status">Loading…</p>` : nothing;
  }

  #renderAgreement(agreement: Agreement): TemplateResult {
    if (agreement.share === null)
      return html`<p>${reviewedText(agreement)}</p>
        <p class="quiet-text">Agreement shows once two people have reviewed the same decision. The queue “Second look” leads there.</p>`;
    return html`<p><span class="share">${percent(agreement.share)}</span> agreed</p>
      <p>${reviewedText(agreement)} ${kappaText(agreement.kappa, agreement.twice)}</p>
      ${agreement.disagreements.length ? this.#renderDisagreements(agreement.disagreements) : html`<p class="quiet-text">No disagreement.</p>`}`;
  }

  #renderDisagreements(disagreements: Disagreement[]) {
    return html`<h4>Where they differ</h4>
      <ul>
        ${disagreements.slice(0, this.all ? undefined : FEW).map(
          (one) => html`<li>
            <a class="link" href=${decisionAddress({ id: one.decision_id })} @click=${openOn({ id: one.decision_id })}>${one.summary}</a>
            <div class="quiet-text">${one.verdicts.map(({ reviewer, verdict }) => `${reviewer}: ${verdict}`).join(" · ")}</div>
          </li>`,
        )}
      </ul>
      ${
        this.all || disagreements.length <= FEW
          ? nothing
          : html`<button class="button small" @click=${() => (this.all = true)}>Show all ${disagreements.length}</button>`
      }`;
  }

  readonly #choose = (event: Event): void => {
    this.days = Number((event.target as HTMLSelectElement).value);
    void this.load();
  };
}

export function reviewedText({ reviewed, twice, agreed }: Agreement): string {
  if (!reviewed) return "Nothing was reviewed in this time.";
  const first = `${reviewed} ${reviewed === 1 ? "decision" : "decisions"} reviewed, ${twice || "none"} of them by two people`;
  return twice ? `${first}, who came to the same verdict on ${agreed}.` : `${first}.`;
}

/** Explains kappa in plain words; `twice` is the number of decisions it was computed from. */
export function kappaText(kappa: number | null, twice: number): string {
  if (kappa === null || twice < ENOUGH) return "That is too little yet to tell how much of it is chance.";
  const beyond = KAPPA_BANDS.find(([from]) => kappa >= from)?.[1] ?? "less often than guessing would";
  return `They agree ${beyond} (kappa ${kappa.toFixed(2)}, where 0 is guessing and 1 is always).`;
}

const KAPPA_BANDS: [from: number, words: string][] = [
  [0.8, "almost always, far beyond what guessing would give"],
  [0.6, "much more often than guessing would"],
  [0.4, "clearly more often than guessing would"],
  [0.2, "somewhat more often than guessing would"],
  [0, "hardly more often than guessing would"],
];

define("candor-agreement-panel", AgreementPanel);
