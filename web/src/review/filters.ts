/**
 * The list's filters as the query of the page's address, so that a view can be bookmarked, shared and returned to.
 *
 * Times are UTC in the query and local in the form's fields; confidences are 0 to 1 and per cent.
 */

export const NAMES = [
  "from",
  "to",
  "kind",
  "intent",
  "min_confidence",
  "max_confidence",
  "language",
  "outcome",
  "conversation",
  "model",
  "search",
] as const;
export type FilterName = (typeof NAMES)[number];
export type Filters = Partial<Record<FilterName, string>>;

export const filtersOf = (query: URLSearchParams): Filters =>
  Object.fromEntries(NAMES.map((name) => [name, query.get(name)]).filter(([, value]) => value)) as Filters;

/** These filters and whatever else is not empty, as a query in a fixed order. */
export function filterQuery(filters: Filters, others: Record<string, string> = {}): string {
  const pairs = [...NAMES.map((name) => [name, filters[name]]), ...Object.entries(others)];
  return new URLSearchParams(pairs.filter(([, value]) => value) as [string, string][]).toString();
}

/** The filters with one changed; an empty value takes it away. */
export function changed(filters: Filters, name: FilterName, value: string): Filters {
  const { [name]: _old, ...rest } = filters;
  return value ? { ...rest, [name]: value } : rest;
}

export const countOf = (filters: Filters): number => NAMES.filter((name) => filters[name]).length;

/** "2026-11-23T13:05:00.000Z" → "2026-11-23T14:05", as `<input type="datetime-local">` takes it, in this time zone. */
export function toLocal(moment: string | undefined): string {
  const date = new Date(moment ?? "");
  if (Number.isNaN(date.getTime())) return "";
  const local = new Date(date.getTime() - date.getTimezoneOffset() * 60_000);
  return local.toISOString().slice(0, 16);
}

/** The other way round; "" for what is no time. */
export function fromLocal(value: string): string {
  const date = new Date(value);
  return Number.isNaN(date.getTime()) ? "" : date.toISOString();
}

/** "0.43" → "43". */
export function toPercent(share: string | undefined): string {
  const number = Number.parseFloat(share ?? "");
  return Number.isFinite(number) ? String(Math.round(number * 100)) : "";
}

/** "43" → "0.43"; kept within 0 and 100. */
export function fromPercent(value: string): string {
  const number = Number.parseFloat(value);
  return Number.isFinite(number) ? String(Math.min(100, Math.max(0, number)) / 100) : "";
}

/** Spans of time that are often wanted: title and the moment it begins. */
export function spans(now: Date): [title: string, from: string][] {
  const midnight = new Date(now.getFullYear(), now.getMonth(), now.getDate());
  const daysBefore = (days: number): string =>
    new Date(midnight.getFullYear(), midnight.getMonth(), midnight.getDate() - days).toISOString();
  return [
    ["Last hour", new Date(now.getTime() - 3_600_000).toISOString()],
    ["Today", midnight.toISOString()],
    ["7 days", daysBefore(6)],
    ["30 days", daysBefore(29)],
  ];
}
