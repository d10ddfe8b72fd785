/** What the queue says, without how it looks. */
import type { DeskQueue as Queue, HandoffState, QueueEntry as Entry, Trigger } from "../shared/api.ts";
import { languageName, waited, when } from "../shared/times.ts";

export interface Group {
  key: "waiting" | "mine" | "others" | "missed";
  title: string;
  empty: string | null;
  entries: Entry[];
}

export const EMPTY_QUEUE: Queue = { waiting: [], mine: [], others: [] };

const TRIGGERS: Record<Trigger, string> = { button: "pressed the button", text: "asked in words", assistant: "assistant asked" };

/** The queue in reading order. Requests that nobody took in time form a group of their own, with the visitor's address. */
export function groups(queue: Queue): Group[] {
  const missed = [...queue.waiting, ...queue.mine, ...queue.others].filter((entry) => entry.state === "expired");
  const open = (entries: Entry[]): Entry[] => entries.filter((entry) => entry.state !== "expired");
  return [
    { key: "waiting", title: "Waiting", empty: "Nobody is waiting. New requests appear here by themselves.", entries: open(queue.waiting) },
    { key: "mine", title: "Mine", empty: "You have no open conversation. Claim one that is waiting.", entries: open(queue.mine) },
    { key: "others", title: "With colleagues", empty: "No colleague is in a conversation.", entries: open(queue.others) },
    { key: "missed", title: "Nobody came in time", empty: null, entries: missed },
  ];
}

export function everyEntry(queue: Queue): Entry[] {
  return groups(queue).flatMap((group) => group.entries);
}

export const entryOf = (queue: Queue, conversationId: string): Entry | undefined =>
  everyEntry(queue).find((entry) => entry.conversation_id === conversationId);

/** Whether I answer it. My name alone is not enough, because a colleague may have the same one. */
export function isMine(entry: Entry | null, queue: Queue, me: string): boolean {
  if (entry?.state !== "accepted") return false;
  const within = (entries: Entry[]): boolean => entries.some((one) => one.handoff_id === entry.handoff_id);
  return within(queue.mine) || (entry.agent_name === me && !within(queue.others));
}

/** Entries that wait now and did not before. */
export function newcomers(before: Queue, after: Queue): Entry[] {
  const known = new Set(before.waiting.map((entry) => entry.handoff_id));
  return after.waiting.filter((entry) => entry.state === "queued" && !known.has(entry.handoff_id));
}

/** The sentence for screen readers, and "" when nobody new waits. */
export function announcement(entries: Entry[]): string {
  const [first] = entries;
  if (!first) return "";
  if (entries.length > 1) return `${entries.length} new conversations are waiting.`;
  return `A new conversation is waiting, in ${languageName(first.language)}: ${reasonText(first)}.`;
}

/** The window's title, so that the tab shows from afar that somebody waits or has written. */
export function pageTitle(queue: Queue, unread = 0): string {
  const count = queue.waiting.filter((entry) => entry.state === "queued").length + unread;
  return count > 0 ? `(${count}) Desk · Candor` : "Desk · Candor";
}

export const reasonText = (entry: Entry): string => entry.reason?.trim().replace(/\.$/, "") || "The visitor asked for a human";
export const triggerText = (entry: Entry): string => TRIGGERS[entry.trigger] ?? entry.trigger;

/** Seconds waited at `now`, by what the server counted when the queue arrived at `receivedAt` (both in milliseconds). */
export function waitingNow(entry: Entry, receivedAt: number, now: number): number {
  return entry.waiting_seconds + Math.max(0, now - receivedAt) / 1000;
}

export const waitingText = (entry: Entry, receivedAt: number, now: number): string => waited(waitingNow(entry, receivedAt, now));

/** Why the conversation can only be read; "" where it is mine to answer. */
export function readOnlyReason(entry: Entry, mine: boolean): string {
  if (entry.state === "accepted") return mine ? "" : `${entry.agent_name ?? "A colleague"} has this conversation.`;
  return READ_ONLY[entry.state](entry);
}

const READ_ONLY: Record<Exclude<HandoffState, "accepted">, (entry: Entry) => string> = {
  queued: (entry) =>
    `You are reading only. Claim the conversation to answer${entry.expires_at ? `; it waits until ${when(entry.expires_at)}` : ""}.`,
  expired: (entry) =>
    entry.contact ? "Nobody came in time. The visitor left an address." : "Nobody came in time. The visitor left no address.",
  withdrawn: () => "The visitor no longer asks for a human.",
  returned: () => "This conversation is back with the assistant.",
  closed: () => "This conversation is closed.",
};
