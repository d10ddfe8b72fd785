/** A conversation's messages and changes of speaker in their one order, and how the desk words them. */
import type { Message, Speaker } from "../shared/api.ts";
import { place, type Placed } from "../shared/timeline.ts";

export type Item = Placed & ({ kind: "message"; message: Message } | { kind: "speaker"; speaker: Speaker });

export class Timeline {
  #items: readonly Item[] = [];

  /** Returns true when the message was not known. */
  addMessage(message: Message, eventId = ""): boolean {
    const before = this.#items.length;
    this.#items = place(this.#items, { kind: "message", key: `message ${message.id}`, eventId: numberOf(eventId), message });
    return this.#items.length > before;
  }

  addSpeaker(speaker: Speaker, eventId: string): void {
    this.#items = place(this.#items, { kind: "speaker", key: `speaker ${eventId}`, eventId: numberOf(eventId), speaker });
  }

  clear(): void {
    this.#items = [];
  }

  /** In order. A change of speaker that a system message beside it already announces is left out. */
  read(): Item[] {
    const items = this.#items;
    return items.filter((item, at) => item.kind === "message" || !(isSystem(items[at - 1]) || isSystem(items[at + 1])));
  }
}

function numberOf(eventId: string): number | null {
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
