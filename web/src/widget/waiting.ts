/**
 * <candor-waiting> A person has been asked and has not come yet: the place in line, and the way out of it.
 *
 * Properties: copy, position (1 is next; 0 not known). Events: `candor-stop`. Slots: none. Parts: `bar`.
 */
import { LitElement, html } from "lit";
import { define, emit } from "../shared/element.ts";
import { inner } from "../shared/visitor.styles.ts";
import { copies, type Copy } from "./copy.ts";
import { styles } from "./waiting.styles.ts";

export class Waiting extends LitElement {
  static override properties = { copy: { attribute: false }, position: { type: Number } };
  static override styles = [inner, styles];

  copy: Copy = copies.en;
  position = 0;

  override render(): unknown {
    const { copy, position } = this;
    return html`<div class="bar" part="bar">
      <p role="status"><strong>${copy.waiting}</strong> ${position ? copy.waitingPosition(position) : ""}</p>
      <button type="button" class="button small" @click=${() => emit(this, "candor-stop")}>${copy.stopWaiting}</button>
    </div>`;
  }
}

define("candor-waiting", Waiting);
