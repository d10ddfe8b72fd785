/** The review console's calls. Both throw `ApiError`. */
import { staffCall } from "../ui/http.ts";
import { queryOf, type Filters } from "./filters.ts";
import type { Decision, DecisionPage } from "./types.ts";

export const PAGE_SIZE = 50;

export const fetchDecisions = (filters: Filters, cursor: string, signal: AbortSignal): Promise<DecisionPage> =>
  staffCall("GET", `/api/review/decisions${queryOf(filters, cursor, PAGE_SIZE)}`, { signal });

export const fetchDecision = (id: string, signal: AbortSignal): Promise<Decision> =>
  staffCall("GET", `/api/review/decisions/${encodeURIComponent(id)}`, { signal });
