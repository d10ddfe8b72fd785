/**
 * One decision: what was decided, from what and why, in plain words; then the evidence.
 *
 * Properties: `decision`, `filters` (for the links).
 * Events: `candor-open`, detail: a decision's id; `candor-conversation`, detail: a conversation's id; `candor-back`.
 */
import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import { parts, tokens } from "../ui/tokens.ts";
import { fullTime } from "../staff/times.ts";
import { searchOf, type Filters } from "./filters.ts";
import "./json-tree.ts";
import "./ranking-bars.ts";
import { conditions, plain, rawRecord, withoutKind } from "./record.ts";
import type { Decision, Summary } from "./types.ts";

export class DecisionView extends LitElement {
  static override properties = { decision: { attribute: false }, filters: { attribute: false } };
  decision: Decision | null = null;
  filters: Filters = {};

  static override styles = [
    tokens,
    parts,
    css`
      :host {
        display: block;
      }
      article {
        display: grid;
        gap: 22px;
        max-width: 54rem;
        padding: 20px 28px 48px;
      }
      h2 {
        width: fit-content;
        margin: 6px 0 8px;
        font: 650 var(--text-xl) / 1.3 var(--font);
        overflow-wrap: anywhere;
      }
      h2:focus-visible {
        border-radius: 4px;
      }
      h3 {
        margin: 0 0 8px;
        font: 650 var(--text) / 1.4 var(--font);
      }
      .meta {
        display: flex;
        flex-wrap: wrap;
        gap: 4px 12px;
        align-items: center;
        color: var(--muted);
        font-size: var(--text-s);
      }
      .lead {
        margin: 0;
        font-size: var(--text-l);
        white-space: pre-line;
      }
      section {
        padding: 16px 18px;
        border: 1px solid var(--line);
        border-radius: var(--radius);
        background: var(--surface);
      }
      dl {
        display: grid;
        grid-template-columns: minmax(7rem, max-content) minmax(0, 1fr);
        gap: 6px 20px;
        margin: 0;
      }
      dt {
        color: var(--muted);
      }
      dd {
        margin: 0;
        overflow-wrap: anywhere;
        white-space: pre-line;
      }
      ol {
        margin: 0;
        padding: 0;
        list-style: none;
      }
      ol li {
        position: relative;
        padding-inline-start: 24px;
      }
      ol li::before {
        position: absolute;
        inset-block: 0 0;
        inset-inline-start: 6px;
        border-inline-start: 2px solid var(--line);
        content: "";
      }
      ol li:first-child::before {
        top: 16px;
      }
      ol li:last-child::before {
        bottom: calc(100% - 16px);
      }
      ol li::after {
        position: absolute;
        top: 11px;
        inset-inline-start: 2px;
        width: 10px;
        height: 10px;
        border: 2px solid var(--edge);
        border-radius: 50%;
        background: var(--surface);
        content: "";
      }
      ol li.here::after {
        border-color: var(--accent);
        background: var(--accent);
      }
      ol a {
        display: block;
        padding: 5px 8px;
        border-radius: var(--radius-s);
        color: var(--ink);
        text-decoration: none;
      }
      ol a:not([aria-current]):hover {
        background: var(--raised);
      }
      ol a[aria-current] {
        background: var(--accent-soft);
      }
      .kind {
        margin-inline-end: 6px;
        color: var(--ai);
        font-size: var(--text-s);
        font-weight: 650;
      }
      details > summary {
        font-weight: 650;
        cursor: pointer;
      }
      candor-json-tree {
        margin-top: 12px;
      }
      section > .meta {
        margin: 10px 0 0;
      }
      .link {
        color: var(--accent);
      }
      .back {
        display: none;
        margin-bottom: 8px;
      }
      @media (max-width: 760px) {
        article {
          padding: 12px 12px 32px;
        }
        section {
          padding: 12px;
        }
        dl {
          grid-template-columns: minmax(0, 1fr);
          gap: 0;
        }
        dd {
          margin-bottom: 8px;
        }
        .back {
          display: inline-flex;
        }
      }
    `,
  ];

  focusTitle(): void {
    this.renderRoot.querySelector<HTMLElement>("h2")?.focus();
  }

  override render() {
    const decision = this.decision;
    if (!decision) return nothing;
    return html`<article aria-labelledby="title">
      ${this.renderTitle(decision)} ${this.renderFacts(decision)} ${this.renderRanking(decision)} ${this.renderTurn(decision)}
      ${this.renderConditions(decision)} ${this.renderRaw(decision)}
    </article>`;
  }

  private renderTitle(decision: Decision) {
    return html`<div>
      <button class="button small back" @click=${() => this.tell("candor-back", "")}>Back to the list</button>
      <div class="meta">
        <span class="tag ${isByPerson(decision) ? "human" : "ai"}">${plain(decision.kind)}</span>
        <time datetime=${decision.timestamp} title=${decision.timestamp}>${fullTime(decision.timestamp)}</time>
      </div>
      <h2 id="title" tabindex="-1">${decision.explanation.title}</h2>
      <p class="lead">${decision.explanation.text}</p>
    </div>`;
  }

  private renderFacts(decision: Decision) {
    const { facts } = decision.explanation;
    return facts.length ? section("What it was decided from, and why", list(facts.map((fact) => [fact.label, fact.value]))) : nothing;
  }

  private renderRanking(decision: Decision) {
    if (!decision.ranking.length) return nothing;
    return section(
      "What the message could have meant",
      html`<candor-ranking-bars .ranking=${decision.ranking} .threshold=${decision.threshold}></candor-ranking-bars>`,
    );
  }

  private renderTurn(decision: Decision) {
    const all = html`<p class="meta">
      <a
        class="link"
        href=${`/review${searchOf({ conversation: decision.conversation_id }, decision.decision_id)}`}
        @click=${(event: MouseEvent) => this.follow(event, "candor-conversation", decision.conversation_id)}
        >Show all decisions of this conversation</a
      >
    </p>`;
    if (decision.turn.length < 2) return section("Around it", all);
    return section("All decisions of this turn", html`<ol>${decision.turn.map((one) => this.renderStep(one, decision))}</ol>${all}`);
  }

  private renderStep(one: Summary, decision: Decision) {
    const here = one.decision_id === decision.decision_id;
    return html`<li class=${here ? "here" : ""}>
      <a
        href=${`/review${searchOf(this.filters, one.decision_id)}`}
        title=${fullTime(one.timestamp)}
        aria-current=${here ? "step" : nothing}
        @click=${(event: MouseEvent) => this.follow(event, "candor-open", one.decision_id)}
        ><span class="kind">${plain(one.kind)}</span>${withoutKind(one.summary, one.kind)}</a
      >
    </li>`;
  }

  private renderConditions(decision: Decision) {
    const rows = conditions(decision);
    return rows.length ? section("Further circumstances", list(rows)) : nothing;
  }

  private renderRaw(decision: Decision) {
    return html`<section>
      <details>
        <summary>The record as it was written</summary>
        <candor-json-tree .value=${rawRecord(decision)}></candor-json-tree>
      </details>
    </section>`;
  }

  private follow(event: MouseEvent, name: string, detail: string): void {
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return;
    event.preventDefault();
    this.tell(name, detail);
  }

  private tell(name: string, detail: string): void {
    this.dispatchEvent(new CustomEvent<string>(name, { detail }));
  }
}

const isByPerson = (decision: Decision): boolean => ![undefined, null, "none"].includes(decision["human_involvement"] as string);

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

customElements.define("candor-decision-view", DecisionView);
