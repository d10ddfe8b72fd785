import { afterEach, describe, expect, it, vi } from "vitest";
import { EventParser, follow, type ServerEvent, type Stream } from "./events.ts";
import type { ApiError } from "./http.ts";

describe("EventParser", () => {
  it("reads an event that arrives one character at a time", () => {
    const parser = new EventParser();
    const events = [...'id: 7\r\nevent: speaker\r\ndata: {"a":\r\ndata: 1}\r\n\r\n'].flatMap((part) => parser.push(part));
    expect(events).toEqual([{ type: "speaker", id: "7", data: '{"a":\n1}', passing: false }]);
  });
  it("keeps the last id for events that carry none, which are passing, and skips comments", () => {
    const parser = new EventParser("3");
    expect(parser.push(": ping\n\ndata: x\n\n")).toEqual([{ type: "message", id: "3", data: "x", passing: true }]);
    expect(parser.push("id: 4\ndata: y\n\ndata: z\n\n").map(({ id, passing }) => [id, passing])).toEqual([
      ["4", false],
      ["4", true],
    ]);
  });
  it("gives nothing for an event without data", () => {
    expect(new EventParser().push("event: speaker\nid: 2\n\n")).toEqual([]);
  });
});

const answer = (text: string): Response => new Response(text, { headers: { "Content-Type": "text/event-stream" } });
const refusal = (status: number): Response =>
  new Response(JSON.stringify({ error: { code: "unknown_conversation", message: "Start a new one." } }), { status });

describe("follow", () => {
  let stream: Stream | undefined;
  afterEach(() => {
    stream?.close();
    vi.restoreAllMocks();
  });

  function start(answers: Response[], lastEventId = ""): { events: ServerEvent[]; calls: RequestInit[]; refused: ApiError[] } {
    const seen = { events: [] as ServerEvent[], calls: [] as RequestInit[], refused: [] as ApiError[] };
    vi.spyOn(Math, "random").mockReturnValue(0);
    vi.spyOn(globalThis, "fetch").mockImplementation((_url, init) => {
      seen.calls.push(init ?? {});
      const next = answers.shift();
      return next ? Promise.resolve(next) : new Promise(() => undefined);
    });
    stream = follow("http://127.0.0.1/events", {
      lastEventId,
      headers: { Authorization: "Bearer t" },
      onEvent: (event) => seen.events.push(event),
      onStatus: (status) => status === "waiting" && queueMicrotask(() => stream?.retryNow()),
      onRefused: (error) => seen.refused.push(error),
    });
    return seen;
  }

  it("comes back after the last id it has seen when the connection ends", async () => {
    const seen = start([answer("id: 4\ndata: a\n\n"), answer("id: 5\ndata: b\n\n")], "3");
    await vi.waitFor(() => expect(seen.calls.length).toBe(3));
    expect(seen.events.map((event) => event.data)).toEqual(["a", "b"]);
    expect(seen.calls.map((init) => (init.headers as Record<string, string>)["Last-Event-ID"])).toEqual(["3", "4", "5"]);
  });
  it("tries again after a server error", async () => {
    const seen = start([refusal(503), answer("id: 1\ndata: a\n\n")]);
    await vi.waitFor(() => expect(seen.events.length).toBe(1));
    expect(seen.refused).toEqual([]);
  });
  it("stops at a refusal and reports it", async () => {
    const seen = start([refusal(404), answer("id: 1\ndata: a\n\n")]);
    await vi.waitFor(() => expect(seen.refused.length).toBe(1));
    expect(seen.refused[0]?.code).toBe("unknown_conversation");
    expect(seen.calls.length).toBe(1);
  });
});
