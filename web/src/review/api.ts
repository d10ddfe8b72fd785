/** The review console's calls. All throw `ApiError`. A look at somebody's data is recorded there, with the reason `why`. */
import { staffCall } from "../shared/http.ts";
import { filterQuery, type Filters } from "./filters.ts";
import type { Choices, Conversation, Decision, DecisionPage, LogState, NewReview, Proof, QueuePage, Review } from "./types.ts";
import type { Why } from "./why.ts";

export const PAGE_SIZE = 50;
const QUEUE_SIZE = 20;
const API = "/api/review";

export const fetchDecisions = (filters: Filters, cursor: string, signal: AbortSignal): Promise<DecisionPage> =>
  staffCall("GET", `${API}/decisions?${filterQuery(filters, { cursor, limit: String(PAGE_SIZE) })}`, { signal });

export const fetchQueue = (name: string, signal: AbortSignal): Promise<QueuePage> =>
  staffCall("GET", `${API}/queues/${encodeURIComponent(name)}?limit=${QUEUE_SIZE}`, { signal });

export const fetchChoices = (): Promise<Choices> => staffCall("GET", `${API}/choices`);

export const fetchDecision = (id: string, why: Why, signal: AbortSignal): Promise<Decision> =>
  staffCall("GET", `${decision(id)}?why=${why}`, { signal });

export const fetchProof = (id: string, signal: AbortSignal): Promise<Proof> => staffCall("GET", `${decision(id)}/proof`, { signal });

export const fetchConversation = (id: string, why: Why, signal: AbortSignal): Promise<Conversation> =>
  staffCall("GET", `${decision(id)}/conversation?why=${why}`, { signal });

export const postReview = (id: string, review: NewReview): Promise<Review> =>
  staffCall("POST", `${decision(id)}/reviews`, { body: review });

export const fetchLog = (signal: AbortSignal): Promise<LogState> => staffCall("GET", `${API}/log`, { signal });

/** Where the filtered list can be fetched as a file, whole. */
export const exportAddress = (format: "jsonl" | "csv", filters: Filters, why: Why): string =>
  `${API}/export.${format}?${filterQuery(filters, { why })}`;

const decision = (id: string): string => `${API}/decisions/${encodeURIComponent(id)}`;
