/**
 * The one thing the widget keeps on the visitor's device, and only once the chat was opened: one localStorage key with the
 * conversation's id and token, whether the chat is open, and what was written but not yet acknowledged.
 *
 * Each change reads the key afresh, so that two tabs do not undo each other. Where storage is forbidden, memory serves.
 */
import type { Pending } from "../shared/send-queue.ts";
import { type Kept, KEY, parse } from "./stored-entry.ts";

export class StoredConversation {
  #memory: string | null = null;

  constructor(private readonly storage: () => Storage = () => localStorage) {}

  /** What is kept, or null when there is nothing (or nothing that can be read). Writes nothing. */
  read(): Kept | null {
    try {
      return parse(this.storage().getItem(KEY) ?? this.#memory);
    } catch {
      return parse(this.#memory);
    }
  }

  /** Begins to keep a conversation; messages not yet sent stay. */
  begin(id: string, token: string, open: boolean): void {
    this.#write({ id, token, open, waiting: false, pending: this.read()?.pending ?? [] });
  }

  /** Lets go of the conversation, not of what was written in it; with nothing written, of everything. */
  forget(): void {
    if (this.read()?.pending.length) this.#change((kept) => ({ ...kept, id: "", token: "" }));
    else this.clear();
  }

  /** Keeps nothing any more. */
  clear(): void {
    this.#memory = null;
    try {
      this.storage().removeItem(KEY);
    } catch {
      // Where storage is forbidden, nothing is in it.
    }
  }

  /** Writes only what has changed. */
  set(part: Partial<Pick<Kept, "open" | "waiting">>): void {
    const kept = this.read();
    if (Object.entries(part).some(([name, value]) => kept?.[name as "open"] !== value)) this.#change((now) => ({ ...now, ...part }));
  }

  add(pending: Pending): void {
    this.#change((kept) => ({ ...kept, pending: [...without(kept, pending.clientMessageId), pending] }));
  }

  remove(clientMessageId: string): void {
    this.#change((kept) => ({ ...kept, pending: without(kept, clientMessageId) }));
  }

  #change(edit: (kept: Kept) => Kept): void {
    const kept = this.read();
    if (kept) this.#write(edit(kept));
  }

  #write(kept: Kept): void {
    const text = JSON.stringify(kept);
    try {
      this.storage().setItem(KEY, text);
      this.#memory = null;
    } catch {
      this.#memory = text;
    }
  }
}

const without = (kept: Kept, id: string): Pending[] => kept.pending.filter((one) => one.clientMessageId !== id);
