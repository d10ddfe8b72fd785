/**
 * A conversation's messages and changes of speaker in their one order.
 *
 * The same message can come twice (from the first call, from the replay, after a reconnect): it stands once. The number of
 * its event, where known, gives the order; what has none yet follows in the order it came.
 */
import type { Message, Speaker } from "./types.ts";

export type Item = { key: string; seq: number | null } & (
  | { kind: "message"; message: Message }
  | { kind: "speaker"; speaker: Speaker }
);

export class Timeline {
  private readonly items = new Map<string, Item>();

  /** Returns true when the message was not known. */
  addMessage(message: Message, eventId: string = ""): boolean {
    const key = `message ${message.id}`;
    const known = this.items.get(key);
    this.items.set(key, { kind: "message", key, seq: sequence(eventId) ?? known?.seq ?? null, message });
    return known === undefined;
  }

  addSpeaker(speaker: Speaker, eventId: string): void {
    const key = `speaker ${eventId}`;
    this.items.set(key, { kind: "speaker", key, seq: sequence(eventId), speaker });
  }

  hasClientMessage(id: string): boolean {
    return [...this.items.values()].some((item) => item.kind === "message" && item.message.client_message_id === id);
  }

  /** In order. A change of speaker that a system message beside it already announces is left out. */
  read(): Item[] {
    const sorted = [...this.items.values()].sort((one, other) => (one.seq ?? Infinity) - (other.seq ?? Infinity) || 0);
    return sorted.filter((item, at) => item.kind === "message" || !(isSystem(sorted[at - 1]) || isSystem(sorted[at + 1])));
  }
}

function sequence(eventId: string): number | null {
  const number = Number.parseInt(eventId, 10);
  return Number.isFinite(number) ? number : null;
}

const isSystem = (item: Item | undefined): boolean => item?.kind === "message" && item.message.author === "system";

/** Who wrote it, as the desk names them. `me` is the name of the agent at this desk. */
export function authorLabel(message: Message, me: string): string {
  switch (message.author) {
    case "visitor":
      return "Visitor";
    case "assistant":
      return "AI assistant";
    case "human":
      return message.author_name === me ? "You (human)" : `${message.author_name ?? "A colleague"} (human)`;
    default:
      return "System";
  }
}

/** What the visitor was offered with a message besides its text; "" when it was nothing. */
export function offeredText(message: Message): string {
  const titles = (message.buttons ?? []).map((button) => button.title);
  const offered = titles.length ? `Offered: ${titles.join(" · ")}` : "";
  const consent = message.consent_request ? `Asked for consent: ${message.consent_request.title}` : "";
  return [consent, offered].filter(Boolean).join("; ");
}

/** Who answers the visitor now, as a sentence. */
export function speakerText(speaker: Speaker, me: string): string {
  if (speaker.owner === "assistant") return "The AI assistant answers from here on";
  return speaker.human_name === me ? "You answer from here on" : `${speaker.human_name ?? "A colleague"} (human) answers from here on`;
}
