/**
 * <candor-waiting> A person has been asked and has not come yet: the place in line, and the way out of it.
 *
 * Properties: copy, position (1 is next; 0 not known). Events: `stop`. Slots: none. Parts: `bar`.
 */
import { LitElement, css, html } from "lit";
import { copies, type Copy } from "./copy.ts";
import { define, emit } from "./element.ts";
import { inner } from "./styles.ts";

export class Waiting extends LitElement {
  static override properties = { copy: { attribute: false }, position: { type: Number } };
  static override styles = [
    inner,
    css`
      .bar {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 4px 12px;
        padding: 9px 12px 9px 16px;
        border-top: 1px solid var(--line);
        background: var(--human-soft);
        color: var(--human);
        font-size: var(--text-s);
      }
      p {
        flex: 1;
        min-width: 12em;
        margin: 0;
      }
      strong {
        font-weight: 650;
      }
    `,
  ];

  declare copy: Copy;
  declare position: number;

  constructor() {
    super();
    this.copy = copies.en;
    this.position = 0;
  }

  override render(): unknown {
    const { copy, position } = this;
    return html`<div class="bar" part="bar">
      <p role="status"><strong>${copy.waiting}</strong> ${position ? copy.waitingPosition(position) : ""}</p>
      <button type="button" class="button small" @click=${() => emit(this, "stop")}>${copy.stopWaiting}</button>
    </div>`;
  }
}

define("candor-waiting", Waiting);
