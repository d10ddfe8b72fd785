/**
 * The integrity badge: this browser checks the open record against the signed log by itself, and says how.
 *
 * Property: `decision`.
 */
import { html, LitElement, nothing } from "lit";
import type { Decision, Proof } from "../shared/api.ts";
import { define, focusOn } from "../shared/element.ts";
import { ApiError } from "../shared/http.ts";
import { parts } from "../shared/parts.styles.ts";
import { fullTime } from "../shared/times.ts";
import { sentence } from "../staff/session.ts";
import { fetchProof } from "./api.ts";
import { forget, recall, remember } from "./checkpoint-memory.ts";
import { styles } from "./evidence-badge.styles.ts";
import { canCheck, check, type Check, type Finding, grouped } from "./proof.ts";

type State = "checking" | "waiting" | "unchecked" | Finding["state"];

/** Milliseconds between two looks whether the record is sealed by now, and how often it is looked. */
const PAUSE = 1000;
const LOOKS = 20;

const SIGNS: Record<State, string> = { checking: "…", waiting: "◷", unchecked: "–", verified: "✓", erased: "✓", broken: "!" };

export class EvidenceBadge extends LitElement {
  static override properties = {
    decision: { attribute: false },
    state: { state: true },
    finding: { state: true },
    proof: { state: true },
    word: { state: true },
    open: { state: true },
  };
  decision: Decision | null = null;
  private state: State = "checking";
  private finding: Finding | null = null;
  private proof: Proof | null = null;
  private word = "";
  private open = false;
  #asking = new AbortController();

  static override styles = [parts, styles];

  override willUpdate(changed: Map<PropertyKey, unknown>): void {
    const before = changed.get("decision") as Decision | null | undefined;
    if (changed.has("decision") && this.decision?.decision_id !== before?.decision_id) {
      this.open = false;
      void this.#verify();
    }
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#asking.abort();
  }

  override render() {
    return html`<button
        class="button small badge ${this.state}"
        aria-expanded=${this.open ? "true" : "false"}
        aria-controls="proof"
        @click=${() => (this.open = !this.open)}
      >
        <span class="sign" aria-hidden="true">${SIGNS[this.state]}</span><span role="status">${this.#renderTitle()}</span>
      </button>
      <div id="proof" class="proof" tabindex="-1" role="group" aria-labelledby="how" ?hidden=${!this.open}>${this.#renderProof()}</div>`;
  }

  /** Opens the proof and puts the focus there; closes it when it is open. */
  async toggle(): Promise<void> {
    this.open = !this.open;
    await this.updateComplete;
    focusOn(this, this.open ? "#proof" : ".badge");
  }

  #renderTitle() {
    const { finding } = this;
    const size = grouped(finding?.size ?? 0);
    const unsigned = finding && !finding.signed ? "; the signature was not checked" : "";
    switch (this.state) {
      case "checking":
        return html`Checking…`;
      case "waiting":
        return html`Waiting to be sealed`;
      case "unchecked":
        return html`Not checked <span class="how">${this.word}</span>`;
      case "verified":
        return html`Verified <span class="how">checked in this browser against checkpoint ${size}${unsigned}</span>`;
      case "erased":
        return html`Erased, header verified <span class="how">checked in this browser against checkpoint ${size}${unsigned}</span>`;
      default:
        return html`Does not verify <span class="how">see what was found</span>`;
    }
  }

  #renderProof() {
    return html`<h3 id="how">How this record was checked</h3>
      ${this.finding ? html`<ol>${this.finding.checks.map(renderCheck)}</ol>` : html`<p class="note">${this.#explanation()}</p>`}
      ${this.finding?.state === "broken" ? this.#renderBroken(this.finding) : nothing} ${this.#renderEvidence()}
      <div class="line"><button class="button small" @click=${() => void this.#verify()}>Check again</button></div>`;
  }

  #explanation(): string {
    if (this.state === "waiting") return "New records are sealed into the log within two seconds. This one is checked as soon as it is.";
    return this.word || "The record's proof is being fetched and recomputed here.";
  }

  #renderBroken(finding: Finding) {
    const memory = finding.checks.filter((one) => one.ok === false).every((one) => one.part === "memory");
    return html`<p class="note warn">
        ${
          memory
            ? "The record fits the log as it is now, but the log is not a continuation of what this browser saw. Was the log set up anew on purpose? Then forget the old one. Otherwise tell your operator."
            : "Do not rely on this record until it is explained. Tell your operator, who runs 'candor log verify': it names what differs."
        }
      </p>
      ${memory ? html`<div class="line"><button class="button small" @click=${this.#startAnew}>Forget what this browser saw before</button></div>` : nothing}`;
  }

  #renderEvidence() {
    const { decision, proof } = this;
    const known = recall();
    return html`${known ? html`<p class="note">This browser remembers ${grouped(known.size)} records, seen ${fullTime(known.at)}.</p>` : nothing}
      ${
        decision && proof
          ? html`<details>
            <summary>Header, path and checkpoint</summary>
            <pre>${decision.header}</pre>
            <pre>${proof.path.join("\n") || "The log holds this record alone: there is no path."}</pre>
            <pre>${proof.checkpoint}</pre>
            <pre>${proof.verifier_key}</pre>
          </details>`
          : nothing
      }`;
  }

  readonly #startAnew = (): void => {
    forget();
    void this.#verify();
  };

  async #verify(): Promise<void> {
    this.#asking.abort();
    const { signal } = (this.#asking = new AbortController());
    Object.assign(this, { state: "checking", finding: null, proof: null, word: "" });
    const { decision } = this;
    if (!decision) return;
    if (!canCheck()) return this.#give("This browser checks only on pages that come over HTTPS.");
    for (let look = 0; look < LOOKS && !signal.aborted; look += 1) {
      if (await this.#attempt(decision, signal)) return;
      await new Promise((resolve) => setTimeout(resolve, PAUSE));
    }
  }

  /** True when there is nothing more to wait for. */
  async #attempt(decision: Decision, signal: AbortSignal): Promise<boolean> {
    const known = recall();
    try {
      const proof = await fetchProof(decision.decision_id, signal);
      const finding = await check(decision, proof, known);
      if (signal.aborted) return true;
      if (finding.seen) remember(finding.seen);
      Object.assign(this, { proof, finding, state: finding.state });
    } catch (error) {
      if (signal.aborted) return true;
      if (error instanceof ApiError && error.code === "not_sealed_yet") return this.#wait();
      this.#give(sentence(error));
    }
    return true;
  }

  #wait(): false {
    this.state = "waiting";
    return false;
  }

  #give(word: string): void {
    this.word = word;
    this.state = "unchecked";
  }
}

function renderCheck(one: Check) {
  const [style, sign, name] = one.ok === null ? ["", "–", "Not checked"] : one.ok ? ["ok", "✓", "Fits"] : ["bad", "!", "Does not fit"];
  return html`<li class=${style}><span class="sign" aria-hidden="true">${sign}</span><span><span class="hidden">${name}: </span>${one.text}</span></li>`;
}

define("candor-evidence-badge", EvidenceBadge);
