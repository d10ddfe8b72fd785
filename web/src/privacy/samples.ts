/** An overview as the gateway answers it, for the tests. */
import type { Consent, FreshReceipt, Overview } from "./types.ts";

export const consent = (more: Partial<Consent> = {}): Consent => ({
  purpose: "order_history",
  title: "Use your order history",
  why: "To look up your orders.",
  short: "your orders",
  state: "none",
  scope: null,
  since: null,
  until: null,
  data: ["order status", "delivery"],
  lawful_basis: "Your consent",
  recipients: [],
  retention: "The answer stays in this conversation.",
  sign_in: true,
  gpc: false,
  objected: false,
  record_id: null,
  ...more,
});

export const overview = (more: Partial<Overview> = {}): Overview => ({
  company: "Fern & Hale",
  controller: {
    name: "Fern & Hale",
    address: "12 Market Street",
    contact: "privacy@fern-hale.example",
    data_protection_officer: "dpo@fern-hale.example",
    jurisdiction: "EU",
    authority: "Autoriteit Persoonsgegevens",
  },
  signed_in: false,
  customer_name: null,
  gpc: false,
  language: "en",
  policy: { version: "1", published_at: null, url: "/policies/privacy/1?language=en", changes_url: null },
  conversations: [
    { id: "con_1", begun: "2026-11-27T10:00:00+00:00", last: "2026-11-27T10:05:00+00:00", messages: 4, this: true, hold: null },
  ],
  stored: [
    {
      category: "conversation",
      title: "What was said here",
      what: "Every message of this chat.",
      days: 180,
      kept: "180 days after the last message",
      total: 2,
      items: [
        { id: "msg_2", label: "AI assistant", value: "Within 30 days.", at: "2026-11-27T10:01:00+00:00", conversation_id: "con_1", author: "assistant", correctable: false },
        { id: "msg_1", label: "You", value: "how do refunds work", at: "2026-11-27T10:00:00+00:00", conversation_id: "con_1", author: "visitor", correctable: false },
      ],
      note: null,
    },
    {
      category: "contact",
      title: "Addresses you left",
      what: "An address you left.",
      days: 90,
      kept: "90 days after the last message",
      total: 1,
      items: [
        { id: "hnd_1.contact", label: "Left so that a person can reach you", value: "ada@exmaple.org", at: "2026-11-27T10:02:00+00:00", conversation_id: "con_1", author: null, correctable: true },
      ],
      note: null,
    },
    { category: "training", title: "Messages proposed as training examples", what: "Only if allowed.", days: 90, kept: "90 days", total: 0, items: [], note: null },
  ],
  looks: [
    { at: "2026-11-27T10:03:00+00:00", who: "Mina", role: "agent", what: "Your conversation", why: "You asked for a person", conversation_id: "con_1" },
  ],
  purposes: [consent(), consent({ purpose: "recommendations", title: "Recommend" })],
  necessary: [{ name: "answer", title: "To answer you here", why: "What you write is kept.", lawful_basis: "To do what you ask of us" }],
  history: [
    {
      at: "2026-11-27T10:04:00+00:00",
      purpose: "order_history",
      title: "Use your order history",
      state: "given",
      state_title: "You allowed it",
      scope: "until_withdrawn",
      until: "2027-05-26T10:04:00+00:00",
      how: "by the switch",
      language: "en",
      conversation_id: "con_1",
      record_id: "cns_1",
      notice: "order_history/1#sha256:00",
      gpc: false,
    },
  ],
  retention: { last_run: null },
  rights: "You can see, correct and erase everything here.",
  ...more,
});

export const receipt = (more: Partial<FreshReceipt> = {}): FreshReceipt => ({
  request_id: "req_1",
  receipt_token: "secret",
  what: "conversation",
  asked_at: "2026-11-27T10:10:00+00:00",
  done_at: null,
  conversations: ["con_1"],
  kept: [],
  stores: [
    { store: "database", title: "Database", text: "The key is destroyed.", state: "done", removed: { keys: 1 } },
    { store: "engine", title: "The assistant's engine", text: "It is being told to forget.", state: "pending", removed: {} },
    { store: "backups", title: "Backups", text: "Backups made before still hold it.", state: "kept", removed: {} },
  ],
  sentence: "It is erased.",
  ...more,
});
