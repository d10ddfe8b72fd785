/** What the desk's calls answer (docs/explanation/architecture.md, "The staff's API"). */

export type HandoffState = "queued" | "accepted" | "expired" | "withdrawn" | "returned" | "closed";
export type Trigger = "button" | "text" | "assistant";
export type Author = "visitor" | "assistant" | "human" | "system";
export type ConsentState = "none" | "requested" | "given" | "refused" | "withdrawn" | "paused" | "expired" | "invalidated";

export interface Entry {
  handoff_id: string;
  conversation_id: string;
  state: HandoffState;
  reason: string | null;
  trigger: Trigger;
  queued_at: string;
  /** Seconds, at the moment of the answer. */
  waiting_seconds: number;
  expires_at: string | null;
  agent_name: string | null;
  language: string;
  last_message: string | null;
  /** The address a visitor left after nobody came. */
  contact: string | null;
}

export interface Queue {
  waiting: Entry[];
  mine: Entry[];
  others: Entry[];
}

export interface Message {
  id: string;
  author: Author;
  author_name: string | null;
  text: string;
  created_at: string;
  client_message_id: string | null;
  buttons?: { title: string }[];
  consent_request?: { title: string } | null;
}

export interface Speaker {
  owner: "assistant" | "human";
  human_name: string | null;
}

export interface Consent {
  purpose: string;
  title: string;
  state: ConsentState;
}

export interface Conversation {
  conversation_id: string;
  language: string;
  entry: Entry;
  messages: Message[];
  consents: Consent[];
}
