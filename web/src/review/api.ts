/** The review console's calls. All throw `ApiError`. Reads of personal data are recorded by the server with the purpose `why`. */
import type {
  Agreement,
  By,
  Charts,
  Choices,
  ContestedDecision,
  ContestState,
  ProposedCorrection,
  CorrectionRuling,
  CorrectionState,
  Decision,
  DecisionPage,
  LogState,
  NewReview,
  Proof,
  ReviewQueue,
  DecisionReview,
  ReviewedConversation as Conversation,
  QueueHint as Queue,
  ContestRuling,
  Stop,
  Stops,
} from "../shared/api.ts";
import { staffCall } from "../shared/http.ts";
import { filterQuery, type Filters } from "./filters.ts";
import type { Why } from "./why.ts";

/** Which rows of the charts are wanted; moments in UTC, "" for all. */
export interface ChartQuery {
  by: By;
  from: string;
  to: string;
  language: string;
  model: string;
}

export const PAGE_SIZE = 50;
const QUEUE_SIZE = 20;
const API = "/api/review";

export const fetchDecisions = (filters: Filters, cursor: string, signal: AbortSignal): Promise<DecisionPage> =>
  staffCall("GET", `${API}/decisions?${filterQuery(filters, { cursor, limit: String(PAGE_SIZE) })}`, { signal });

export const fetchQueue = (name: string, signal: AbortSignal): Promise<ReviewQueue> =>
  staffCall("GET", `${API}/queues/${encodeURIComponent(name)}?limit=${QUEUE_SIZE}`, { signal });

export const fetchChoices = (): Promise<Choices> => staffCall("GET", `${API}/choices`);

export const fetchDecision = (id: string, why: Why, signal: AbortSignal): Promise<Decision> =>
  staffCall("GET", `${decision(id)}?why=${why}`, { signal });

export const fetchProof = (id: string, signal: AbortSignal): Promise<Proof> => staffCall("GET", `${decision(id)}/proof`, { signal });

export const fetchConversation = (id: string, why: Why, signal: AbortSignal): Promise<Conversation> =>
  staffCall("GET", `${decision(id)}/conversation?why=${why}`, { signal });

export const postReview = (id: string, review: NewReview): Promise<DecisionReview> =>
  staffCall("POST", `${decision(id)}/reviews`, { body: review });

export const fetchLog = (signal: AbortSignal): Promise<LogState> => staffCall("GET", `${API}/log`, { signal });

/** Where the filtered list can be fetched as a file, whole. */
export const exportAddress = (format: "jsonl" | "csv", filters: Filters, why: Why): string =>
  `${API}/export.${format}?${filterQuery(filters, { why })}`;

export const fetchQueues = (signal: AbortSignal): Promise<Queue[]> => staffCall("GET", `${API}/queues`, { signal });

export const fetchAgreement = (from: string, signal: AbortSignal): Promise<Agreement> =>
  staffCall("GET", `${API}/agreement${query({ from })}`, { signal });

export async function fetchContests(state: ContestState | "", signal: AbortSignal): Promise<ContestedDecision[]> {
  const answer = await staffCall<{ contests: ContestedDecision[] }>("GET", `${API}/contests${query({ state })}`, { signal });
  return answer.contests;
}

/** One contest with what the visitor wrote. The look is recorded. */
export const fetchContest = (id: string, signal: AbortSignal): Promise<ContestedDecision> =>
  staffCall("GET", `${API}/contests/${encodeURIComponent(id)}?why=contest`, { signal });

export const decideContest = (id: string, ruling: ContestRuling): Promise<ContestedDecision> =>
  staffCall("POST", `${API}/contests/${encodeURIComponent(id)}`, { body: ruling });

export async function fetchCorrections(state: CorrectionState, signal: AbortSignal): Promise<ProposedCorrection[]> {
  const answer = await staffCall<{ corrections: ProposedCorrection[] }>("GET", `${API}/corrections${query({ state })}`, { signal });
  return answer.corrections;
}

export const decideCorrection = (id: string, ruling: CorrectionRuling): Promise<ProposedCorrection> =>
  staffCall("POST", `${API}/corrections/${encodeURIComponent(id)}`, { body: ruling });

export const fetchCharts = (asked: ChartQuery, signal: AbortSignal): Promise<Charts> =>
  staffCall("GET", `${API}/charts${query({ ...asked })}`, { signal });

export const fetchStops = (signal: AbortSignal): Promise<Stops> => staffCall("GET", `${API}/stops`, { signal });

/** Stops the assistant: for one topic, or wholly when `topic` is null. */
export const stopAssistant = (topic: string | null, reason: string): Promise<Stop> =>
  staffCall("POST", `${API}/stops`, { body: { topic, reason } });

export const startAgain = (id: string): Promise<Stop> => staffCall("DELETE", `${API}/stops/${encodeURIComponent(id)}`);

/** "?a=1&b=2" of the values that are not empty; "" when all are. */
export function query(values: Record<string, string>): string {
  const given = Object.entries(values).filter(([, value]) => value !== "");
  return given.length ? `?${new URLSearchParams(given)}` : "";
}

const decision = (id: string): string => `${API}/decisions/${encodeURIComponent(id)}`;
