/**
 * What the gateway's HTTP interface takes and answers, by hand until it is generated from the OpenAPI document. Import API types
 * only from here. Moments are ISO 8601 in UTC, shares are 0 to 1, hashes are hex.
 */

// Privacy centre

export type ConsentState = "none" | "requested" | "given" | "refused" | "withdrawn" | "paused" | "expired" | "invalidated";

export type Scope = "once" | "conversation" | "until_withdrawn";

export type Choice = "allow" | "refuse" | "withdraw" | "object";

/** One purpose and the visitor's choice for it. */
export interface Consent {
  purpose: string;
  title: string;
  why: string;
  short: string;
  state: ConsentState;
  scope: Scope | null;
  since: string | null;
  until: string | null;
  data: string[];
  lawful_basis: string;
  recipients: string[];
  retention: string;
  sign_in: boolean;
  /** Global Privacy Control keeps it off now. */
  gpc: boolean;
  objected: boolean;
  record_id: string | null;
}

/** The current state of a choice. */
export interface Chosen {
  purpose: string;
  state: ConsentState;
  scope: Scope | null;
  until: string | null;
}

export interface Policy {
  version: string;
  published_at: string | null;
  url: string;
  changes_url: string | null;
}

export interface Controller {
  name: string;
  address: string;
  contact: string;
  data_protection_officer: string;
  jurisdiction: string;
  authority: string;
}

export interface OwnConversation {
  id: string;
  begun: string;
  last: string;
  messages: number;
  /** The one whose token the visitor holds. */
  this: boolean;
  /** A legal hold: it cannot be erased or changed. */
  hold: { reason: string; since: string } | null;
}

export type ItemAuthor = "visitor" | "assistant" | "human" | "system";

export interface Item {
  id: string;
  label: string;
  value: string;
  at: string;
  conversation_id: string;
  author?: ItemAuthor | null;
  correctable: boolean;
}

export interface Category {
  category: string;
  title: string;
  what: string;
  days: number;
  /** How long, in a sentence. */
  kept: string;
  total: number;
  /** The newest of them; the export has all. */
  items: Item[];
  note?: string | null;
}

export interface Look {
  at: string;
  who: string;
  role: "agent" | "reviewer" | "operator" | "system";
  what: string;
  why: string;
  conversation_id: string;
}

export interface Necessary {
  name: string;
  title: string;
  why: string;
  lawful_basis: string;
}

export interface PastChoice {
  at: string;
  purpose: string;
  title: string;
  state: ConsentState;
  state_title: string;
  scope: Scope | null;
  until: string | null;
  how: string;
  language: string;
  conversation_id: string;
  record_id: string;
  notice: string;
  gpc: boolean;
}

export interface Overview {
  company: string;
  controller: Controller;
  signed_in: boolean;
  customer_name: string | null;
  gpc: boolean;
  language: string;
  policy: Policy;
  conversations: OwnConversation[];
  stored: Category[];
  looks: Look[];
  purposes: Consent[];
  necessary: Necessary[];
  history: PastChoice[];
  retention: { last_run: string | null };
  rights: string;
}

export type What = "everything" | "conversation";

export interface ReceiptStore {
  store: string;
  title: string;
  text: string;
  state: "done" | "pending" | "kept";
  removed: Record<string, number>;
}

export interface Receipt {
  request_id: string;
  what: What;
  asked_at: string;
  /** Null while a store is still being cleared. */
  done_at: string | null;
  /** The ids of the conversations that were erased. */
  conversations: string[];
  kept: { conversation_id: string; reason: string }[];
  stores: ReceiptStore[];
  sentence: string;
}

/** `receipt_token` opens the receipt later; it is given once. */
export type FreshReceipt = Receipt & { receipt_token: string };

export type Format = "json" | "html";

// Visitor's conversation

export interface Posted {
  message_id: string;
}

export type Author = "visitor" | "assistant" | "human" | "system";

/** `open`: a human will check; `upheld`: the reply stands; `overturned`: it was wrong. */
export type ContestState = "open" | "upheld" | "overturned";

export interface Button {
  title: string;
  payload: string;
}

export interface ConsentRequest {
  purpose: string;
  title: string;
  why: string;
  until: string;
  /** How long a yes may hold; the one named by `scope` is chosen at first. Not in messages from before there was a choice. */
  scopes?: { scope: Scope; title: string; until: string }[];
  scope?: Scope;
}

export interface Message {
  id: string;
  author: Author;
  author_name: string | null;
  text: string;
  buttons: Button[] | null;
  consent_request: ConsentRequest | null;
  created_at: string;
  client_message_id: string | null;
  reply_to: string | null;
}

export interface Handoff {
  id: string;
  state: "queued" | "accepted" | "expired" | "withdrawn" | "returned" | "closed";
  position: number | null;
  queued_at: string;
  expires_at: string | null;
  agent_name: string | null;
  contact_left: boolean;
}

/** A choice made before signing in, which may be kept for the customer. */
export interface Mergeable {
  purpose: string;
  title: string;
  state: ConsentState;
}

/** What `GET /api/conversations/{id}` answers. */
export interface ServerState {
  conversation_id: string;
  language: string;
  owner: "assistant" | "human";
  human_name: string | null;
  signed_in: boolean;
  customer_name: string | null;
  disclosure_shown: boolean;
  handoff: Handoff | null;
  consents: Consent[];
  /** Null when there is nothing to ask about. */
  merge: Mergeable[] | null;
  gpc: boolean;
  policy: Policy;
  contests: { message_id: string; state: ContestState }[];
  last_event_id: number | null;
}

export interface Disclosure {
  version: string;
  language: string;
  title: string;
  text: string;
}

export interface WidgetInfo {
  company: string;
  assistant_name: string;
  disclosure: Disclosure;
}

export interface Started {
  conversation_id: string;
  token: string;
  disclosure: Disclosure;
  state: ServerState;
}

// Desk

export type HandoffState = "queued" | "accepted" | "expired" | "withdrawn" | "returned" | "closed";

export type Trigger = "button" | "text" | "assistant";

export interface QueueEntry {
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

export interface DeskQueue {
  waiting: QueueEntry[];
  mine: QueueEntry[];
  others: QueueEntry[];
}

export interface DeskMessage {
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

export interface DeskConsent {
  purpose: string;
  title: string;
  state: ConsentState;
}

export interface DeskConversation {
  conversation_id: string;
  language: string;
  entry: QueueEntry;
  messages: DeskMessage[];
  consents: DeskConsent[];
}

// Review console

export type Verdict = "right" | "wrong" | "unsure";

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
export interface RecordErasure {
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
  erasure: RecordErasure | null;
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

export interface ReviewConversation {
  conversation_id: string;
  language: string;
  erased: boolean;
  messages: Said[];
  decisions: Summary[];
}

export interface ReviewQueue {
  name: string;
  title: string;
  /** About how many wait; null when that is not known. */
  count_hint: number | null;
}

export interface Disagreement {
  decision_id: string;
  summary: string;
  verdicts: { reviewer: string; verdict: Verdict }[];
}

/** How far two reviewers of the same decision came to the same verdict. */
export interface Agreement {
  reviewed: number;
  twice: number;
  agreed: number;
  share: number | null;
  /** Cohen's kappa: 0 is what chance would give, 1 is full agreement; null when it cannot be computed. */
  kappa: number | null;
  disagreements: Disagreement[];
}

export interface Ruling {
  outcome: "upheld" | "overturned";
  words: string;
  /** The reviewer has written to the address that the visitor left. */
  written?: boolean;
}

export type CorrectionState = "proposed" | "accepted" | "refused";

export interface Correction {
  id: string;
  decision_id: string;
  review_id: string;
  language: string;
  wrong_intent: string | null;
  intent: string;
  /** Null when nobody has worded it, or it was erased. */
  text: string | null;
  /** The text is the visitor's own, under their consent: it has to be reworded to be learned. */
  quoted: boolean;
  state: CorrectionState;
  proposed_at: string;
  proposed_by: string | null;
  decided_at: string | null;
  decided_by: string | null;
  note: string | null;
  /** The fingerprint of the model that got it wrong. */
  model: string | null;
  /** The first later model that gets it right, and since when. */
  right_model: string | null;
  right_at: string | null;
}

export interface CorrectionRuling {
  accept: boolean;
  text?: string;
  note?: string;
}

export type ChartBy = "day" | "language" | "model";

export interface ChartRow {
  /** A day such as 2026-11-23 (UTC), a language's tag or a model's fingerprint. */
  key: string;
  turns: number;
  handoffs: number;
  handoff_rate: number | null;
  fallbacks: number;
  fallback_rate: number | null;
  failures: number;
  confidence_mean: number | null;
  confidence_low_share: number | null;
  human_wait_seconds_median: number | null;
  agreement: number | null;
}

export interface Charts {
  by: ChartBy;
  rows: ChartRow[];
}

/** Which rows of the charts are wanted; moments in UTC, "" for all. */
export interface ChartQuery {
  by: ChartBy;
  from: string;
  to: string;
  language: string;
  model: string;
}

export interface Stop {
  id: string;
  /** Null: the whole assistant. */
  topic: string | null;
  title: string;
  reason: string;
  at: string;
  by: string | null;
  ended_at: string | null;
  ended_by: string | null;
}

export interface Stops {
  stops: Stop[];
  topics: { name: string; title: string }[];
  /** What visitors read when everything is stopped, or a topic. */
  told: { everything: string; topic: string };
}

// Staff

export type Role = "agent" | "reviewer" | "maintainer" | "operator";

export interface Staff {
  name: string;
  login: string;
  roles: Role[];
}

// Demo shop

export interface Product {
  product_id: string;
  names: Record<string, string>;
  descriptions: Record<string, string>;
  price_cents: number;
  stock: number;
}

export interface Customer {
  customer_id: string;
  name: string;
  note: string;
}

export interface DemoSignIn {
  identity_token: string;
}
