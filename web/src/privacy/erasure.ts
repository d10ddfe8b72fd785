/**
 * <candor-erasure> Erases one conversation or everything. As it cannot be undone, a press first says what will go; both ways
 * on from there are the same size. Nobody is asked why, or whether they are sure.
 *
 * Properties: copy, language, level, conversations, erase (function: what, conversation id → promise; rejects with `ApiError`).
 * Events: none. Slots: none. Parts: `step`.
 */
import { html, LitElement, nothing, type TemplateResult } from "lit";
import type { OwnConversation, What } from "../shared/api.ts";
import { define, focusOn } from "../shared/element.ts";
import { refusalOf } from "../shared/http.ts";
import type { Language } from "../shared/language.ts";
import { day, moment } from "../shared/times.ts";
import { copies, type Copy } from "./copy.ts";
import { styles } from "./erasure.styles.ts";
import { heading } from "./heading.ts";
import { sharedStyles } from "./common.styles.ts";

export class Erasure extends LitElement {
  static override properties = {
    copy: { attribute: false },
    language: {},
    level: { type: Number },
    conversations: { attribute: false },
    erase: { attribute: false },
    what: { state: true },
    chosen: { state: true },
    erasing: { state: true },
    problem: { state: true },
  };
  static override styles = [sharedStyles, styles];

  copy: Copy = copies.en;
  language: Language = "en";
  level = 5;
  conversations: readonly OwnConversation[] = [];
  erase: (what: What, conversationId: string) => Promise<void> = () => Promise.resolve();
  what: What | null = null;
  chosen = "";
  erasing = false;
  problem = "";

  override render(): unknown {
    const { copy } = this;
    return html`<div class="pair">
        ${this.#way("conversation", this.conversations.length > 1 ? copy.eraseOne : copy.eraseThis)} ${this.#way("everything", copy.eraseAll)}
      </div>
      ${this.what ? this.#step(this.what) : nothing}`;
  }

  #way(what: What, label: string): TemplateResult {
    return html`<button
      type="button"
      class="button"
      id=${what}
      aria-expanded=${this.what === what}
      aria-controls="step"
      @click=${() => void this.#show(this.what === what ? null : what)}
    >
      ${label}
    </button>`;
  }

  #step(what: What): TemplateResult {
    const { copy } = this;
    const going = this.#going(what);
    return html`<section class="step" id="step" part="step" aria-labelledby="title" @keydown=${this.#onKey}>
      ${heading(this.level, copy.willGo, "title")} ${what === "conversation" ? this.#which() : nothing}
      ${going.length ? this.#list(what, going) : html`<p>${copy.onHold}</p>`}
      ${this.#concerned(what).map((one) => this.#hold(one))}
      ${this.problem ? html`<p class="problem" role="alert">${this.problem}</p>` : nothing}
      <div class="pair">
        ${
          going.length
            ? html`<button type="button" class="button" aria-disabled=${this.erasing ? "true" : nothing} @click=${() => void this.#go(what)}>
              ${this.erasing ? copy.erasing : copy.eraseNow}
            </button>`
            : nothing
        }
        <button type="button" class="button" @click=${() => void this.#show(null)}>${copy.cancel}</button>
      </div>
    </section>`;
  }

  #which(): TemplateResult | typeof nothing {
    if (this.conversations.length < 2) return nothing;
    return html`<label>
      ${this.copy.which}
      <select class="field" @change=${(event: Event) => (this.chosen = (event.target as HTMLSelectElement).value)}>
        ${this.conversations.map((one) => html`<option value=${one.id} ?selected=${one.id === this.chosen}>${this.#named(one)}</option>`)}
      </select>
    </label>`;
  }

  #list(what: What, going: readonly OwnConversation[]): TemplateResult {
    const { copy } = this;
    return html`<ul>
        ${going.map((one) => html`<li>${this.#named(one)}</li>`)}
        <li>${what === "everything" ? copy.allOfIt : copy.withIt}</li>
      </ul>
      <p>${copy.stays}</p>
      <p><strong>${copy.forGood}</strong></p>`;
  }

  #hold({ begun, hold }: OwnConversation): TemplateResult | typeof nothing {
    if (!hold) return nothing;
    return html`<p class="note">${this.copy.held(moment(begun, this.language), day(hold.since, this.language), hold.reason)}</p>`;
  }

  #named(one: OwnConversation): string {
    const { copy } = this;
    const name = copy.conversationOf(moment(one.begun, this.language), one.messages);
    return one.this && this.conversations.length > 1 ? `${name} (${copy.thisOne})` : name;
  }

  /** The conversations that a press is about. */
  #concerned(what: What): readonly OwnConversation[] {
    return what === "everything" ? this.conversations : this.conversations.filter(({ id }) => id === this.chosen);
  }

  #going(what: What): readonly OwnConversation[] {
    return this.#concerned(what).filter(({ hold }) => !hold);
  }

  async #show(what: What | null): Promise<void> {
    const before = this.what;
    this.what = what;
    this.problem = "";
    this.chosen = this.conversations.find((one) => one.this)?.id ?? this.conversations[0]?.id ?? "";
    await this.updateComplete;
    this.renderRoot.querySelector(".step")?.scrollIntoView({ block: "nearest" });
    focusOn(this, what ? "#title" : `#${before}`, { preventScroll: what !== null });
  }

  /** Escape leaves the step, not the chat. */
  readonly #onKey = (event: KeyboardEvent): void => {
    if (event.key !== "Escape") return;
    event.preventDefault(); // not the dialog around it either
    event.stopPropagation();
    void this.#show(null);
  };

  async #go(what: What): Promise<void> {
    if (this.erasing) return;
    this.erasing = true;
    this.problem = "";
    try {
      await this.erase(what, this.chosen);
      this.what = null;
    } catch (error) {
      this.problem = refusalOf(error) ?? this.copy.eraseFailed;
    }
    this.erasing = false;
  }
}

define("candor-erasure", Erasure);
