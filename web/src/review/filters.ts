/**
 * The list's filters as they stand in the page's address, so that a view can be kept, shared and gone back to.
 *
 * Times stand there in UTC and in the form's fields in the reader's own time; confidences as 0 to 1 and as per cent.
 */

export const NAMES = ["from", "to", "kind", "intent", "min_confidence", "max_confidence", "conversation"] as const;
export type FilterName = (typeof NAMES)[number];
export type Filters = Partial<Record<FilterName, string>>;

const DECISION = "decision";

export function filtersOf(search: string): Filters {
  const query = new URLSearchParams(search);
  return Object.fromEntries(NAMES.map((name) => [name, query.get(name)]).filter(([, value]) => value)) as Filters;
}

export const decisionOf = (search: string): string => new URLSearchParams(search).get(DECISION) ?? "";

/** The address's search part for these filters and this open decision ("" for none). */
export function searchOf(filters: Filters, decision: string): string {
  const query = new URLSearchParams(entries(filters));
  if (decision) query.set(DECISION, decision);
  return query.size > 0 ? `?${query}` : "";
}

/** The server's query for a page of the list. */
export function queryOf(filters: Filters, cursor: string, limit: number): string {
  const query = new URLSearchParams(entries(filters));
  if (cursor) query.set("cursor", cursor);
  query.set("limit", String(limit));
  return `?${query}`;
}

function entries(filters: Filters): [string, string][] {
  return NAMES.flatMap((name) => (filters[name] ? [[name, filters[name]]] : []));
}

/** The filters with one changed; an empty value takes it away. */
export function changed(filters: Filters, name: FilterName, value: string): Filters {
  const { [name]: _old, ...rest } = filters;
  return value ? { ...rest, [name]: value } : rest;
}

export const countOf = (filters: Filters): number => entries(filters).length;

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
