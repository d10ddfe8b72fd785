/**
 * One proposed training example: what was understood, what would have been right, and the wording to learn.
 *
 * Properties: `correction`, `session` (a maintainer can decide, others read).
 * Events: `candor-open` (console-page.ts); `candor-decided`, detail: the `Correction` as it is now.
 */
import { css, html, LitElement, nothing, type PropertyValues } from "lit";
import { live } from "lit/directives/live.js";
import { isSignedOut, reportSignedOut, sentence } from "../staff/session.ts";
import { languageName, timeTag } from "../staff/times.ts";
import { parts, tokens } from "../ui/tokens.ts";
import { decisionAddress, openOn } from "./console-page.ts";
import { draft, keepDraft } from "./drafts.ts";
import { decideCorrection } from "./oversight-api.ts";
import type { Correction, CorrectionRuling, Session } from "./oversight-types.ts";
import { plain } from "./record.ts";

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
  correction: Correction | null = null;
  session: Session = { name: "", login: "", roles: [] };
  private text = "";
  private note = "";
  private problem = "";
  private sending = false;

  static override styles = [
    tokens,
    parts,
    css`
      article {
        display: grid;
        gap: 10px;
        padding: 14px 18px;
        border: 1px solid var(--line);
        border-radius: var(--radius);
        background: var(--surface);
      }
      h3,
      p {
        margin: 0;
      }
      h3 {
        font: 650 var(--text) / 1.4 var(--font);
      }
      .top,
      .buttons {
        display: flex;
        flex-wrap: wrap;
        gap: 4px 14px;
        justify-content: space-between;
        align-items: baseline;
      }
      .buttons {
        gap: 8px;
        justify-content: flex-start;
        align-items: center;
      }
      .meta {
        color: var(--muted);
        font-size: var(--text-s);
      }
      .meta.state {
        color: var(--ink);
      }
      .wrong {
        color: var(--muted);
        text-decoration: line-through;
      }
      blockquote {
        margin: 0;
        padding: 8px 12px;
        border-radius: var(--radius-s);
        background: var(--raised);
        overflow-wrap: anywhere;
      }
      form {
        display: grid;
        gap: 10px;
      }
      label {
        display: grid;
        gap: 3px;
        font-size: var(--text-s);
        font-weight: 600;
      }
      textarea {
        field-sizing: content;
        resize: vertical;
      }
      .link {
        color: var(--accent);
      }
      code {
        font: 600 0.92em var(--mono);
      }
    `,
  ];

  protected override willUpdate(changes: PropertyValues): void {
    const before = changes.get("correction") as Correction | null | undefined;
    if (!changes.has("correction") || before?.id === this.correction?.id) return;
    this.text = draft(this.session.login, this.draftName) || this.proposed;
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
      ${this.open ? this.renderForm(correction) : this.renderText(correction)}
      ${correction.state === "proposed" ? nothing : this.renderState(correction)}
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
  private get open(): boolean {
    return this.correction?.state === "proposed" && this.session.roles.includes("maintainer");
  }

  /** The wording to begin with: a reviewer's, never the visitor's. */
  private get proposed(): string {
    return this.correction?.quoted ? "" : (this.correction?.text ?? "");
  }

  private get draftName(): string {
    return `correction ${this.correction?.id}`;
  }

  private renderText(correction: Correction) {
    if (correction.text === null) return html`<p class="meta">${wordless[correction.state]}</p>`;
    return html`<blockquote lang=${correction.language}>${correction.text}</blockquote>`;
  }

  private renderState(correction: Correction) {
    const by = correction.decided_by ? ` by ${correction.decided_by}` : "";
    return html`<p class="meta state">
        ${correction.state === "accepted" ? "Accepted" : "Refused"}${by}${correction.decided_at
          ? html`, ${timeTag(correction.decided_at)}`
          : nothing}${correction.note ? `: ${correction.note}` : ""}
      </p>
      ${correction.state === "accepted" ? html`<p class="meta state">${learned(correction)}</p>` : nothing}`;
  }

  private renderForm(correction: Correction) {
    return html`<form @submit=${this.accept}>
      ${correction.quoted && correction.text
        ? html`<p class="meta">The visitor wrote, and allowed it to be learned from in other words:</p>
            <blockquote lang=${correction.language}>${correction.text}</blockquote>`
        : nothing}
      <label>
        Wording to learn, without anything that tells who wrote it
        <textarea
          class="field"
          rows="1"
          required
          lang=${correction.language}
          maxlength=${LONGEST_TEXT}
          .value=${live(this.text)}
          @input=${(event: Event) => this.write((event.target as HTMLTextAreaElement).value)}
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
        <button type="button" class="button small" aria-disabled=${this.sending ? "true" : nothing} @click=${this.refuse}>Refuse</button>
      </div>
    </form>`;
  }

  private write(text: string): void {
    this.text = text;
    keepDraft(this.session.login, this.draftName, text === this.proposed ? "" : text);
  }

  private readonly accept = (event: Event): void => {
    event.preventDefault();
    if (this.text.trim()) void this.decide({ accept: true, text: this.text.trim() });
  };

  private readonly refuse = (): void => void this.decide({ accept: false });

  private async decide(ruling: CorrectionRuling): Promise<void> {
    const { correction } = this;
    if (!correction || this.sending) return;
    this.sending = true;
    this.problem = "";
    try {
      const note = this.note.trim();
      const decided = await decideCorrection(correction.id, note ? { ...ruling, note } : ruling);
      keepDraft(this.session.login, this.draftName, "");
      this.dispatchEvent(new CustomEvent<Correction>("candor-decided", { detail: decided }));
    } catch (error) {
      if (isSignedOut(error)) reportSignedOut(this);
      this.problem = sentence(error);
    }
    this.sending = false;
  }
}

/** What has become of an accepted example. */
export function learned({ right_model, right_at }: Correction): TemplateText {
  if (!right_model) return "Not yet trained: no model since then gets it right.";
  return html`Learned: model <code>${right_model.slice(0, 12)}</code> gets it right${right_at ? html`, since ${timeTag(right_at)}` : nothing}.`;
}

type TemplateText = string | ReturnType<typeof html>;

/** What is said where there is no wording. */
const wordless: Record<Correction["state"], string> = {
  proposed: "Nobody has worded it yet; the visitor's words are not used.",
  accepted: "Its wording was erased with the visitor's data.",
  refused: "Its wording was not kept.",
};

customElements.define("candor-correction-card", CorrectionCard);
