/**
 * Stopping the assistant: wholly or for one topic, by an operator; others see what is stopped.
 *
 * Property: `session`.
 */
import { html, nothing, type PropertyDeclarations } from "lit";
import { live } from "lit/directives/live.js";
import type { Stop, Stops } from "../shared/api.ts";
import { define, focusOn } from "../shared/element.ts";
import { timeTag } from "../shared/times.ts";
import { fetchStops, startAgain, stopAssistant } from "./api.ts";
import { ConsolePage } from "./console-page.ts";
import { styles } from "./stops-page.styles.ts";

const LONGEST = 400;
const DRAFT = "stop";

export class StopsPage extends ConsolePage {
  static override properties: PropertyDeclarations = {
    ...ConsolePage.properties,
    stops: { state: true },
    wanted: { state: true },
    reason: { state: true },
    problem: { state: true },
    said: { state: true },
    sending: { state: true },
  };
  private stops: Stops | null = null;
  private wanted = "";
  private reason = "";
  private problem = "";
  private said = "";
  private sending = false;

  static override styles = [...ConsolePage.styles, styles];

  protected override async load(): Promise<void> {
    this.reason = this.session.draft(DRAFT);
    this.stops = (await this.asked(fetchStops)) ?? this.stops;
  }

  override render() {
    const running = this.stops?.stops.filter((stop) => !stop.ended_at) ?? [];
    const ended = this.stops?.stops.filter((stop) => stop.ended_at) ?? [];
    return html`<div class="page">
      <div>
        <h2 tabindex="-1">Stop</h2>
        <p class="lead">A stop holds from the next message on. People go on answering at the desk, and every stop stands in the log.</p>
      </div>
      ${this.renderTrouble()}
      <p class="hidden" role="status">${this.said}</p>
      ${this.stops ? html`${this.#renderRunning(running)} ${this.#renderEntry()} ${this.#renderEnded(ended)}` : this.#renderWaiting()}
    </div>`;
  }

  #renderWaiting() {
    return this.busy ? html`<p class="quiet-text" role="status">Loading…</p>` : nothing;
  }

  #renderRunning(running: Stop[]) {
    return html`<section class="card ${running.length ? "running" : ""}" aria-labelledby="now">
      <h3 id="now" tabindex="-1">${running.length ? "Stopped now" : "The assistant is running"}</h3>
      ${
        running.length
          ? html`<ul>
            ${running.map(
              (stop) => html`<li>
                ${this.#renderStop(stop)}
                ${
                  this.may("operator")
                    ? html`<button class="button" aria-label=${`Start again: ${titleOf(stop)}`} @click=${() => void this.#end(stop)}>Start again</button>`
                    : nothing
                }
              </li>`,
            )}
          </ul>`
          : html`<p class="quiet-text">It answers visitors on every topic.</p>`
      }
    </section>`;
  }

  #renderStop(stop: Stop) {
    return html`<div>
      <p class="what">${titleOf(stop)}</p>
      <p>${stop.reason}</p>
      <p class="quiet-text">
        ${stop.by ?? "Somebody"}, ${timeTag(stop.at)}${
          stop.ended_at ? html` · started again${stop.ended_by ? ` by ${stop.ended_by}` : ""}, ${timeTag(stop.ended_at)}` : nothing
        }
      </p>
    </div>`;
  }

  #renderEntry() {
    return this.may("operator")
      ? this.#renderForm()
      : html`<p class="note">Stopping and starting again is for operators. You see here what is stopped.</p>`;
  }

  /** What is not stopped yet: topics' names and titles, and "" for the whole assistant. */
  get #choices(): { name: string; title: string }[] {
    const running = this.stops?.stops.filter((stop) => !stop.ended_at).map((stop) => stop.topic ?? "");
    const topics = this.stops?.topics.map(({ name, title }) => ({ name, title: `Only: ${title}` })) ?? [];
    return [{ name: "", title: "The whole assistant" }, ...topics].filter(({ name }) => !running?.includes(name));
  }

  /** The chosen one, or the first that is left. */
  get #topic(): string {
    const choices = this.#choices;
    return (choices.find(({ name }) => name === this.wanted) ?? choices[0])?.name ?? "";
  }

  /** What visitors will read, in quotation marks. */
  get #told(): string {
    const { everything = "", topic = "" } = this.stops?.told ?? {};
    return `“${this.#topic ? topic : everything}”`;
  }

  #renderForm() {
    const choices = this.#choices;
    if (!choices.length) return nothing;
    return html`<form class="card" aria-labelledby="form" @submit=${this.#send}>
      <h3 id="form">Stop the assistant</h3>
      <label>
        What to stop
        <select class="field" .value=${live(this.#topic)} @change=${(event: Event) => (this.wanted = (event.target as HTMLSelectElement).value)}>
          ${choices.map(({ name, title }) => html`<option value=${name} ?selected=${name === this.#topic}>${title}</option>`)}
        </select>
      </label>
      <label>
        Reason, for your colleagues and the log
        <textarea
          class="field"
          required
          maxlength=${LONGEST}
          .value=${live(this.reason)}
          @input=${(event: Event) => this.#write((event.target as HTMLTextAreaElement).value)}
        ></textarea>
      </label>
      <div>
        <p class="quiet-text">${this.#topic ? "Visitors who ask about this will read:" : "Visitors who write will read:"}</p>
        <blockquote class="quiet-text">${this.#told}</blockquote>
        <p class="quiet-text">They then wait in the desk's queue for a person.</p>
      </div>
      ${this.problem ? html`<p class="note danger" role="alert">${this.problem}</p>` : nothing}
      <button class="button primary" aria-disabled=${this.sending ? "true" : nothing}>
        ${this.#topic ? "Stop this topic" : "Stop the assistant"}
      </button>
    </form>`;
  }

  #renderEnded(ended: Stop[]) {
    if (!ended.length) return nothing;
    return html`<section class="card" aria-labelledby="ended">
      <h3 id="ended">Earlier stops</h3>
      <ul>
        ${ended.map((stop) => html`<li>${this.#renderStop(stop)}</li>`)}
      </ul>
    </section>`;
  }

  #write(text: string): void {
    this.reason = text;
    this.session.keepDraft(DRAFT, text);
  }

  readonly #send = (event: Event): void => {
    event.preventDefault();
    if (this.reason.trim()) void this.#stop(this.reason.trim());
    else focusOn(this, "textarea");
  };

  async #stop(reason: string): Promise<void> {
    const topic = this.#topic;
    if (await this.#change(() => stopAssistant(topic || null, reason), `Stopped. ${this.#told}`)) this.#write("");
  }

  async #end(stop: Stop): Promise<void> {
    await this.#change(() => startAgain(stop.id), `${titleOf(stop)}: started again.`);
  }

  /** Runs `call`, shows the new state and moves the focus there. False when it failed. */
  async #change(call: () => Promise<unknown>, said: string): Promise<boolean> {
    if (this.sending) return false;
    this.sending = true;
    this.problem = "";
    try {
      await call();
    } catch (error) {
      this.problem = this.explain(error);
      this.sending = false;
      return false;
    }
    this.stops = (await this.asked(fetchStops)) ?? this.stops;
    this.said = said;
    this.sending = false;
    await this.updateComplete;
    focusOn(this, "#now");
    return true;
  }
}

const titleOf = (stop: Stop): string => (stop.topic === null ? "The whole assistant" : stop.title);

define("candor-stops-page", StopsPage);
