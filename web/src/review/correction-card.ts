/**
 * One proposed training example: what was understood, what would have been right, and the wording to learn.
 *
 * Properties: `correction`, `session` (a maintainer can decide, others read).
 * Events: `candor-open` (console-page.ts); `candor-decided`, detail: the `Correction` as it is now.
 */
import { html, LitElement, nothing, type PropertyValues } from "lit";
import { live } from "lit/directives/live.js";
import type { ProposedCorrection, CorrectionRuling } from "../shared/api.ts";
import { define, emit } from "../shared/element.ts";
import { parts } from "../shared/parts.styles.ts";
import { languageName, timeTag } from "../shared/times.ts";
import { isSignedOut, reportSignedOut, sentence } from "../staff/session.ts";
import { decideCorrection } from "./api.ts";
import { decisionAddress, openOn } from "./console-page.ts";
import { styles } from "./correction-card.styles.ts";
import { plain } from "./record.ts";
import { ReviewSession } from "./session.ts";

const LONGEST_TEXT = 500;
const LONGEST_NOTE = 400;

export class CorrectionCard extends LitElement {
  static override properties = {
    correction: { attribute: false },
    session: { attribute: false },
    text: { state: true },
    note: { state: true },
    problem: { state: true },
    sending: { state: true },
  };
  correction: ProposedCorrection | null = null;
  session = new ReviewSession();
  private text = "";
  private note = "";
  private problem = "";
  private sending = false;

  static override styles = [parts, styles];

  protected override willUpdate(changes: PropertyValues): void {
    const before = changes.get("correction") as ProposedCorrection | null | undefined;
    if (!changes.has("correction") || before?.id === this.correction?.id) return;
    this.text = this.session.draft(this.#draftName) || this.#proposed;
    this.note = "";
    this.problem = "";
  }

  override render() {
    const { correction } = this;
    if (!correction) return nothing;
    const wrong = correction.wrong_intent ? plain(correction.wrong_intent) : "not understood";
    return html`<article aria-labelledby="title">
      <div class="top">
        <h3 id="title" tabindex="-1">
          ${plain(correction.intent)} <span class="meta">instead of</span> <span class="wrong">${wrong}</span>
        </h3>
        <span class="meta">${languageName(correction.language)}</span>
      </div>
      ${this.#open ? this.#renderForm(correction) : this.#renderText(correction)}
      ${correction.state === "proposed" ? nothing : this.#renderState(correction)}
      <p class="meta">
        Proposed${correction.proposed_by ? ` by ${correction.proposed_by}` : ""}, ${timeTag(correction.proposed_at)} ·
        <a
          class="link"
          href=${decisionAddress({ id: correction.decision_id })}
          @click=${openOn({ id: correction.decision_id })}
          >The decision it comes from</a
        >
      </p>
    </article>`;
  }

  /** Whether the person who reads it can decide on it. */
  get #open(): boolean {
    return this.correction?.state === "proposed" && this.session.roles.includes("maintainer");
  }

  /** The wording to begin with: a reviewer's, never the visitor's. */
  get #proposed(): string {
    return this.correction?.quoted ? "" : (this.correction?.text ?? "");
  }

  get #draftName(): string {
    return `correction ${this.correction?.id}`;
  }

  #renderText(correction: ProposedCorrection) {
    if (correction.text === null) return html`<p class="meta">${wordless[correction.state]}</p>`;
    return html`<blockquote lang=${correction.language}>${correction.text}</blockquote>`;
  }

  #renderState(correction: ProposedCorrection) {
    const by = correction.decided_by ? ` by ${correction.decided_by}` : "";
    return html`<p class="meta state">
        ${correction.state === "accepted" ? "Accepted" : "Refused"}${by}${
          correction.decided_at ? html`, ${timeTag(correction.decided_at)}` : nothing
        }${correction.note ? `: ${correction.note}` : ""}
      </p>
      ${correction.state === "accepted" ? html`<p class="meta state">${learned(correction)}</p>` : nothing}`;
  }

  #renderForm(correction: ProposedCorrection) {
    return html`<form @submit=${this.#accept}>
      ${
        correction.quoted && correction.text
          ? html`<p class="meta">The visitor wrote, and allowed it to be learned from in other words:</p>
            <blockquote lang=${correction.language}>${correction.text}</blockquote>`
          : nothing
      }
      <label>
        Wording to learn, without anything that tells who wrote it
        <textarea
          class="field"
          rows="1"
          required
          lang=${correction.language}
          maxlength=${LONGEST_TEXT}
          .value=${live(this.text)}
          @input=${(event: Event) => this.#write((event.target as HTMLTextAreaElement).value)}
        ></textarea>
      </label>
      <label>
        Note (if you like)
        <input
          class="field"
          maxlength=${LONGEST_NOTE}
          .value=${live(this.note)}
          @input=${(event: Event) => (this.note = (event.target as HTMLInputElement).value)}
        />
      </label>
      ${this.problem ? html`<p class="note danger" role="alert">${this.problem}</p>` : nothing}
      <div class="buttons">
        <button class="button small" aria-disabled=${this.sending ? "true" : nothing}>Accept</button>
        <button type="button" class="button small" aria-disabled=${this.sending ? "true" : nothing} @click=${this.#refuse}>Refuse</button>
      </div>
    </form>`;
  }

  #write(text: string): void {
    this.text = text;
    this.session.keepDraft(this.#draftName, text === this.#proposed ? "" : text);
  }

  readonly #accept = (event: Event): void => {
    event.preventDefault();
    if (this.text.trim()) void this.#decide({ accept: true, text: this.text.trim() });
  };

  readonly #refuse = (): void => void this.#decide({ accept: false });

  async #decide(ruling: CorrectionRuling): Promise<void> {
    const { correction } = this;
    if (!correction || this.sending) return;
    this.sending = true;
    this.problem = "";
    try {
      const note = this.note.trim();
      const decided = await decideCorrection(correction.id, note ? { ...ruling, note } : ruling);
      this.session.keepDraft(this.#draftName, "");
      emit<ProposedCorrection>(this, "candor-decided", decided);
    } catch (error) {
      if (isSignedOut(error)) reportSignedOut(this);
      this.problem = sentence(error);
    }
    this.sending = false;
  }
}

/** What has become of an accepted example. */
export function learned({ right_model, right_at }: ProposedCorrection): TemplateText {
  if (!right_model) return "Not yet trained: no model since then gets it right.";
  return html`Learned: model <code>${right_model.slice(0, 12)}</code> gets it right${right_at ? html`, since ${timeTag(right_at)}` : nothing}.`;
}

type TemplateText = string | ReturnType<typeof html>;

/** What is said where there is no wording. */
const wordless: Record<ProposedCorrection["state"], string> = {
  proposed: "Nobody has worded it yet; the visitor's words are not used.",
  accepted: "Its wording was erased with the visitor's data.",
  refused: "Its wording was not kept.",
};

define("candor-correction-card", CorrectionCard);
