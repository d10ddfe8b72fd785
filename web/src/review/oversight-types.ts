/** What the calls of queues, contests, corrections, charts and stops answer. Times are ISO 8601 in UTC, shares are 0 to 1. */
import type { Verdict } from "./types.ts";

/** Who is signed in. */
export interface Session {
  name: string;
  login: string;
  roles: readonly string[];
}

export interface Queue {
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
  /** Cohen's kappa: 0 is what chance would give, 1 is full agreement; null when it cannot be told. */
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
