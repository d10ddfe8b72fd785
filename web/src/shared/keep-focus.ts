/** Keeps the keyboard's focus inside an element whose content is redrawn under it. */
import type { ReactiveController, ReactiveControllerHost } from "lit";

type Host = ReactiveControllerHost & HTMLElement;

/**
 * When a redraw removes what had the focus, `rescue` is called with the lost element and says where the focus goes.
 * Nothing happens when the focus was elsewhere or survived.
 */
export class KeepFocus implements ReactiveController {
  #focused: HTMLElement | null = null;

  constructor(
    private readonly host: Host,
    private readonly rescue: (lost: HTMLElement) => HTMLElement | null | undefined,
  ) {
    host.addController(this);
  }

  hostUpdate(): void {
    this.#focused = (this.host.shadowRoot?.activeElement as HTMLElement | null) ?? null;
  }

  hostUpdated(): void {
    const lost = this.#focused;
    this.#focused = null;
    if (!lost || this.host.shadowRoot?.activeElement) return;
    this.rescue(lost)?.focus();
  }
}
