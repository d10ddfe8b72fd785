/**
 * One decision: what was decided, from what and why, in plain words; then the verdict on it and the evidence.
 *
 * Properties: `decision`, `filters` and `queue` (for the links), `choices`, `session`, `talk` (the conversation is open beside it),
 * `done` (a review was recorded just now).
 * Events: `candor-open`, detail: a decision's id; `candor-conversation`, detail: a conversation's id (list all of it);
 * `candor-talk` (open or close the conversation); `candor-next`; `candor-back`; `candor-reviewed` (review-form.ts).
 */
import { html, LitElement, nothing, type TemplateResult } from "lit";
import type { Choices, ContestedDecision, Decision, PersonalData, Erasure, DecisionSummary, Verdict } from "../shared/api.ts";
import { define, emit } from "../shared/element.ts";
import { parts } from "../shared/parts.styles.ts";
import { fullTime, timeTag } from "../shared/times.ts";
import { isPlainClick, linkTo } from "./address.ts";
import { NO_CHOICES } from "./choices.ts";
import { styles } from "./decision-view.styles.ts";
import { EvidenceBadge } from "./evidence-badge.ts";
import type { Filters } from "./filters.ts";
import "./json-tree.ts";
import "./ranking-bars.ts";
import { conditions, isDecision, plain, rawRecord, withoutKind } from "./record.ts";
import { ReviewForm } from "./review-form.ts";
import "./reviews.ts";
import { ReviewSession } from "./session.ts";
import "./waterfall.ts";

const CONTESTS: Record<ContestedDecision["state"], string> = {
  open: "The visitor asked a human to check this. Nobody has decided yet.",
  upheld: "The visitor asked a human to check this. The reply stands.",
  overturned: "The visitor asked a human to check this. The reply was overturned.",
};

export class DecisionView extends LitElement {
  static override properties = {
    decision: { attribute: false },
    filters: { attribute: false },
    queue: {},
    choices: { attribute: false },
    session: { attribute: false },
    talk: { type: Boolean },
    done: { type: Boolean },
  };
  decision: Decision | null = null;
  filters: Filters = {};
  queue = "";
  choices: Choices = NO_CHOICES;
  session = new ReviewSession();
  talk = false;
  done = false;

  static override styles = [parts, styles];

  focusTitle(): void {
    this.#find("h2")?.focus();
  }

  /** To the verdict. False when this record is not one to be reviewed. */
  focusReview(): boolean {
    const form = this.#find<ReviewForm>("candor-review-form");
    this.#find("#review")?.scrollIntoView({ block: "nearest" });
    form?.focusVerdict();
    return form !== null;
  }

  chooseVerdict(verdict: Verdict): void {
    this.#find("#review")?.scrollIntoView({ block: "nearest" });
    void this.#find<ReviewForm>("candor-review-form")?.choose(verdict);
  }

  toggleProof(): void {
    void this.#find<EvidenceBadge>("candor-evidence-badge")?.toggle();
  }

  focusTalk(): void {
    this.#find("#talk")?.focus();
  }

  /** To what can be done after a review was recorded. */
  async focusDone(): Promise<void> {
    await this.updateComplete;
    this.#find("#review")?.scrollIntoView({ block: "nearest" });
    this.#find(".done .button")?.focus();
  }

  override render() {
    const decision = this.decision;
    if (!decision) return nothing;
    return html`<article aria-labelledby="title">
      ${this.#renderTitle(decision)} ${this.#renderFacts(decision)} ${this.#renderRanking(decision)} ${this.#renderReview(decision)}
      ${this.#renderTurn(decision)} ${this.#renderPersonal(decision)} ${this.#renderConditions(decision)} ${this.#renderRaw(decision)}
    </article>`;
  }

  #renderTitle(decision: Decision) {
    return html`<div>
      <div class="top">
        <div class="meta">
          <span class="tag ${isDecision(decision.kind) ? "ai" : "human"}">${plain(decision.kind)}</span>
          <time datetime=${decision.timestamp} title=${decision.timestamp}>${fullTime(decision.timestamp)}</time>
        </div>
        <div class="actions">
          <button class="button small" @click=${() => this.#tell("candor-back")}>${this.queue ? "Back to the queue" : "Back to the list"}</button>
          ${
            decision.conversation_id
              ? html`<button id="talk" class="button small" aria-pressed=${this.talk ? "true" : "false"} @click=${() => this.#tell("candor-talk")}>
                Conversation
              </button>`
              : nothing
          }
          <button class="button small" @click=${() => this.#tell("candor-next")}>Next</button>
        </div>
      </div>
      <h2 id="title" tabindex="-1">${decision.explanation.title}</h2>
      <p class="lead">${decision.explanation.text}</p>
      <candor-evidence-badge .decision=${decision}></candor-evidence-badge>
      ${decision.erasure ? this.#renderErasure(decision.erasure) : nothing} ${decision.contest ? this.#renderContest(decision.contest) : nothing}
    </div>`;
  }

  #renderErasure({ at, reason, record_id }: Erasure) {
    return html`<p class="note">
      The content of this record was erased${at ? ` on ${fullTime(at)}` : ""}${reason ? ` (${plain(reason)})` : ""}. Its place in the log and its
      header stay. ${record_id ? this.#link({ decision: record_id }, "candor-open", record_id, "The record of the erasure") : nothing}
    </p>`;
  }

  #renderContest(contest: ContestedDecision) {
    return html`<p class="note ${contest.state === "open" ? "warn" : ""}">
      ${CONTESTS[contest.state]} ${contest.reason ? html`They wrote: “${contest.reason}”` : nothing}
      ${contest.words ? html`${contest.reviewer ?? "A reviewer"} answered: “${contest.words}”` : nothing}
      <a class="link" href=${linkTo({ page: "contests" })}>All contests</a>
    </p>`;
  }

  #renderFacts(decision: Decision) {
    // The data used is listed below, with everything its turn was allowed.
    const facts = decision.explanation.facts.filter((fact) => !(decision.personal.length && fact.label === "Personal data used"));
    return facts.length ? section("What it was decided from, and why", list(facts.map((fact) => [fact.label, fact.value]))) : nothing;
  }

  #renderRanking(decision: Decision) {
    if (!decision.ranking.length) return nothing;
    return section(
      "What the message could have meant",
      html`<candor-ranking-bars .ranking=${decision.ranking} .threshold=${decision.threshold}></candor-ranking-bars>`,
    );
  }

  #renderReview(decision: Decision) {
    if (!isDecision(decision.kind) || (decision.erasure && decision.reviews.length === 0)) return nothing;
    const mine = decision.reviews.some((one) => one.reviewer === this.session.name || one.reviewer === this.session.login);
    return html`<section id="review">
      <h3>Review</h3>
      <div role="status">
        ${
          this.done
            ? html`<p class="note done">Your review is on record. <button class="button small" @click=${() => this.#tell("candor-next")}>Next decision</button></p>`
            : nothing
        }
      </div>
      <candor-reviews .reviews=${decision.reviews} .reasons=${this.choices.reasons}></candor-reviews>
      ${
        decision.erasure
          ? nothing
          : html`<candor-review-form
        .decision=${decision}
        .choices=${this.choices}
        .session=${this.session}
        .again=${mine}
        @candor-reviewed=${(event: CustomEvent) => this.#tell("candor-reviewed", event.detail)}
      ></candor-review-form>`
      }
    </section>`;
  }

  #renderTurn(decision: Decision) {
    const steps = decision.waterfall.length ? html`<candor-waterfall .steps=${decision.waterfall}></candor-waterfall>` : nothing;
    const all = decision.conversation_id
      ? html`<p class="meta">
          ${this.#link(
            { filters: { conversation: decision.conversation_id }, decision: decision.decision_id },
            "candor-conversation",
            decision.conversation_id,
            "List all decisions of this conversation",
          )}
        </p>`
      : nothing;
    if (decision.turn.length < 2) return steps === nothing && all === nothing ? nothing : section("Around it", html`${steps}${all}`);
    return section("The turn, step by step", html`${steps}<ol>${decision.turn.map((one) => this.#renderStep(one, decision))}</ol>${all}`);
  }

  #renderStep(one: DecisionSummary, decision: Decision) {
    const here = one.decision_id === decision.decision_id;
    return html`<li class=${here ? "here" : ""}>
      <a
        href=${linkTo({ filters: this.filters, queue: this.queue, decision: one.decision_id })}
        title=${fullTime(one.timestamp)}
        aria-current=${here ? "step" : nothing}
        @click=${(event: MouseEvent) => this.#follow(event, "candor-open", one.decision_id)}
        ><span class="kind">${plain(one.kind)}</span>${withoutKind(one.summary, one.kind)}</a
      >
    </li>`;
  }

  #renderPersonal(decision: Decision) {
    if (!isDecision(decision.kind) || decision.payload === null) return nothing;
    const used = decision.personal;
    if (!used.length) return section("Personal data", html`<p class="meta">None was used for this decision.</p>`);
    return section("Personal data, and what allowed it", html`<ul>${used.map(renderUse)}</ul>`);
  }

  #renderConditions(decision: Decision) {
    const rows = conditions(decision);
    return rows.length ? section("Further circumstances", list(rows)) : nothing;
  }

  #renderRaw(decision: Decision) {
    return html`<section>
      <details>
        <summary>The record as it was written</summary>
        <candor-json-tree .value=${rawRecord(decision)}></candor-json-tree>
      </details>
    </section>`;
  }

  #link(to: Parameters<typeof linkTo>[0], name: `candor-${string}`, detail: string, title: string) {
    return html`<a class="link" href=${linkTo(to)} @click=${(event: MouseEvent) => this.#follow(event, name, detail)}>${title}</a>`;
  }

  #follow(event: MouseEvent, name: `candor-${string}`, detail: string): void {
    if (!isPlainClick(event)) return;
    event.preventDefault();
    this.#tell(name, detail);
  }

  #tell(name: `candor-${string}`, detail: unknown = null): void {
    emit(this, name, detail);
  }

  #find<T extends HTMLElement = HTMLElement>(selector: string): T | null {
    return this.renderRoot.querySelector<T>(selector);
  }
}

function renderUse(one: PersonalData) {
  const allowed = one.consent_record_id
    ? html`consent ${one.consent_state ?? "on record"}${one.consent_at ? html`, ${timeTag(one.consent_at)}` : nothing} (${one.consent_record_id})`
    : html`no consent on record`;
  return html`<li>
    <strong>${one.category_title ?? plain(one.category)}</strong>${one.purpose ? html` for: ${one.purpose_title ?? plain(one.purpose)}` : nothing}
    <div class="meta"><span>${allowed}</span>${one.lawful_basis ? html`<span>Lawful basis: ${plain(one.lawful_basis)}</span>` : nothing}</div>
  </li>`;
}

function section(title: string, content: TemplateResult): TemplateResult {
  return html`<section>
    <h3>${title}</h3>
    ${content}
  </section>`;
}

function list(rows: [string, string][]): TemplateResult {
  return html`<dl>
    ${rows.map(([label, value]) => html`<dt>${label}</dt><dd>${value}</dd>`)}
  </dl>`;
}

define("candor-decision-view", DecisionView);
