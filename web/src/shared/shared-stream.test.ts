import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { FollowOptions, ServerEvent, Stream } from "./events.ts";
import { ApiError } from "./http.ts";
import { followShared } from "./shared-stream.ts";

const connections = vi.hoisted(() => [] as { options: FollowOptions; closed: boolean }[]);
vi.mock("./events.ts", () => ({
  follow: (_url: string, options: FollowOptions): Stream => {
    const connection = { options, closed: false };
    connections.push(connection);
    return { close: () => void (connection.closed = true), retryNow: () => undefined };
  },
}));

/** Exclusive locks as browsers have them: one holder, a queue, and theft. */
class Locks {
  #holder: { reject: (error: Error) => void } | null = null;
  #queue: (() => void)[] = [];

  request(_name: string, { steal, signal }: { steal?: boolean; signal?: AbortSignal }, work: () => Promise<void>): Promise<void> {
    return new Promise((resolve, reject) => {
      const begin = (): void => {
        const mine = (this.#holder = { reject });
        void work().then(() => {
          if (this.#holder === mine) this.#release();
          resolve();
        });
      };
      if (steal) this.#holder?.reject(new DOMException("stolen", "AbortError"));
      if (steal || !this.#holder) return begin();
      this.#queue.push(begin);
      signal?.addEventListener("abort", () => {
        this.#queue = this.#queue.filter((one) => one !== begin);
        reject(new DOMException("aborted", "AbortError"));
      });
    });
  }

  #release(): void {
    this.#holder = null;
    this.#queue.shift()?.();
  }
}

class Channel {
  static all = new Set<Channel>();
  onmessage: ((message: { data: unknown }) => void) | null = null;
  constructor() {
    Channel.all.add(this);
  }
  postMessage(data: unknown): void {
    for (const one of Channel.all) if (one !== this) one.onmessage?.({ data });
  }
  close(): void {
    Channel.all.delete(this);
  }
}

const open = (): typeof connections => connections.filter((one) => !one.closed);
const settled = (): Promise<void> => vi.waitFor(() => undefined).then(() => new Promise((resolve) => queueMicrotask(resolve)));
const event = (id: number): ServerEvent => ({ type: "message", id: String(id), data: "{}", passing: false });
let streams: Stream[];

function tab(options: { whenHidden?: boolean; lastEventId?: string } = {}): { seen: string[]; refused: ApiError[]; stream: Stream } {
  const seen: string[] = [];
  const refused: ApiError[] = [];
  const stream = followShared("/events", { ...options, onEvent: ({ id }) => seen.push(id), onRefused: (error) => refused.push(error) });
  streams.push(stream);
  return { seen, refused, stream };
}

function show(visible: boolean): void {
  vi.spyOn(document, "hidden", "get").mockReturnValue(!visible);
  document.dispatchEvent(new Event("visibilitychange"));
}

describe("a stream that tabs share", () => {
  beforeEach(() => {
    connections.length = 0;
    streams = [];
    vi.stubGlobal("BroadcastChannel", Channel);
    Object.defineProperty(navigator, "locks", { value: new Locks(), configurable: true });
  });
  afterEach(() => {
    streams.forEach((stream) => stream.close());
    Reflect.deleteProperty(navigator, "locks");
    vi.unstubAllGlobals();
    vi.restoreAllMocks();
    vi.useRealTimers();
  });

  it("has one connection, and every tab gets every event", async () => {
    const [first, second, third] = [tab(), tab(), tab()];
    await settled();
    expect(open().length).toBe(1);
    open()[0]?.options.onEvent(event(1));
    expect([first.seen, second.seen, third.seen]).toEqual([["1"], ["1"], ["1"]]);
  });
  it("is taken over by the next tab when the connected one is closed, from where that one was", async () => {
    const [first, second] = [tab(), tab()];
    await settled();
    open()[0]?.options.onEvent(event(7));
    second.stream.close();
    await vi.waitFor(() => expect(open().length).toBe(1));
    expect(open()[0]?.options.lastEventId).toBe("7");
    open()[0]?.options.onEvent(event(8));
    expect([first.seen, second.seen]).toEqual([["7", "8"], ["7"]]);
  });
  it("is let go of by a hidden tab after a while, which catches up when it is shown", async () => {
    vi.useFakeTimers();
    const { seen } = tab();
    await vi.advanceTimersByTimeAsync(0);
    open()[0]?.options.onEvent(event(3));
    show(false);
    await vi.advanceTimersByTimeAsync(4_000);
    expect(open().length).toBe(1);
    await vi.advanceTimersByTimeAsync(2_000);
    expect(open().length).toBe(0);
    show(true);
    await vi.advanceTimersByTimeAsync(0);
    expect([open().length, open()[0]?.options.lastEventId]).toEqual([1, "3"]);
    open()[0]?.options.onEvent(event(4));
    expect(seen).toEqual(["3", "4"]);
  });
  it("goes on in a hidden tab that has to listen", async () => {
    vi.useFakeTimers();
    tab({ whenHidden: true });
    show(false);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(open().length).toBe(1);
  });
  it("is not begun by a tab that is hidden from the start", async () => {
    show(false);
    tab();
    await settled();
    expect(connections.length).toBe(0);
  });
  it("ends in every tab when the server refuses it", async () => {
    const [first, second] = [tab(), tab()];
    await settled();
    open()[0]?.options.onRefused?.(new ApiError(410, "erased", "Erased."));
    await settled();
    expect([first, second].map(({ refused }) => refused.map(({ status, code }) => [status, code]))).toEqual([
      [[410, "erased"]],
      [[410, "erased"]],
    ]);
    expect(open().length).toBe(0);
  });
  it("is each tab's own where the browser has no locks", () => {
    Reflect.deleteProperty(navigator, "locks");
    tab();
    tab();
    expect(open().length).toBe(2);
  });
});
