/**
 * The conversation as the widget knows it: a value, and one pure function that makes the next value.
 *
 * A message is listed once, whether it came by replay or live, in the order of the events' ids.
 */
import type {
  ConsentChange,
  PurposeConsent,
  ConsentRequest,
  ContestState,
  Handoff,
  MergeableChoice,
  Message,
  ConversationState,
  ConversationEvent,
} from "../shared/api.ts";
import { place } from "../shared/timeline.ts";

export interface Entry {
  key: string;
  eventId: number;
  message: Message;
}

export interface Conversation {
  entries: readonly Entry[];
  /** The newest event taken in. */
  lastEventId: number;
  /** Events up to this one were there before this page was loaded: shown, never read out. */
  historyEnd: number;
  owner: "assistant" | "human";
  humanName: string;
  signedIn: boolean;
  handoff: Handoff | null;
  consents: readonly PurposeConsent[];
  merge: readonly MergeableChoice[];
  /** The contested replies, by the message's id. */
  contests: Readonly<Record<string, ContestState>>;
  working: boolean;
  /** While no answer can be given: the server's sentence, or "" when it gave none. */
  unavailable: string | null;
}

export type Change =
  | { type: "state"; state: ConversationState }
  | { type: "event"; id: number | null; event: ConversationEvent }
  | { type: "handoff"; handoff: Handoff | null }
  | { type: "consent"; chosen: ConsentChange }
  | { type: "contest"; messageId: string; state: ContestState }
  | { type: "disconnected" };

export const empty: Conversation = {
  entries: [],
  lastEventId: 0,
  historyEnd: 0,
  owner: "assistant",
  humanName: "",
  signedIn: false,
  handoff: null,
  consents: [],
  merge: [],
  contests: {},
  working: false,
  unavailable: null,
};

/** The conversation after `change`; the same object when nothing changed. */
export function reduce(now: Conversation, change: Change): Conversation {
  switch (change.type) {
    case "state":
      return withState(now, change.state);
    case "event":
      return withEvent(now, change.id, change.event);
    case "handoff":
      return { ...now, handoff: change.handoff };
    case "consent":
      return withConsent(now, change.chosen);
    case "contest":
      return withContest(now, change.messageId, change.state);
    case "disconnected":
      return now.working ? { ...now, working: false } : now;
  }
}

/** True for a message that arrived while this page was open and was not written by the visitor: it is to be read out. */
export function isNews(now: Conversation, entry: Entry): boolean {
  return entry.eventId > now.historyEnd && entry.message.author !== "visitor";
}

/** An answer or a person is on the way. */
export function awaits({ owner, handoff, entries }: Conversation): boolean {
  return owner === "human" || handoff?.state === "queued" || entries.at(-1)?.message.author === "visitor";
}

export function consentFor(now: Conversation, purpose: string): PurposeConsent | null {
  return now.consents.find((consent) => consent.purpose === purpose) ?? null;
}

function withState(now: Conversation, state: ConversationState): Conversation {
  const last = state.last_event_id;
  return {
    ...now,
    historyEnd: now.entries.length === 0 ? last : now.historyEnd,
    owner: state.owner,
    humanName: state.human_name ?? "",
    signedIn: state.signed_in,
    handoff: state.handoff,
    consents: state.consents,
    merge: state.merge ?? [],
    contests: Object.fromEntries(state.contests.map((one) => [one.message_id, one.state])),
  };
}

/** `id` is null for what is not replayed. */
function withEvent(now: Conversation, id: number | null, event: ConversationEvent): Conversation {
  if (id === null) return withNews(now, event);
  if (id <= now.lastEventId) return now;
  const next = { ...now, lastEventId: id };
  if (event.event === "message") return withMessage(next, { key: event.data.id, eventId: id, message: event.data });
  // The server's state, fetched before the replay, is newer than any replayed change of it.
  return id <= now.historyEnd ? next : withNews(next, event);
}

function withNews(now: Conversation, { event, data }: ConversationEvent): Conversation {
  switch (event) {
    case "handoff":
      return { ...now, handoff: data };
    case "speaker":
      return { ...now, owner: data.owner, humanName: data.human_name ?? "", working: false, unavailable: null };
    case "consent":
      return withConsent(now, data);
    case "contest":
      return withContest(now, data.message_id, data.state);
    case "working":
      return { ...now, working: now.owner === "assistant", unavailable: null };
    case "unavailable":
      return { ...now, working: false, unavailable: data.message };
    default:
      return now;
  }
}

function withMessage(now: Conversation, entry: Entry): Conversation {
  const { message } = entry;
  if (now.entries.some(({ key }) => key === entry.key)) return now;
  return {
    ...now,
    entries: place(now.entries, entry),
    working: message.author === "visitor" ? now.working : false,
    unavailable: message.author === "assistant" || message.author === "human" ? null : now.unavailable,
    consents: message.consent_request ? requested(now, message.consent_request, entry) : now.consents,
  };
}

function requested(now: Conversation, request: ConsentRequest, entry: Entry): readonly PurposeConsent[] {
  if (entry.eventId <= now.historyEnd) return now.consents;
  return changed(now.consents, { purpose: request.purpose, state: "requested", scope: null, until: null });
}

function withConsent(now: Conversation, chosen: ConsentChange): Conversation {
  return { ...now, consents: changed(now.consents, chosen) };
}

/** What a choice says of its purpose. A yes given here holds whatever Global Privacy Control kept off before. */
function changed(consents: readonly PurposeConsent[], { purpose, state, scope, until }: ConsentChange): readonly PurposeConsent[] {
  return consents.map((one) => (one.purpose === purpose ? { ...one, state, scope, until, gpc: one.gpc && state !== "given" } : one));
}

function withContest(now: Conversation, messageId: string, state: ContestState): Conversation {
  return { ...now, contests: { ...now.contests, [messageId]: state } };
}
