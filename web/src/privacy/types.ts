/** What the privacy centre's API answers (docs/explanation/architecture.md). Moments are ISO 8601. */

export type ConsentState = "none" | "requested" | "given" | "refused" | "withdrawn" | "paused" | "expired" | "invalidated";
export type Scope = "once" | "conversation" | "until_withdrawn";
export type Choice = "allow" | "refuse" | "withdraw" | "object";

/** One purpose, and where the visitor stands with it. */
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

/** How a choice stands now. */
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
