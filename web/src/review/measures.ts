/** What the charts show: each measure's name, how it is read and written, and its value over a whole period. */
import type { ChartRow } from "../shared/api.ts";
import { waited } from "../shared/times.ts";
import { percent } from "./record.ts";

export interface Measure {
  name: string;
  title: string;
  /** What it counts, in a sentence. */
  about: string;
  /** Said when there is no value at all. */
  empty: string;
  /** Counts are drawn as bars, all else as a line. */
  unit: "count" | "share" | "seconds";
  value: (row: ChartRow) => number | null;
  /** Over all rows; null where it cannot be derived from them. */
  whole: (rows: ChartRow[]) => number | null;
}

const none = (): null => null;
const sum = (rows: ChartRow[], of: (row: ChartRow) => number): number => rows.reduce((all, row) => all + of(row), 0);
const rate = (part: (row: ChartRow) => number) => (rows: ChartRow[]) => {
  const turns = sum(rows, (row) => row.turns);
  return turns ? sum(rows, part) / turns : null;
};

export const MEASURES: Measure[] = [
  {
    name: "volume",
    title: "Messages",
    about: "Visitors' messages to the assistant.",
    empty: "No message in this time.",
    unit: "count",
    value: (row) => row.turns,
    whole: (rows) => sum(rows, (row) => row.turns),
  },
  {
    name: "handoff",
    title: "Passed to a human",
    about: "Requests for a human, for each message.",
    empty: "No message in this time.",
    unit: "share",
    value: (row) => row.handoff_rate,
    whole: rate((row) => row.handoffs),
  },
  {
    name: "fallback",
    title: "Not understood",
    about: "Messages that no intent fitted well enough.",
    empty: "No message in this time.",
    unit: "share",
    value: (row) => row.fallback_rate,
    whole: rate((row) => row.fallbacks),
  },
  {
    name: "failures",
    title: "Failures",
    about: "Turns in which something broke.",
    empty: "No message in this time.",
    unit: "count",
    value: (row) => row.failures,
    whole: (rows) => sum(rows, (row) => row.failures),
  },
  {
    name: "confidence",
    title: "Confidence",
    about: "How sure it was of what it understood, on average.",
    empty: "Nothing was understood with a confidence in this time.",
    unit: "share",
    value: (row) => row.confidence_mean,
    whole: none,
  },
  {
    name: "low",
    title: "Low confidence",
    about: "The share of which it was less than 50% sure.",
    empty: "Nothing was understood with a confidence in this time.",
    unit: "share",
    value: (row) => row.confidence_low_share,
    whole: none,
  },
  {
    name: "agreement",
    title: "Reviewers agree",
    about: "Of decisions with two reviews, those with the same verdict.",
    empty: "No decision was reviewed by two people in this time.",
    unit: "share",
    value: (row) => row.agreement,
    whole: none,
  },
  {
    name: "wait",
    title: "Time to a human",
    about: "From asking to a human's taking over; half waited less.",
    empty: "Nobody was passed to a human in this time.",
    unit: "seconds",
    value: (row) => row.human_wait_seconds_median,
    whole: none,
  },
];

/** A value as it is written: "1,204", "4.2%", "3 min 05 s". */
export function written(value: number, unit: Measure["unit"]): string {
  if (unit === "seconds") return waited(value);
  if (unit === "count") return value.toLocaleString("en-GB");
  return value > 0 && value < 0.1 ? `${(value * 100).toFixed(1)}%` : percent(value);
}

/** The axis's end: the next round value from `highest` on. */
export function axisEnd(highest: number, unit: Measure["unit"]): number {
  const steps = { share: SHARES, seconds: SECONDS, count: [] }[unit];
  const end = steps.find((step) => step >= highest);
  if (end !== undefined) return end;
  const power = 10 ** Math.floor(Math.log10(Math.max(highest, 1)));
  return [1, 2, 5, 10].map((step) => step * power).find((step) => step >= highest) ?? highest;
}

const SHARES = [0.05, 0.1, 0.2, 0.5, 1];
const SECONDS = [10, 30, 60, 120, 300, 600, 1800, 3600, 7200, 14_400, 43_200, 86_400];
