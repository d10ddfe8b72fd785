/**
 * One contest: the reply in question, what the visitor says, and the reviewer's answer.
 *
 * Properties: `contestId`, `session`.
 * Events: `candor-open` (console-page.ts); `candor-go`, detail: the `Address` of the conversation's decisions (bubbles);
 * `candor-decided`, detail: the `Contest` as it is now; `candor-back`.
 */
import { html, nothing, type PropertyDeclarations, type PropertyValues } from "lit";
import { live } from "lit/directives/live.js";
import type { ContestedDecision, ContestRuling } from "../shared/api.ts";
import { define, emit, focusOn } from "../shared/element.ts";
import { ApiError } from "../shared/http.ts";
import { fullTime, languageName, timeTag } from "../shared/times.ts";
import { contactLink } from "../staff/contact.ts";
import { sendByKey } from "../staff/shortcuts.ts";
import { type Address, HOME, isPlainClick, linkTo } from "./address.ts";
import { decideContest, fetchContest } from "./api.ts";
import { ConsolePage, decisionAddress, openOn } from "./console-page.ts";
import { styles } from "./contest-view.styles.ts";

const LONGEST = 2000;
const OUTCOMES: [outcome: ContestRuling["outcome"], title: string][] = [
  ["upheld", "The reply stands"],
  ["overturned", "The reply was wrong"],
];

export class ContestView extends ConsolePage {
  static override properties: PropertyDeclarations = {
    ...ConsolePage.properties,
    contestId: {},
    contest: { state: true },
    outcome: { state: true },
    words: { state: true },
    written: { state: true },
    problem: { state: true },
    sending: { state: true },
  };
  contestId = "";
  private contest: ContestedDecision | null = null;
  private outcome: ContestRuling["outcome"] | "" = "";
  private words = "";
  private written = false;
  private problem = "";
  private sending = false;

  static override styles = [...ConsolePage.styles, styles];

  protected override willUpdate(changes: PropertyValues): void {
    if (this.hasUpdated && changes.has("contestId")) void this.load();
  }

  protected override async load(): Promise<void> {
    const id = this.contestId;
    if (this.contest?.id !== id) this.contest = null;
    this.problem = "";
    const contest = await this.asked((signal) => fetchContest(id, signal));
    if (!contest) return;
    this.contest = contest;
    this.outcome = "";
    this.written = false;
    this.words = this.session.draft(id);
    await this.updateComplete;
    this.focusTitle();
  }

  override render() {
    const { contest } = this;
    return html`<article aria-labelledby=${contest ? "title" : nothing}>
      <div>
        <button class="button small back" @click=${() => emit(this, "candor-back")}>Back to the list</button>
        ${contest ? this.#renderTitle(contest) : nothing}
      </div>
      ${this.renderTrouble()} ${!contest && this.busy ? html`<p class="note" role="status">Loading…</p>` : nothing}
      ${contest ? html`${this.#renderReply(contest)} ${this.#renderReason(contest)} ${this.#renderProblem()} ${this.#renderEnd(contest)}` : nothing}
    </article>`;
  }

  #renderTitle(contest: ContestedDecision) {
    return html`<div class="meta">
        <span>Asked ${timeTag(contest.at, fullTime(contest.at))}</span><span>${languageName(contest.language)}</span>
      </div>
      <h2 id="title" tabindex="-1">${titleOf(contest)}</h2>`;
  }

  #renderReply(contest: ContestedDecision) {
    const conversation = { ...HOME, filters: { conversation: contest.conversation_id } };
    const opening = contest.decision_id ? { id: contest.decision_id } : null;
    return html`<section class="card">
      <h3>The assistant's reply</h3>
      ${
        contest.reply === null
          ? html`<p class="quiet-text">It can no longer be shown: the visitor's data was erased.</p>`
          : html`<blockquote lang=${contest.language}>${contest.reply}</blockquote>`
      }
      <p class="links">
        ${opening ? html`<a class="link" href=${decisionAddress(opening)} @click=${openOn(opening)}>How it was decided</a>` : nothing}
        <a class="link" href=${linkTo(conversation)} @click=${(event: MouseEvent) => this.#go(event, conversation)}
          >All decisions of the conversation</a
        >
      </p>
    </section>`;
  }

  #renderReason(contest: ContestedDecision) {
    return html`<section class="card">
      <h3>What the visitor says</h3>
      ${
        contest.reason
          ? html`<blockquote class="visitor" lang=${contest.language}>${contest.reason}</blockquote>`
          : html`<p class="quiet-text">No reason was given. None is needed.</p>`
      }
      ${
        contest.contact
          ? html`<p class="links"><span>Address left: <a class="link" href=${contactLink(contest.contact)}>${contest.contact}</a></span></p>`
          : nothing
      }
    </section>`;
  }

  #renderProblem() {
    return this.problem ? html`<p class="note danger" role="alert">${this.problem}</p>` : nothing;
  }

  #renderEnd(contest: ContestedDecision) {
    return contest.state === "open" ? this.#renderForm(contest) : this.#renderDecided(contest);
  }

  #renderForm(contest: ContestedDecision) {
    const left = LONGEST - this.words.length;
    return html`<form class="card" @submit=${this.#send} @keydown=${sendByKey}>
      <fieldset>
        <legend>After looking at it, what do you say?</legend>
        ${OUTCOMES.map(
          ([outcome, title]) => html`<label class="choice">
            <input type="radio" name="outcome" required .checked=${live(this.outcome === outcome)} @change=${() => (this.outcome = outcome)} />
            ${title}
          </label>`,
        )}
      </fieldset>
      <label class="text">
        Your words to the visitor
        <textarea
          class="field"
          required
          maxlength=${LONGEST}
          aria-describedby="hint"
          .value=${live(this.words)}
          @input=${(event: Event) => this.#write((event.target as HTMLTextAreaElement).value)}
        ></textarea>
      </label>
      <p id="hint" class="quiet-text">
        ${seenText(this.outcome, this.session.name)} Please write in ${languageName(contest.language)}.${
          left < 300 ? ` ${left} characters left.` : ""
        }
      </p>
      ${contest.contact ? this.#renderWritten(contest.contact) : nothing}
      <button class="button primary" aria-disabled=${this.sending ? "true" : nothing}>${this.sending ? "Sending…" : "Send the answer"}</button>
    </form>`;
  }

  #renderWritten(contact: string) {
    return html`<label class="choice">
      <input type="checkbox" .checked=${live(this.written)} @change=${(event: Event) => (this.written = (event.target as HTMLInputElement).checked)} />
      <span>I have written to ${contact} as well</span>
    </label>`;
  }

  #renderDecided(contest: ContestedDecision) {
    return html`<section class="card">
      <h3>What the visitor was told</h3>
      ${contest.words ? html`<blockquote class="reviewer">${contest.words}</blockquote>` : nothing}
      <p class="links quiet-text">
        <span>${contest.reviewer ? `Decided by ${contest.reviewer}` : "Decided"}${contest.decided_at ? html`, ${timeTag(contest.decided_at)}` : nothing}</span>
      </p>
    </section>`;
  }

  #go(event: MouseEvent, address: Address): void {
    if (!isPlainClick(event)) return;
    event.preventDefault();
    emit<Address>(this, "candor-go", address, true);
  }

  #write(text: string): void {
    this.words = text;
    this.session.keepDraft(this.contestId, text);
  }

  readonly #send = (event: Event): void => {
    event.preventDefault();
    const words = this.words.trim();
    if (this.outcome && words && !this.sending)
      void this.#decide({ outcome: this.outcome, words, ...(this.contest?.contact && { written: this.written }) });
    else if (!words) focusOn(this, "textarea");
  };

  async #decide(ruling: ContestRuling): Promise<void> {
    const id = this.contestId;
    this.sending = true;
    this.problem = "";
    try {
      const contest = await decideContest(id, ruling);
      this.session.keepDraft(id, "");
      emit<ContestedDecision>(this, "candor-decided", contest);
      if (this.contestId === id) this.contest = contest;
      await this.updateComplete;
      this.focusTitle();
    } catch (error) {
      const late = error instanceof ApiError && error.code === "already_decided";
      if (late) await this.load();
      this.problem = late ? `${this.explain(error)} Your words were not sent.` : this.explain(error);
    }
    this.sending = false;
  }
}

/** What the visitor will see around the words. */
function seenText(outcome: ContestRuling["outcome"] | "", name: string): string {
  const verdict = { upheld: "the answer stands", overturned: "the answer was wrong", "": "what you say about the answer" }[outcome];
  return `The visitor reads in the chat that ${name || "you"}, a person, has checked it, ${verdict}, and then your words.`;
}

export function titleOf(contest: ContestedDecision): string {
  if (contest.state === "upheld") return "Checked: the reply stands";
  if (contest.state === "overturned") return "Checked: the reply was wrong";
  return "A visitor asks a human to check a reply";
}

define("candor-contest-view", ContestView);
