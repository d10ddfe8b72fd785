import { describe, expect, it } from "vitest";
import { consent } from "../privacy/samples.ts";
import type { ConversationEvent, ConversationState } from "../shared/api.ts";
import { message } from "../shared/testing.ts";
import { type Conversation, empty, isNews, reduce } from "./conversation.ts";

const serverState = (more: Partial<ConversationState> = {}): ConversationState => ({
  conversation_id: "con_1",
  language: "en",
  owner: "assistant",
  human_name: null,
  signed_in: false,
  customer_name: null,
  disclosure_shown: true,
  handoff: null,
  consents: [consent()],
  merge: null,
  gpc: false,
  policy: { version: "1", published_at: null, url: "/policies/privacy/1", changes_url: null },
  contests: [],
  last_event_id: 0,
  ...more,
});

const event = (now: Conversation, id: number | null, name: string, data: unknown): Conversation =>
  reduce(now, { type: "event", id, event: { event: name, data } as ConversationEvent });
const ids = (now: Conversation): string[] => now.entries.map((entry) => entry.message.id);

describe("messages", () => {
  it("are listed once when an event is replayed", () => {
    const once = event(empty, 1, "message", message("a"));
    expect(event(once, 1, "message", message("a"))).toBe(once);
  });
  it("are listed once when the same message comes under another event", () => {
    const twice = event(event(empty, 1, "message", message("a")), 2, "message", message("a"));
    expect(ids(twice)).toEqual(["a"]);
  });
  it("stand in the order of their events, and an older event changes nothing", () => {
    const now = event(event(empty, 2, "message", message("b")), 1, "message", message("a"));
    expect(ids(now)).toEqual(["b"]);
    expect(now.lastEventId).toBe(2);
  });
});

describe("news", () => {
  it("leaves out what was said before the page was loaded", () => {
    let now = reduce(empty, { type: "state", state: serverState({ last_event_id: 1 }) });
    now = event(event(now, 1, "message", message("old")), 2, "message", message("new"));
    expect(now.entries.filter((entry) => isNews(now, entry)).map((entry) => entry.message.id)).toEqual(["new"]);
  });
  it("leaves out the visitor's own words", () => {
    const now = event(empty, 1, "message", message("a", { author: "visitor" }));
    expect(now.entries.some((entry) => isNews(now, entry))).toBe(false);
  });
});

describe("who speaks", () => {
  it("follows the speaker events", () => {
    const now = event(empty, 1, "speaker", { owner: "human", human_name: "Mina" });
    expect([now.owner, now.humanName]).toEqual(["human", "Mina"]);
  });
  it("is not taken back by a replay that is older than the server's state", () => {
    let now = reduce(empty, { type: "state", state: serverState({ last_event_id: 5, owner: "human", human_name: "Mina" }) });
    now = event(now, 3, "speaker", { owner: "assistant", human_name: null });
    expect(now.owner).toBe("human");
  });
  it("shows no work of the assistant while a human speaks", () => {
    const human = event(empty, 1, "speaker", { owner: "human", human_name: "Mina" });
    expect(event(human, null, "working", { message_id: "m" }).working).toBe(false);
  });
});

describe("a turn", () => {
  const working = event(empty, null, "working", { message_id: "m" });

  it("is at work until the assistant has spoken", () => {
    expect(working.working).toBe(true);
    expect(event(working, 1, "message", message("v", { author: "visitor" })).working).toBe(true);
    expect(event(working, 1, "message", message("a")).working).toBe(false);
  });
  it("says that no answer can be given until there is one", () => {
    const silent = event(working, null, "unavailable", { message_id: "m", code: "record_unavailable", message: "" });
    expect([silent.working, silent.unavailable]).toEqual([false, ""]);
    expect(event(silent, 1, "message", message("a")).unavailable).toBeNull();
  });
  it("is not shown as at work once the connection is lost", () => {
    expect(reduce(working, { type: "disconnected" }).working).toBe(false);
  });
});

describe("a contested reply", () => {
  it("has the state of its events and, after a reload, the server's", () => {
    const asked = event(empty, 1, "contest", { message_id: "m1", state: "open" });
    expect(asked.contests).toEqual({ m1: "open" });
    expect(event(asked, 2, "contest", { message_id: "m1", state: "upheld" }).contests).toEqual({ m1: "upheld" });
    const contests = [{ message_id: "m1", state: "overturned" as const }];
    const loaded = reduce(empty, { type: "state", state: serverState({ last_event_id: 9, contests }) });
    expect(event(loaded, 4, "contest", { message_id: "m1", state: "open" }).contests).toEqual({ m1: "overturned" });
  });
});

describe("consent", () => {
  const known = reduce(empty, { type: "state", state: serverState() });
  const until = "2026-12-23T10:00:00Z";
  const scopes = [{ scope: "once" as const, title: "Just this once", until }];
  const request = { purpose: "order_history", title: "Orders", why: "To look them up.", scope: "once" as const, scopes, until };

  it("is open once it was asked for and closed by the answer", () => {
    const asked = event(known, 1, "message", message("q", { consent_request: request }));
    expect(asked.consents.map((one) => one.state)).toEqual(["requested"]);
    const chosen = { purpose: "order_history", state: "given", scope: "once", until: "2026-11-23T18:00:00Z" };
    expect(event(asked, 2, "consent", chosen).consents[0]).toMatchObject({ state: "given", scope: "once", until: chosen.until });
  });
  it("says that it was for one answer once that is used", () => {
    const given = event(known, 1, "consent", { purpose: "order_history", state: "given", scope: "once", until: "2026-11-23T18:00:00Z" });
    const used = event(given, 2, "consent", { purpose: "order_history", state: "expired", scope: "once", until: null });
    expect(used.consents[0]).toMatchObject({ state: "expired", scope: "once" });
  });
  it("is not kept off by the browser's signal any more once it is given here, and is by a no", () => {
    const off = reduce(empty, { type: "state", state: serverState({ consents: [consent({ gpc: true })] }) });
    const after = (state: string): boolean | undefined =>
      event(off, 1, "consent", { purpose: "order_history", state, scope: null, until: null }).consents[0]?.gpc;
    expect([after("given"), after("refused")]).toEqual([false, true]);
  });
  it("may be asked about after signing in, until that is answered", () => {
    const merge = [{ purpose: "order_history", title: "Orders", state: "given" as const }];
    const asked = reduce(known, { type: "state", state: serverState({ merge }) });
    expect([asked.merge, reduce(asked, { type: "state", state: serverState() }).merge]).toEqual([merge, []]);
  });
  it("stays given when the question is replayed after a reload", () => {
    const consents = [consent({ state: "given" })];
    const loaded = reduce(empty, { type: "state", state: serverState({ last_event_id: 9, consents }) });
    expect(event(loaded, 4, "message", message("q", { consent_request: request })).consents[0]?.state).toBe("given");
  });
});
