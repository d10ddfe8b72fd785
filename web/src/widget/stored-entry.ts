/** What the widget keeps on the visitor's device: the entry's name and fields, and how it is read. */
import { isRecord } from "../shared/http.ts";
import type { Pending } from "../shared/send-queue.ts";

export const KEY = "candor:conversation";

export interface Kept {
  /** Empty when the conversation was let go of and none has begun since. */
  id: string;
  token: string;
  open: boolean;
  /** An answer or a person is awaited: a closed chat then still listens. */
  waiting: boolean;
  pending: Pending[];
}

/** What is kept, or null when there is nothing (or nothing that can be read). Throws where storage is forbidden. */
export const readEntry = (storage: Storage): Kept | null => parse(storage.getItem(KEY));

export function parse(text: string | null): Kept | null {
  const value: unknown = text ? safely(text) : null;
  if (!isRecord(value) || typeof value["id"] !== "string" || typeof value["token"] !== "string") return null;
  const pending = Array.isArray(value["pending"]) ? value["pending"].filter(isPending) : [];
  return { id: value["id"], token: value["token"], open: value["open"] === true, waiting: value["waiting"] === true, pending };
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
