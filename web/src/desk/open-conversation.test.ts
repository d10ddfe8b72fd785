import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { OpenConversation } from "./open-conversation.ts";

const message = (id: string, more: Record<string, unknown> = {}): Record<string, unknown> => ({
  id,
  author: "visitor",
  author_name: null,
  text: id,
  created_at: "2026-11-23T10:00:00Z",
  client_message_id: null,
  ...more,
});
const entry = { handoff_id: "h", conversation_id: "c", state: "accepted", agent_name: "Mina" };
const event = (id: number, type: string, data: unknown): string => `id: ${id}\nevent: ${type}\ndata: ${JSON.stringify(data)}\n\n`;

describe("OpenConversation", () => {
  let conversation: OpenConversation;
  let streams: string[];
  let replayedFrom: (string | undefined)[];
  let consent: string;
  let loads: number;
  let refusal: { code: string; message: string };

  beforeEach(() => {
    streams = [];
    replayedFrom = [];
    consent = "none";
    loads = 0;
    refusal = { code: "gone", message: "A colleague has taken it." };
    vi.spyOn(Math, "random").mockReturnValue(0);
    vi.spyOn(globalThis, "fetch").mockImplementation((url, init) => Promise.resolve(serve(String(url), init)));
    conversation = new OpenConversation("c");
  });
  afterEach(() => {
    conversation.close();
    vi.restoreAllMocks();
  });

  function serve(url: string, init: RequestInit | undefined): Response {
    if (!url.endsWith("/events")) return outside();
    replayedFrom.push((init?.headers as Record<string, string>)["Last-Event-ID"]);
    const text = streams.shift();
    return text === undefined ? json(404, { error: refusal }) : new Response(text);
  }
  function outside(): Response {
    loads += 1;
    return json(200, { entry, consents: [{ purpose: "p", title: "P", state: consent }], messages: [message("a")] });
  }
  const json = (status: number, body: unknown): Response => new Response(JSON.stringify(body), { status });
  const keys = (): string[] => conversation.timeline.read().map((item) => item.key);

  it("shows what the first call and the replay both bring once, in order", async () => {
    streams.push(event(1, "message", message("a")) + event(2, "message", message("b")));
    await conversation.open();
    await vi.waitFor(() => expect(keys()).toEqual(["message a", "message b"]));
  });
  it("comes back after the last event it has seen, and loses nothing", async () => {
    streams.push(event(1, "message", message("a")), event(2, "message", message("b")));
    await conversation.open();
    await vi.waitFor(() => expect(keys()).toEqual(["message a", "message b"]), { timeout: 3000 });
    expect(replayedFrom.slice(0, 2)).toEqual([undefined, "1"]);
  });
  it("takes over a change of speaker", async () => {
    streams.push(event(2, "speaker", { owner: "human", human_name: "Mina" }));
    await conversation.open();
    await vi.waitFor(() => expect(conversation.speaker?.human_name).toBe("Mina"));
    expect(keys()).toContain("speaker 2");
  });
  it("asks once how things stand when several events say that they changed", async () => {
    await conversation.load();
    consent = "withdrawn";
    streams.push(event(1, "consent", { purpose: "p", state: "given" }) + event(2, "consent", { purpose: "p", state: "withdrawn" }));
    loads = 0;
    await conversation.open();
    await vi.waitFor(() => expect(conversation.consents[0]?.state).toBe("withdrawn"));
    expect(loads).toBeLessThanOrEqual(2);
  });
  it("tells the server's sentence when it may no longer be seen, and stops asking", async () => {
    await conversation.open();
    await vi.waitFor(() => expect(conversation.trouble).toBe("A colleague has taken it."));
    expect(replayedFrom.length).toBe(1);
  });
  it("keeps nothing of a visitor who was erased", async () => {
    streams.push(event(1, "message", message("a")));
    refusal = { code: "erased", message: "This visitor was erased." };
    conversation.draft = "Dear Zoe";
    await conversation.open();
    await vi.waitFor(() => expect(conversation.erased).toBe(true), { timeout: 3000 });
    expect([keys(), conversation.draft, conversation.consents, conversation.trouble]).toEqual([[], "", [], "This visitor was erased."]);
    await conversation.load();
    expect(keys()).toEqual([]);
  });
  it("follows again when the handoff has moved on", async () => {
    await conversation.open();
    await vi.waitFor(() => expect(conversation.trouble).not.toBe(""));
    streams.push(event(1, "message", message("z")));
    conversation.update({ ...entry, state: "queued", handoff_id: "h2" } as never);
    await vi.waitFor(() => expect(keys()).toContain("message z"));
  });
  it("keeps the draft and the unsent while it is not on screen", async () => {
    streams.push("");
    await conversation.open();
    conversation.draft = "half a sen";
    conversation.close();
    expect(conversation.draft).toBe("half a sen");
  });
});
