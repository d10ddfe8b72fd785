/**
 * The log's state in the bar: how much of it is sealed, and whether something is wrong. Opens to say more. It compares the log with
 * what this browser saw before, so that a log that lost records is noticed on every page.
 */
import { html, LitElement, nothing } from "lit";
import type { LogState } from "../shared/api.ts";
import { define } from "../shared/element.ts";
import { parts } from "../shared/parts.styles.ts";
import { fullTime } from "../shared/times.ts";
import { dialogs } from "../staff/layout.ts";
import { fetchLog } from "./api.ts";
import { toHex } from "./bytes.ts";
import { recall, remember } from "./checkpoint-memory.ts";
import { checkSignature, readCheckpoint, readVerifierKey } from "./checkpoint.ts";
import { styles } from "./log-badge.styles.ts";
import { canCheck, grouped, remembered } from "./proof.ts";

/** Milliseconds between two looks. */
const PAUSE = 10_000;

export class LogBadge extends LitElement {
  static override properties = { log: { state: true }, doubt: { state: true }, lost: { state: true } };
  private log: LogState | null = null;
  /** What does not fit, in words. */
  private doubt = "";
  private lost = false;
  #timer: ReturnType<typeof setInterval> | undefined;
  #asking = new AbortController();

  static override styles = [parts, dialogs, styles];

  override connectedCallback(): void {
    super.connectedCallback();
    this.#timer = setInterval(() => void (document.hidden || this.#look()), PAUSE);
    void this.#look();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearInterval(this.#timer);
    this.#asking.abort();
  }

  override render() {
    const state = this.#trouble ? "trouble" : this.log && !this.lost ? "sealed" : "";
    return html`<button class="button small badge ${state}" @click=${() => this.#dialog?.showModal()}>
        <span class="dot" aria-hidden="true"></span><span>${this.#words()}</span>
      </button>
      <dialog aria-labelledby="log">${this.log ? this.#renderLog(this.log) : nothing}<button class="button" @click=${() => this.#dialog?.close()}>Close</button></dialog>`;
  }

  get #trouble(): string {
    return this.log?.trouble ?? this.doubt;
  }

  #words(): string {
    if (!this.log) return this.lost ? "Log not reached" : "Log…";
    if (this.#trouble) return "Log needs a look";
    if (this.lost) return `${grouped(this.log.size)} sealed, not reached now`;
    const { size, pending } = this.log;
    return pending ? `${grouped(size)} sealed, ${grouped(pending)} to go` : `${grouped(size)}, all sealed`;
  }

  #renderLog(log: LogState) {
    return html`<h2 id="log">The log</h2>
      ${
        this.#trouble
          ? html`<p class="note warn">${this.#trouble} New decisions are still recorded. Ask your operator to run 'candor log verify', which names what differs.</p>`
          : nothing
      }
      <p>
        ${grouped(log.size)} records are sealed${log.sealed_at ? `, the newest on ${fullTime(log.sealed_at)}` : ""}.
        ${log.pending ? `${grouped(log.pending)} wait to be sealed.` : "None waits."}
      </p>
      ${log.checkpoint ? html`<h3>Checkpoint: keep a copy to compare the log with later</h3><pre>${log.checkpoint}</pre>` : nothing}
      <h3>Key that checkpoints are checked with</h3>
      <pre>${log.verifier_key}</pre>`;
  }

  get #dialog(): HTMLDialogElement | null {
    return this.renderRoot.querySelector("dialog");
  }

  async #look(): Promise<void> {
    this.#asking.abort();
    const { signal } = (this.#asking = new AbortController());
    const known = recall();
    try {
      const log = await fetchLog(signal);
      const doubt = canCheck() ? await doubtOf(log, known) : "";
      if (signal.aborted) return;
      Object.assign(this, { log, doubt, lost: false });
    } catch {
      if (!signal.aborted) this.lost = true; // whatever is asked for next says why
    }
  }
}

/** What speaks against the log as it is now, in words; "" for nothing. A log that fits is remembered. */
export async function doubtOf(log: LogState, known: ReturnType<typeof recall>): Promise<string> {
  if (!log.checkpoint) return "";
  const [checkpoint, key] = [readCheckpoint(log.checkpoint), await readVerifierKey(log.verifier_key)];
  if (!checkpoint || !key || (await checkSignature(checkpoint, key)) === "bad")
    return "The newest checkpoint is not signed with the log's key.";
  const seen = { key: log.verifier_key.trim(), size: checkpoint.size, root: toHex(checkpoint.root) };
  const { ok, text } = remembered(known, seen);
  if (ok === false) return text;
  remember({ ...seen, at: new Date().toISOString() });
  return "";
}

define("candor-log-badge", LogBadge);
