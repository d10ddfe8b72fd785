/** JSON over HTTP, with the one error shape of every API of the gateway. */

/**
 * A call that did not succeed.
 * `status` is the HTTP status, or 0 when the server could not be reached.
 * `code` is the server's `snake_case` code (`offline` when it was not reached); `message` is its sentence for people.
 */
export class ApiError extends Error {
  override readonly name = "ApiError";

  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
  ) {
    super(message);
  }

  /** True when trying the same call again later can succeed: no connection, a busy or a broken server. */
  get passing(): boolean {
    return this.status === 0 || this.status === 408 || this.status === 429 || this.status >= 500;
  }
}

/** The server's own sentence for what it will not do, whoever tries; null when trying again can help. */
export const refusalOf = (error: unknown): string | null => (error instanceof ApiError && !error.passing ? error.message : null);

export interface CallOptions {
  /** Sent as JSON when given. */
  body?: unknown;
  headers?: Record<string, string>;
  signal?: AbortSignal;
  /** Milliseconds after which an unanswered call counts as not reached; 20 s when not given. */
  timeout?: number;
}

/** Calls `url` and returns its JSON (`undefined` for 204). Throws `ApiError`, and `AbortError` when `signal` aborts. */
export async function call<T>(method: string, url: string, options: CallOptions = {}): Promise<T> {
  const response = await send(method, url, options);
  if (!response.ok) throw await errorOf(response);
  if (response.status === 204) return undefined as T;
  return readJson<T>(response);
}

/** A file that was fetched. */
export interface Fetched {
  name: string;
  content: Blob;
}

/** Calls `url` and returns the file it answers, under the name that the server gave it or else `name`. Throws as `call` does. */
export async function fetchFile(url: string, name: string, options: CallOptions = {}): Promise<Fetched> {
  const response = await send("GET", url, { timeout: 120_000, ...options });
  if (!response.ok) throw await errorOf(response);
  const given = /filename="([^"\\/]+)"/.exec(response.headers.get("Content-Disposition") ?? "")?.[1];
  return { name: given ?? name, content: await response.blob() };
}

/** Gives a file to the browser as a download. */
export function saveFile({ name, content }: Fetched): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(content);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000); // a browser may ask where to save before it reads
}

/** The staff's calls (desk, review): same origin with the cookie, and the header that marks a deliberate write. */
export function staffCall<T>(method: string, url: string, options: CallOptions = {}): Promise<T> {
  return call<T>(method, url, { ...options, headers: { "X-Candor": "1", ...options.headers } });
}

/** Converts a response that is not 2xx into an `ApiError`, whatever its body is. */
export async function errorOf(response: Response): Promise<ApiError> {
  const body: unknown = await response.json().catch(() => null);
  const error = isRecord(body) && isRecord(body["error"]) ? body["error"] : {};
  const code = typeof error["code"] === "string" ? error["code"] : `http_${response.status}`;
  const message = typeof error["message"] === "string" ? error["message"] : `The server answered ${response.status}.`;
  return new ApiError(response.status, code, message);
}

async function send(method: string, url: string, options: CallOptions): Promise<Response> {
  const limit = AbortSignal.timeout(options.timeout ?? 20_000);
  const headers: Record<string, string> = { Accept: "application/json", ...options.headers };
  const init: RequestInit = { method, headers, credentials: "same-origin", cache: "no-store" };
  if (options.body !== undefined) {
    headers["Content-Type"] = "application/json";
    init.body = JSON.stringify(options.body);
  }
  init.signal = options.signal ? AbortSignal.any([limit, options.signal]) : limit;
  try {
    return await fetch(url, init);
  } catch (error) {
    if (options.signal?.aborted) throw error;
    throw new ApiError(0, "offline", "The server could not be reached.");
  }
}

async function readJson<T>(response: Response): Promise<T> {
  try {
    return (await response.json()) as T;
  } catch {
    throw new ApiError(502, "unreadable_answer", "The server's answer could not be read.");
  }
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
