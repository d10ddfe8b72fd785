/**
 * The queues: which decisions are worth a reviewer's time, and why each of them was chosen.
 *
 * Property: `session`. Event: `candor-open` (console-page.ts), with the queue's name.
 */
import { html, nothing, type PropertyDeclarations, type TemplateResult } from "lit";
import type { ReviewQueue, QueueHint as Queue } from "../shared/api.ts";
import { define } from "../shared/element.ts";
import { step } from "../staff/shortcuts.ts";
import "./agreement-panel.ts";
import { fetchQueue, fetchQueues } from "./api.ts";
import { ConsolePage, openDecision } from "./console-page.ts";
import { styles } from "./queues-page.styles.ts";
import { SummaryRows } from "./summary-rows.ts";

const WHAT_FOR: Record<string, string> = {
  random: "A fair sample: how good the assistant is on the whole",
  low_confidence: "Where it was least sure of itself",
  contested: "Replies that visitors had checked; they get their answer under Contests",
  new_intent: "What the newest model has only begun to know",
  second: "Reviewed once: a second pair of eyes",
};

/** A queue is counted no further. */
const MOST = 100;

export class QueuesPage extends ConsolePage {
  static override properties: PropertyDeclarations = {
    ...ConsolePage.properties,
    queues: { state: true },
    chosen: { state: true },
    page: { state: true },
  };
  private queues: Queue[] | null = null;
  private chosen = "";
  private page: ReviewQueue | null = null;

  static override styles = [...ConsolePage.styles, styles];

  protected override async load(): Promise<void> {
    const queues = await this.asked(fetchQueues);
    if (!queues) return;
    this.queues = queues;
    const known = queues.find((one) => one.name === (this.chosen || this.session.queue)) ?? queues[0];
    if (known) await this.#choose(known.name);
  }

  override render() {
    return html`<div class="page">
      <div>
        <h2 tabindex="-1">Queues</h2>
        <p class="lead">Decisions that are worth a look. Open one and work on from there: N goes to the next.</p>
      </div>
      ${this.renderTrouble()}
      <div class="parts">
        ${this.queues ? this.#renderQueues(this.queues) : html`<p class="quiet-text" role="status">${this.busy ? "Loading…" : ""}</p>`}
        ${this.page ? this.#renderPage(this.page) : html`<div></div>`}
        <candor-agreement-panel .session=${this.session}></candor-agreement-panel>
      </div>
    </div>`;
  }

  #renderQueues(queues: Queue[]) {
    return html`<nav aria-label="Queues">
      ${queues.map(
        (one) => html`<button aria-current=${one.name === this.chosen ? "true" : nothing} @click=${() => void this.#choose(one.name)}>
          <span>${one.title}</span>${one.count_hint === null ? nothing : html`<span class="count">${one.count_hint < MOST ? one.count_hint : `${MOST}+`}</span>`}
          <span class="for">${WHAT_FOR[one.name] ?? ""}</span>
        </button>`,
      )}
    </nav>`;
  }

  #renderPage(page: ReviewQueue): TemplateResult {
    const [first] = page.decisions;
    return html`<section class="queue" aria-labelledby="queue" aria-busy=${this.busy ? "true" : "false"} @candor-open=${() => this.session.beginWith(page)}>
      <div class="top">
        <h3 id="queue">${page.title}</h3>
        ${
          first
            ? html`<button class="button primary small" @click=${(event: Event) => openDecision(event.target!, { id: first.decision_id, queue: page.queue })}>Begin with the first</button>`
            : nothing
        }
      </div>
      <p class="lead">${page.explanation}</p>
      <p class="hidden" role="status">${page.title}: ${page.decisions.length} decisions.</p>
      ${
        first
          ? html`<candor-summary-rows .decisions=${page.decisions} .queue=${page.queue} .label=${`Decisions in ${page.title}`}></candor-summary-rows>`
          : html`<p class="note">Nothing waits here. Choose another queue, or come back when there is more.</p>`
      }
    </section>`;
  }

  async #choose(name: string): Promise<void> {
    this.chosen = this.session.queue = name;
    const page = await this.asked((signal) => fetchQueue(name, signal));
    if (page) this.page = page;
  }

  protected override press(key: string): boolean {
    const rows = this.renderRoot.querySelector<SummaryRows>("candor-summary-rows");
    const by = step(key);
    if (by === 0 || !rows || !(key === "j" || key === "k" || rows.hasFocus)) return false;
    rows.move(by);
    return true;
  }
}

define("candor-queues-page", QueuesPage);
