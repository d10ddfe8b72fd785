/** Which of my conversations hold something that I have not looked at, by the visitor's last message in the queue. */
import type { QueueEntry as Entry } from "../shared/api.ts";

export class Unread {
  readonly ids = new Set<string>();
  readonly #last = new Map<string, string | null>();

  /** Takes my conversations as the queue has them now; true when a visitor has written in one that is not open. */
  take(mine: Entry[], open: string): boolean {
    const wrote = mine.filter((entry) => entry.conversation_id !== open && this.#isNew(entry));
    wrote.forEach((entry) => this.ids.add(entry.conversation_id));
    mine.forEach((entry) => this.#last.set(entry.conversation_id, entry.last_message));
    const still = new Set(mine.map((entry) => entry.conversation_id));
    [...this.ids].filter((id) => !still.has(id)).forEach((id) => this.ids.delete(id));
    return wrote.length > 0;
  }

  read(id: string): void {
    this.ids.delete(id);
  }

  #isNew(entry: Entry): boolean {
    const id = entry.conversation_id;
    return this.#last.has(id) && this.#last.get(id) !== entry.last_message;
  }
}
