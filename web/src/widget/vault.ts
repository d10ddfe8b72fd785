/**
 * The one thing the widget keeps on the visitor's device, and only once the chat was opened: one localStorage key with the
 * conversation's id and token, whether the chat is open, and what was written but not yet acknowledged.
 *
 * Each change reads the key afresh, so that two tabs do not undo each other. Where storage is forbidden, memory serves.
 */
import { isRecord } from "../ui/http.ts";
import type { Pending } from "./conversation.ts";

export const KEY = "candor:conversation";

export interface Kept {
  /** Empty when the conversation was let go of and none has begun since. */
  id: string;
  token: string;
  open: boolean;
  pending: Pending[];
}

export class Vault {
  private memory: string | null = null;

  constructor(private readonly storage: () => Storage = () => localStorage) {}

  /** What is kept, or null when there is nothing (or nothing that can be read). Writes nothing. */
  read(): Kept | null {
    try {
      return parse(this.storage().getItem(KEY) ?? this.memory);
    } catch {
      return parse(this.memory);
    }
  }

  /** Begins to keep a conversation; messages not yet sent stay. */
  begin(id: string, token: string, open: boolean): void {
    this.write({ id, token, open, pending: this.read()?.pending ?? [] });
  }

  /** Lets go of the conversation, not of what was written in it; with nothing written, of everything. */
  forget(): void {
    if (this.read()?.pending.length) this.change((kept) => ({ ...kept, id: "", token: "" }));
    else this.clear();
  }

  /** Keeps nothing any more. */
  clear(): void {
    this.memory = null;
    try {
      this.storage().removeItem(KEY);
    } catch {
      // Where storage is forbidden, nothing is in it.
    }
  }

  setOpen(open: boolean): void {
    this.change((kept) => ({ ...kept, open }));
  }

  add(pending: Pending): void {
    this.change((kept) => ({ ...kept, pending: [...without(kept, pending.clientMessageId), pending] }));
  }

  remove(clientMessageId: string): void {
    this.change((kept) => ({ ...kept, pending: without(kept, clientMessageId) }));
  }

  private change(edit: (kept: Kept) => Kept): void {
    const kept = this.read();
    if (kept) this.write(edit(kept));
  }

  private write(kept: Kept): void {
    const text = JSON.stringify(kept);
    try {
      this.storage().setItem(KEY, text);
      this.memory = null;
    } catch {
      this.memory = text;
    }
  }
}

const without = (kept: Kept, id: string): Pending[] => kept.pending.filter((one) => one.clientMessageId !== id);

function parse(text: string | null): Kept | null {
  const value: unknown = text ? safely(text) : null;
  if (!isRecord(value) || typeof value["id"] !== "string" || typeof value["token"] !== "string") return null;
  const pending = Array.isArray(value["pending"]) ? value["pending"].filter(isPending) : [];
  return { id: value["id"], token: value["token"], open: value["open"] === true, pending };
}

function isPending(value: unknown): value is Pending {
  return isRecord(value) && ["clientMessageId", "text", "shown"].every((name) => typeof value[name] === "string");
}

function safely(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
