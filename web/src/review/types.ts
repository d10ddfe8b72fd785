/** What the review console's calls answer (docs/ARCHITECTURE.md, "The staff's API"). */

export interface Summary {
  decision_id: string;
  timestamp: string;
  kind: string;
  intent: string | null;
  confidence: number | null;
  outcome: string;
  conversation_id: string;
  language: string;
  summary: string;
}

export interface DecisionPage {
  decisions: Summary[];
  next_cursor: string | null;
  intents: string[];
  kinds: string[];
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
}
