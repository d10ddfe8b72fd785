/**
 * A reviewer's verdict on one decision. What was begun is kept while the page is open.
 *
 * Properties: `decision`, `choices`, `session` (whose drafts), `again` (this reviewer has reviewed it before).
 * Event: `candor-reviewed`, detail: the `Review` as it was recorded.
 */
import { html, LitElement, nothing } from "lit";
import { keyed } from "lit/directives/keyed.js";
import { live } from "lit/directives/live.js";
import type { Choices, Decision, NewReview, ReviewReason, DecisionReview, Verdict } from "../shared/api.ts";
import { define, emit } from "../shared/element.ts";
import { parts } from "../shared/parts.styles.ts";
import { isSignedOut, reportSignedOut, sentence } from "../staff/session.ts";
import { sendByKey } from "../staff/shortcuts.ts";
import { postReview } from "./api.ts";
import { NO_CHOICES } from "./choices.ts";
import { plain } from "./record.ts";
import { styles } from "./review-form.styles.ts";
import { ReviewSession } from "./session.ts";

type Draft = { verdict: Verdict | ""; reason: string; intent: string; answer: string; note: string; example: string };
type Text = "answer" | "note" | "example";

const EMPTY: Draft = { verdict: "", reason: "", intent: "", answer: "", note: "", example: "" };
const VERDICTS: [verdict: Verdict, title: string, key: string][] = [
  ["right", "Right", "1"],
  ["wrong", "Wrong", "2"],
  ["unsure", "Unsure", "3"],
];
const LONGEST = { answer: 2000, note: 2000, example: 500 };

export class ReviewForm extends LitElement {
  static override properties = {
    decision: { attribute: false },
    choices: { attribute: false },
    session: { attribute: false },
    again: { type: Boolean },
    draft: { state: true },
    trouble: { state: true },
    busy: { state: true },
  };
  decision: Decision | null = null;
  choices: Choices = NO_CHOICES;
  session = new ReviewSession();
  again = false;
  private draft = EMPTY;
  private trouble = "";
  private busy = false;

  static override styles = [parts, styles];

  override willUpdate(changed: Map<PropertyKey, unknown>): void {
    if (!changed.has("decision") && !changed.has("session")) return;
    const before = changed.get("decision") as Decision | undefined;
    if (changed.has("decision") && before?.decision_id === this.decision?.decision_id) return;
    this.draft = { ...EMPTY, ...(JSON.parse(this.session.draft(this.#draftName) || "{}") as Partial<Draft>) };
    this.trouble = "";
  }

  /** Chooses a verdict and goes on to its reason. */
  async choose(verdict: Verdict): Promise<void> {
    this.#judge(verdict);
    await this.updateComplete;
    this.#control("select")?.focus();
  }

  focusVerdict(): void {
    (this.#control("input:checked") ?? this.#control("input"))?.focus();
  }

  override render() {
    const { verdict } = this.draft;
    return html`<form @submit=${this.#submit} @keydown=${sendByKey}>
      <fieldset>
        <legend>${this.again ? "Your verdict has changed? Both stay on record." : "Was this decision right?"}</legend>
        ${VERDICTS.map(([name, title, key]) => this.#renderVerdict(name, title, key))}
      </fieldset>
      ${verdict ? this.#renderMore(verdict) : nothing}
      <div role="alert">${this.trouble ? html`<p class="note danger">${this.trouble}</p>` : nothing}</div>
    </form>`;
  }

  #renderVerdict(name: Verdict, title: string, key: string) {
    return html`<label class="verdict"
      ><input type="radio" name="verdict" value=${name} .checked=${live(this.draft.verdict === name)} @change=${() => this.#judge(name)} />
      ${title} <kbd aria-hidden="true">${key}</kbd></label
    >`;
  }

  #renderMore(verdict: Verdict) {
    const wrong = verdict === "wrong";
    return html`<div class="two">
        <label>Reason${keyed(verdict, this.#renderReasons(verdict))}</label>
        ${
          wrong
            ? html`<label>Right intent<select class="field" name="intent" @change=${this.#read("intent")}>
                <option value="">Not said</option>
                ${this.choices.right_intents.map((one) => option(one, plain(one), this.draft.intent))}
              </select></label>`
            : nothing
        }
      </div>
      ${wrong && this.draft.intent ? this.#renderExample() : nothing}
      ${wrong ? this.#renderText("answer", "A better answer", "What the assistant should have said. Leave it empty when you do not know.") : nothing}
      ${this.#renderText("note", "Note", "For other reviewers. No names, addresses or numbers of the visitor.")}
      <div class="end">
        <button class="button primary" ?disabled=${this.busy}>${this.busy ? "Recording…" : "Record the review"}</button>
        <span class="hint">Ctrl+Enter does the same. A review stays on record; a later one can differ.</span>
      </div>`;
  }

  #renderReasons(verdict: Verdict) {
    return html`<select class="field" name="reason" required @change=${this.#read("reason")}>
      <option value="">Choose one</option>
      ${reasonsFor(this.choices.reasons, verdict).map((one) => option(one.code, one.title, this.draft.reason))}
    </select>`;
  }

  #renderExample() {
    return this.#renderText(
      "example",
      "Training example",
      `In your own words, as somebody else might put it; a maintainer decides. It teaches “${plain(this.draft.intent)}”. You may leave it empty.`,
    );
  }

  #renderText(name: Text, title: string, hint: string) {
    return html`<label
      >${title} <span class="hint">${hint}</span
      ><textarea class="field" name=${name} rows="2" maxlength=${LONGEST[name]} dir="auto" .value=${live(this.draft[name])} @input=${this.#read(name)}></textarea
    ></label>`;
  }

  get #draftName(): string {
    return draftName(this.decision);
  }

  #control(selector: string): HTMLElement | null {
    return this.renderRoot.querySelector<HTMLElement>(selector);
  }

  #judge(verdict: Verdict): void {
    const fitting = reasonsFor(this.choices.reasons, verdict);
    const kept = fitting.some((one) => one.code === this.draft.reason) ? this.draft.reason : "";
    this.#keep({ verdict, reason: kept || (fitting.length === 1 ? fitting[0]!.code : "") });
  }

  #read(name: keyof Draft) {
    return (event: Event): void => this.#keep({ [name]: (event.target as HTMLInputElement).value });
  }

  #keep(change: Partial<Draft>): void {
    this.draft = { ...this.draft, ...change };
    this.session.keepDraft(this.#draftName, JSON.stringify(this.draft));
  }

  readonly #submit = async (event: Event): Promise<void> => {
    event.preventDefault();
    const { decision } = this;
    const review = reviewOf(this.draft);
    if (!decision || !review || this.busy) return;
    this.busy = true;
    this.trouble = "";
    try {
      const recorded = await postReview(decision.decision_id, review);
      this.session.keepDraft(draftName(decision), "");
      if (this.decision === decision) this.draft = EMPTY;
      emit<DecisionReview>(this, "candor-reviewed", recorded);
    } catch (error) {
      if (isSignedOut(error)) reportSignedOut(this);
      this.trouble = sentence(error);
    } finally {
      this.busy = false;
    }
  };
}

/** What is sent: only what belongs to the verdict, and only what is not empty. Null without a verdict or a reason. */
export function reviewOf(draft: Draft): NewReview | null {
  if (!draft.verdict || !draft.reason) return null;
  const wrong = draft.verdict === "wrong";
  const optional = {
    correct_intent: wrong ? draft.intent : "",
    correct_answer: wrong ? draft.answer.trim() : "",
    note: draft.note.trim(),
    example: wrong && draft.intent ? draft.example.trim() : "",
  };
  return {
    verdict: draft.verdict,
    reason: draft.reason,
    ...(Object.fromEntries(Object.entries(optional).filter(([, value]) => value)) as Partial<NewReview>),
  };
}

const draftName = (decision: Decision | null): string => `review ${decision?.decision_id ?? ""}`;

const reasonsFor = (reasons: ReviewReason[], verdict: Verdict): ReviewReason[] => reasons.filter((one) => one.verdicts.includes(verdict));

const option = (value: string, title: string, chosen: string) =>
  html`<option value=${value} ?selected=${value === chosen}>${title}</option>`;

define("candor-review-form", ReviewForm);
