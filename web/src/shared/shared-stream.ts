/**
 * One event stream for all tabs of an origin: a browser opens six connections to a server at most, and each stream holds one.
 *
 * The tab that holds the stream's Web Lock is connected and passes events on over a BroadcastChannel. A tab that starts to
 * listen, or is shown again, steals the lock and connects from its own cursor: so it catches up at once, and the others,
 * which have seen at least as much, know repeated events by their ids. The tab that lost the lock queues for it.
 * When the connected tab is closed or crashes, the browser gives the lock to the next.
 *
 * Web Locks serve both the desk and the widget. A SharedWorker does not: its script must come from the page's own origin, and
 * the widget's page has another one than Candor. Where there are no locks (plain http) each tab has a connection of its own,
 * and as hidden tabs let go of theirs, that is enough.
 */
import { follow, type FollowOptions, type ServerEvent, type Stream, type StreamStatus } from "./events.ts";
import { ApiError } from "./http.ts";

export interface SharedOptions extends FollowOptions {
  /** A hidden tab listens on, e.g. to sound a chime. Otherwise it lets go after a while and catches up when it is shown. */
  whenHidden?: boolean;
}

interface Passed {
  event?: ServerEvent;
  status?: StreamStatus;
  refused?: { status: number; code: string; message: string };
}

/** Milliseconds that a hidden tab stays connected: a short look elsewhere ends nothing. */
const HIDDEN_FOR = 5_000;

/** As `follow`, with the connection shared among the tabs that follow the same address. */
export function followShared(url: string, options: SharedOptions): Stream {
  const name = `candor ${url}`;
  const locks = (globalThis.navigator as Partial<Navigator>).locks;
  const channel = locks && new BroadcastChannel(name);
  let lastEventId = options.lastEventId ?? "";
  let claim: AbortController | null = null;
  let connection: Stream | null = null;
  let hiding: ReturnType<typeof setTimeout> | undefined;

  if (channel) channel.onmessage = ({ data }: MessageEvent<Passed>) => claim && !connection && take(data);
  document.addEventListener("visibilitychange", onVisibility);
  if (!document.hidden) listen(true);
  else if (options.whenHidden) listen(false);
  return { close, retryNow: () => connection?.retryNow() };

  function close(): void {
    document.removeEventListener("visibilitychange", onVisibility);
    rest();
    channel?.close();
  }

  function onVisibility(): void {
    clearTimeout(hiding);
    if (!document.hidden && !connection) listen(true);
    else if (document.hidden && !options.whenHidden) hiding = setTimeout(rest, HIDDEN_FOR);
  }

  function rest(): void {
    clearTimeout(hiding);
    claim?.abort();
    claim = null;
    disconnect();
  }

  function listen(steal: boolean): void {
    claim?.abort();
    claim = new AbortController();
    if (locks) void hold(locks, claim.signal, steal);
    else connect();
  }

  async function hold(locks: LockManager, signal: AbortSignal, steal: boolean): Promise<void> {
    for (let first = true; !signal.aborted; first = false) {
      const mode = steal && first ? { steal } : { signal };
      await locks.request(name, mode, () => whileConnected(signal)).catch(() => undefined); // stolen, or no longer wanted
      if (!signal.aborted) disconnect();
    }
  }

  function whileConnected(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      if (signal.aborted) return resolve();
      signal.addEventListener("abort", () => resolve());
      connect();
    });
  }

  function connect(): void {
    disconnect();
    connection = follow(url, {
      ...options,
      lastEventId,
      onEvent: (event) => pass({ event }),
      onStatus: (status) => pass({ status }),
      onRefused: ({ status, code, message }) => pass({ refused: { status, code, message } }),
    });
  }

  function disconnect(): void {
    connection?.close();
    connection = null;
  }

  function pass(news: Passed): void {
    channel?.postMessage(news);
    take(news);
  }

  function take({ event, status, refused }: Passed): void {
    if (event) {
      lastEventId = event.id;
      options.onEvent(event);
    }
    if (status) options.onStatus?.(status);
    if (refused) {
      close();
      options.onRefused?.(new ApiError(refused.status, refused.code, refused.message));
    }
  }
}
