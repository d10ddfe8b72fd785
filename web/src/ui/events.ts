/**
 * Server-sent events over `fetch`, because the browser's own EventSource cannot send an Authorization header.
 *
 *     const stream = follow("/api/desk/events", {
 *       onEvent: (event) => console.log(event.type, JSON.parse(event.data)),
 *       onStatus: (status) => console.log(status),   // "connecting" | "open" | "waiting"
 *       onRefused: (error) => console.log(error.code), // 4xx: will not be tried again
 *     });
 *     stream.close();
 *
 * Reconnects by itself with growing pauses and `Last-Event-ID`, at once when the browser comes back online.
 */
import { type ApiError, errorOf } from "./http.ts";

export interface ServerEvent {
  /** The event's name; "message" when the server gave none. */
  type: string;
  data: string;
  /** The last id seen so far, this event's own included; "" when there was none. */
  id: string;
}

export type StreamStatus = "connecting" | "open" | "waiting";

export interface FollowOptions {
  onEvent: (event: ServerEvent) => void;
  onStatus?: (status: StreamStatus) => void;
  /** A refusal that a repetition cannot mend (4xx but 408 and 429). The stream is closed after it. */
  onRefused?: (error: ApiError) => void;
  headers?: Record<string, string>;
  /** Replay starts after this id. */
  lastEventId?: string;
  /** Milliseconds of silence (comments count as life) after which the connection is taken for dead; default 60 s. */
  silence?: number;
}

export interface Stream {
  close(): void;
  /** Ends a pause between two attempts. */
  retryNow(): void;
}

const FIRST_PAUSE = 500;
const LONGEST_PAUSE = 15_000;

/** Follows `url` until closed or refused. Handlers that throw do not end the stream. */
export function follow(url: string, options: FollowOptions): Stream {
  const closing = new AbortController();
  let wake = (): void => undefined;
  const stream: Stream = { close: () => closing.abort(), retryNow: () => wake() };
  const onOnline = (): void => stream.retryNow();
  globalThis.addEventListener?.("online", onOnline);
  closing.signal.addEventListener("abort", () => {
    globalThis.removeEventListener?.("online", onOnline);
    wake();
  });
  void run();
  return stream;

  async function run(): Promise<void> {
    let lastId = options.lastEventId ?? "";
    let pause = FIRST_PAUSE;
    while (!closing.signal.aborted) {
      options.onStatus?.("connecting");
      const opened = await attempt();
      if (closing.signal.aborted) return;
      pause = opened ? FIRST_PAUSE : Math.min(pause * 2, LONGEST_PAUSE);
      options.onStatus?.("waiting");
      await rest(pause * (0.75 + Math.random() / 2)); // spread out, so that a restart does not meet everyone at once
    }

    async function attempt(): Promise<boolean> {
      const connection = new AbortController();
      const end = (): void => connection.abort();
      closing.signal.addEventListener("abort", end, { once: true });
      try {
        return await read(connection);
      } catch {
        return false;
      } finally {
        closing.signal.removeEventListener("abort", end);
        connection.abort();
      }
    }

    async function read(connection: AbortController): Promise<boolean> {
      const watch = watchdog(options.silence ?? 60_000, () => connection.abort());
      try {
        const response = await open(connection.signal);
        if (!response?.body) return false;
        options.onStatus?.("open");
        return await pump(response.body, watch.alive);
      } finally {
        watch.stop();
      }
    }

    async function open(signal: AbortSignal): Promise<Response | null> {
      const headers: Record<string, string> = { Accept: "text/event-stream", ...options.headers };
      if (lastId) headers["Last-Event-ID"] = lastId;
      const response = await fetch(url, { headers, signal, cache: "no-store", credentials: "same-origin" });
      if (response.ok) return response;
      const error = await errorOf(response);
      if (!error.passing && !closing.signal.aborted) {
        closing.abort();
        options.onRefused?.(error);
      }
      return null;
    }

    async function pump(body: ReadableStream<Uint8Array>, alive: () => void): Promise<boolean> {
      const reader = body.getReader();
      const decoder = new TextDecoder();
      const parser = new EventParser(lastId);
      let received = false;
      try {
        for (;;) {
          const { done, value } = await reader.read();
          if (done) return true;
          alive();
          received = true;
          for (const event of parser.push(decoder.decode(value, { stream: true }))) {
            if (closing.signal.aborted) return true;
            lastId = event.id;
            deliver(event);
          }
        }
      } catch {
        return received;
      }
    }
  }

  function deliver(event: ServerEvent): void {
    try {
      options.onEvent(event);
    } catch (error) {
      console.error("candor: an event could not be handled", error instanceof Error ? error.name : "");
    }
  }

  function rest(milliseconds: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, milliseconds);
      wake = () => {
        clearTimeout(timer);
        resolve();
      };
      if (closing.signal.aborted) wake();
    });
  }
}

function watchdog(milliseconds: number, bark: () => void): { alive: () => void; stop: () => void } {
  let timer = setTimeout(bark, milliseconds);
  const alive = (): void => {
    clearTimeout(timer);
    timer = setTimeout(bark, milliseconds);
  };
  return { alive, stop: () => clearTimeout(timer) };
}

/** Takes text in pieces of any size and gives the events that it completes, as the HTML standard reads them. */
export class EventParser {
  private rest = "";
  private type = "";
  private data: string[] = [];

  constructor(private id = "") {}

  push(text: string): ServerEvent[] {
    const lines = (this.rest + text).split(/\r\n|\n|\r(?!$)/);
    this.rest = lines.pop() ?? "";
    return lines.map((line) => this.line(line)).filter((event) => event !== null);
  }

  private line(line: string): ServerEvent | null {
    if (line === "") return this.dispatch();
    if (line.startsWith(":")) return null;
    const colon = line.indexOf(":");
    const field = colon < 0 ? line : line.slice(0, colon);
    this.field(field, colon < 0 ? "" : line.slice(colon + 1).replace(/^ /, ""));
    return null;
  }

  private field(field: string, value: string): void {
    if (field === "event") this.type = value;
    else if (field === "data") this.data.push(value);
    else if (field === "id" && !value.includes("\0")) this.id = value;
  }

  private dispatch(): ServerEvent | null {
    const event = { type: this.type || "message", data: this.data.join("\n"), id: this.id };
    const empty = this.data.length === 0;
    this.type = "";
    this.data = [];
    return empty ? null : event;
  }
}
