/** The console's state as the query of the page's address; the server serves /review only. */
import { filterQuery, filtersOf, type Filters } from "./filters.ts";

export const PAGES = ["decisions", "queues", "contests", "corrections", "charts", "stop"] as const;
export type PageName = (typeof PAGES)[number];

export interface Address {
  page: PageName;
  filters: Filters;
  /** The open decision's id; "" for none. */
  decision: string;
  /** The queue whose decisions are listed instead of the filtered ones; "" for none. */
  queue: string;
}

export const HOME: Address = { page: "decisions", filters: {}, decision: "", queue: "" };

export function addressOf(search: string): Address {
  const query = new URLSearchParams(search);
  const page = PAGES.find((name) => name === query.get("page")) ?? HOME.page;
  return { page, filters: filtersOf(query), decision: query.get("decision") ?? "", queue: query.get("queue") ?? "" };
}

/** The link to it; what is not given is as at the start. */
export function linkTo(to: Partial<Address>): string {
  const { page, filters, decision, queue } = { ...HOME, ...to };
  const query = filterQuery(filters, { page: page === HOME.page ? "" : page, queue, decision });
  return query ? `/review?${query}` : "/review";
}

/** True for a click that should open the link here, not in a tab of its own. */
export const isPlainClick = (event: MouseEvent): boolean =>
  !(event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) && event.button === 0;
