/**
 * The log's state in the bar: how much of it is sealed, and whether something is wrong. Opens to say more. It compares the log with
 * what this browser saw before, so that a log that lost records is noticed on every page.
 */
import { css, html, LitElement, nothing } from "lit";
import { dialogs } from "../staff/layout.ts";
import { fullTime } from "../staff/times.ts";
import { parts, tokens } from "../ui/tokens.ts";
import { fetchLog } from "./api.ts";
import { recall, remember } from "./checkpoint-memory.ts";
import { checkSignature, readCheckpoint, readVerifierKey } from "./checkpoint.ts";
import { toHex } from "./bytes.ts";
import { canCheck, grouped, remembered } from "./proof.ts";
import type { LogState } from "./types.ts";

/** Milliseconds between two looks. */
const PAUSE = 10_000;

export class LogBadge extends LitElement {
  static override properties = { log: { state: true }, doubt: { state: true }, lost: { state: true } };
  private log: LogState | null = null;
  /** What does not fit, in words. */
  private doubt = "";
  private lost = false;
  private timer: ReturnType<typeof setInterval> | undefined;
  private asking = new AbortController();

  static override styles = [
    tokens,
    parts,
    dialogs,
    css`
      .badge {
        border-radius: 99px;
        font-variant-numeric: tabular-nums;
        font-weight: 400;
      }
      .dot {
        width: 9px;
        height: 9px;
        border: 2px solid var(--edge);
        border-radius: 50%;
      }
      .sealed .dot {
        border-color: var(--accent);
        background: var(--accent);
      }
      .trouble {
        border-color: var(--warn);
        background: var(--warn-soft);
        color: var(--warn);
        font-weight: 600;
      }
      .trouble .dot {
        border-color: currentColor;
        border-radius: 2px;
        background: currentColor;
      }
      dialog {
        width: min(40rem, calc(100vw - 32px));
      }
      h2 {
        margin: 0 0 8px;
        font: 650 var(--text-l) / 1.3 var(--font);
      }
      p,
      p.note {
        margin: 0 0 12px;
      }
      pre {
        margin: 0 0 14px;
        padding: 8px 10px;
        border-radius: var(--radius-s);
        background: var(--raised);
        font: 400 var(--text-xs) / 1.5 var(--mono);
        overflow-wrap: anywhere;
        white-space: pre-wrap;
      }
      h3 {
        margin: 0 0 4px;
        font: 600 var(--text-s) / 1.4 var(--font);
      }
    `,
  ];

  override connectedCallback(): void {
    super.connectedCallback();
    this.timer = setInterval(() => void (document.hidden || this.look()), PAUSE);
    void this.look();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearInterval(this.timer);
    this.asking.abort();
  }

  override render() {
    const state = this.trouble ? "trouble" : this.log && !this.lost ? "sealed" : "";
    return html`<button class="button small badge ${state}" @click=${() => this.dialog?.showModal()}>
        <span class="dot" aria-hidden="true"></span><span>${this.words()}</span>
      </button>
      <dialog aria-labelledby="log">${this.log ? this.renderLog(this.log) : nothing}<button class="button" @click=${() => this.dialog?.close()}>Close</button></dialog>`;
  }

  private get trouble(): string {
    return this.log?.trouble ?? this.doubt;
  }

  private words(): string {
    if (!this.log) return this.lost ? "Log not reached" : "Log…";
    if (this.trouble) return "Log needs a look";
    if (this.lost) return `${grouped(this.log.size)} sealed, not reached now`;
    const { size, pending } = this.log;
    return pending ? `${grouped(size)} sealed, ${grouped(pending)} to go` : `${grouped(size)}, all sealed`;
  }

  private renderLog(log: LogState) {
    return html`<h2 id="log">The log</h2>
      ${this.trouble
        ? html`<p class="note warn">${this.trouble} New decisions are still recorded. Ask your operator to run 'candor log verify', which names what differs.</p>`
        : nothing}
      <p>
        ${grouped(log.size)} records are sealed${log.sealed_at ? `, the newest on ${fullTime(log.sealed_at)}` : ""}.
        ${log.pending ? `${grouped(log.pending)} wait to be sealed.` : "None waits."}
      </p>
      ${log.checkpoint ? html`<h3>Checkpoint: keep a copy to compare the log with later</h3><pre>${log.checkpoint}</pre>` : nothing}
      <h3>Key that checkpoints are checked with</h3>
      <pre>${log.verifier_key}</pre>`;
  }

  private get dialog(): HTMLDialogElement | null {
    return this.renderRoot.querySelector("dialog");
  }

  private async look(): Promise<void> {
    this.asking.abort();
    const { signal } = (this.asking = new AbortController());
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
  if (!checkpoint || !key || (await checkSignature(checkpoint, key)) === "bad") return "The newest checkpoint is not signed with the log's key.";
  const seen = { key: log.verifier_key.trim(), size: checkpoint.size, root: toHex(checkpoint.root) };
  const { ok, text } = remembered(known, seen);
  if (ok === false) return text;
  remember({ ...seen, at: new Date().toISOString() });
  return "";
}

customElements.define("candor-log-badge", LogBadge);
