/** The calls of queues, contests, corrections, charts and stops. All throw `ApiError`. */
import { staffCall } from "../shared/http.ts";
import type {
  Agreement,
  ChartQuery,
  Charts,
  Correction,
  CorrectionRuling,
  CorrectionState,
  Queue,
  Ruling,
  Stop,
  Stops,
} from "./oversight-types.ts";
import type { Contest, ContestState } from "./types.ts";

const API = "/api/review";

export const fetchQueues = (signal: AbortSignal): Promise<Queue[]> => staffCall("GET", `${API}/queues`, { signal });

export const fetchAgreement = (from: string, signal: AbortSignal): Promise<Agreement> =>
  staffCall("GET", `${API}/agreement${query({ from })}`, { signal });

export async function fetchContests(state: ContestState | "", signal: AbortSignal): Promise<Contest[]> {
  const answer = await staffCall<{ contests: Contest[] }>("GET", `${API}/contests${query({ state })}`, { signal });
  return answer.contests;
}

/** One contest with what the visitor wrote. The look is recorded. */
export const fetchContest = (id: string, signal: AbortSignal): Promise<Contest> =>
  staffCall("GET", `${API}/contests/${encodeURIComponent(id)}?why=contest`, { signal });

export const decideContest = (id: string, ruling: Ruling): Promise<Contest> =>
  staffCall("POST", `${API}/contests/${encodeURIComponent(id)}`, { body: ruling });

export async function fetchCorrections(state: CorrectionState, signal: AbortSignal): Promise<Correction[]> {
  const answer = await staffCall<{ corrections: Correction[] }>("GET", `${API}/corrections${query({ state })}`, { signal });
  return answer.corrections;
}

export const decideCorrection = (id: string, ruling: CorrectionRuling): Promise<Correction> =>
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
