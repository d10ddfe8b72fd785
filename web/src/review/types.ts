/** What the review console's calls answer (docs/explanation/architecture.md, "The staff's API"). Times are ISO 8601 in UTC. */

export type Verdict = "right" | "wrong" | "unsure";
export type ContestState = "open" | "upheld" | "overturned";

export interface Summary {
  decision_id: string;
  timestamp: string;
  kind: string;
  intent: string | null;
  confidence: number | null;
  outcome: string;
  conversation_id: string;
  language: string;
  /** The model's fingerprint. */
  model: string | null;
  /** Null until the record is sealed. */
  leaf_index: number | null;
  summary: string;
  /** Of the newest review. */
  verdict: Verdict | null;
  contest: ContestState | null;
}

export interface DecisionPage {
  decisions: Summary[];
  next_cursor: string | null;
  /** There may be older ones. A page can be short or empty all the same: each call examines a bounded number of records. */
  more: boolean;
}

export interface QueuePage {
  queue: string;
  title: string;
  explanation: string;
  decisions: Summary[];
}

export interface Reason {
  code: string;
  title: string;
  verdicts: Verdict[];
}

export interface Model {
  fingerprint: string;
  first_day: string;
  last_day: string;
}

/** What can be chosen in filters and in the review form. */
export interface Choices {
  kinds: { name: string; title: string }[];
  /** Those on record. */
  intents: string[];
  /** Those that the assistant knows, which a review may name; when it is not given, those on record serve. */
  correct_intents?: string[];
  outcomes: string[];
  languages: string[];
  models: Model[];
  reasons: Reason[];
}

export const NO_CHOICES: Choices = { kinds: [], intents: [], outcomes: [], languages: [], models: [], reasons: [] };

export interface Ranked {
  name: string;
  confidence: number;
}

export interface Explanation {
  title: string;
  text: string;
  facts: { label: string; value: string }[];
}

export interface Personal {
  category: string;
  category_title?: string;
  purpose: string | null;
  purpose_title?: string | null;
  consent_record_id: string | null;
  consent_state: string | null;
  consent_at: string | null;
  lawful_basis: string | null;
}

/** One step of the turn; both numbers are milliseconds, the first from the turn's start. */
export interface Step {
  name: string;
  title: string;
  start_ms: number;
  ms: number;
}

export interface Review {
  review_id: string;
  decision_id: string;
  reviewer: string;
  verdict: Verdict;
  reason: string;
  correct_intent: string | null;
  correct_answer: string | null;
  note: string | null;
  at: string;
  record_id: string;
}

export interface NewReview {
  verdict: Verdict;
  reason: string;
  correct_intent?: string;
  correct_answer?: string;
  note?: string;
  example?: string;
}

export interface Contest {
  id: string;
  decision_id: string | null;
  conversation_id: string;
  message_id: string;
  state: ContestState;
  language: string;
  at: string;
  reason: string | null;
  contact: string | null;
  reply: string | null;
  decided_at: string | null;
  reviewer: string | null;
  words: string | null;
}

/** What is not known of it is null. */
export interface Erasure {
  at: string | null;
  reason: string | null;
  record_id: string | null;
}

/** The record's own fields vary by kind; those that the page names are here, all others stay readable in the raw record. */
export interface Decision extends Record<string, unknown> {
  decision_id: string;
  timestamp: string;
  kind: string;
  outcome: string;
  conversation_id: string;
  language: string;
  explanation: Explanation;
  ranking: Ranked[];
  threshold: number | null;
  turn: Summary[];
  header: string;
  /** Hex; null when the content was erased. */
  salt: string | null;
  /** The very text that was committed to; null when it was erased, or when what is stored cannot be opened. */
  payload: string | null;
  leaf_index: number | null;
  erasure: Erasure | null;
  personal: Personal[];
  waterfall: Step[];
  reviews: Review[];
  contest: Contest | null;
}

/** Hashes are hex; `checkpoint` is a signed note. */
export interface Proof {
  leaf_index: number;
  tree_size: number;
  leaf_hash: string;
  path: string[];
  root: string;
  checkpoint: string;
  verifier_key: string;
}

export interface LogState {
  size: number;
  pending: number;
  sealed_at: string | null;
  checkpoint: string | null;
  verifier_key: string;
  trouble: string | null;
}

export interface Said {
  id: string;
  author: "visitor" | "assistant" | "human" | "system";
  author_name: string | null;
  text: string;
  created_at: string;
  reply_to: string | null;
}

export interface Conversation {
  conversation_id: string;
  language: string;
  erased: boolean;
  messages: Said[];
  decisions: Summary[];
}
