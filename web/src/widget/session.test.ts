import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { ConversationState } from "../shared/api.ts";
import type { FollowOptions } from "../shared/events.ts";
import { ApiError } from "../shared/http.ts";
import type { Visit } from "../shared/visit.ts";
import type { Client } from "./client.ts";
import { copies } from "./copy.ts";
import { Session } from "./session.ts";
import { StoredConversation } from "./stored-conversation.ts";
import { KEY } from "./stored-entry.ts";

const counter = vi.hoisted(() => ({ ids: 0 }));
vi.mock("../shared/ids.ts", () => ({ newId: () => `c${++counter.ids}` }));

const disclosure = { version: "1", language: "en", title: "You are talking to an AI", text: "I am an AI." };
const gone = new ApiError(404, "conversation_unknown", "Open a new one.");
const offline = new ApiError(0, "offline", "Not reached.");

/** A gateway in memory that fails as it is told to. */
class FakeClient {
  started = 0;
  posted: [string, string][] = [];
  confirmed = 0;
  identities: (string | null)[] = [];
  contested: [string, string][] = [];
  merged: boolean[] = [];
  asking = false;
  chosen: unknown[] = [];
  failures = new Map<string, ApiError[]>();
  known = new Set<string>();
  shown = new Set<string>();
  stream: Omit<FollowOptions, "headers"> | null = null;
  events_ = 0;
  closed = 0;
  handoff: unknown = null;

  fail(call: string, ...errors: ApiError[]): void {
    this.failures.set(call, errors);
  }

  private async enter(call: string, visit?: Visit): Promise<void> {
    const error = this.failures.get(call)?.shift();
    if (error) throw error;
    if (visit && !this.known.has(visit.id)) throw gone;
  }

  async info(): Promise<unknown> {
    await this.enter("info");
    return { company: "Fern & Hale", assistant_name: "AI assistant", disclosure };
  }
  async start(_language: string, identity: string | null): Promise<unknown> {
    await this.enter("start");
    this.identities.push(identity);
    const id = `con_${++this.started}`;
    this.known.add(id);
    return { conversation_id: id, token: `token_${id}`, disclosure, state: this.stateOf(id) };
  }
  async state(visit: Visit): Promise<ConversationState> {
    await this.enter("state", visit);
    return this.stateOf(visit.id);
  }
  async confirmDisclosure(visit: Visit): Promise<void> {
    await this.enter("disclosure", visit);
    this.confirmed++;
    this.shown.add(visit.id);
  }
  async post(visit: Visit, id: string, text: string): Promise<unknown> {
    await this.enter("post", visit);
    this.posted.push([id, text]);
    return { message_id: `msg_${id}` };
  }
  async identify(visit: Visit, token: string | null): Promise<ConversationState> {
    await this.enter("identify", visit);
    this.identities.push(token);
    return this.stateOf(visit.id);
  }
  async consent(visit: Visit, ...chosen: unknown[]): Promise<unknown> {
    await this.enter("consent", visit);
    this.chosen.push(chosen);
    return { purpose: chosen[0], state: "given", scope: chosen[2] ?? null, until: null };
  }
  async merge(visit: Visit, keep: boolean): Promise<ConversationState> {
    await this.enter("merge", visit);
    this.merged.push(keep);
    this.asking = false;
    return this.stateOf(visit.id);
  }
  async requestHuman(visit: Visit): Promise<unknown> {
    await this.enter("human", visit);
    return (this.handoff = { id: "h1", state: "queued", position: 1 });
  }
  async contest(visit: Visit, messageId: string, reason: string): Promise<unknown> {
    await this.enter("contest", visit);
    this.contested.push([messageId, reason]);
    return { id: "cts_1", state: "open", at: "" };
  }
  events(_visit: Visit, options: Omit<FollowOptions, "headers">): { close(): void; retryNow(): void } {
    this.events_++;
    this.stream = options;
    return { close: () => void this.closed++, retryNow: () => undefined };
  }

  echo(eventId: number, clientMessageId: string): void {
    const data = { id: `m${eventId}`, author: "visitor", text: "x", client_message_id: clientMessageId };
    this.stream?.onEvent({ type: "message", id: String(eventId), data: JSON.stringify(data), passing: false });
  }

  private stateOf(id: string): ConversationState {
    return {
      conversation_id: id,
      language: "en",
      owner: "assistant",
      human_name: null,
      signed_in: false,
      customer_name: null,
      disclosure_shown: this.shown.has(id),
      handoff: this.handoff as ConversationState["handoff"],
      consents: [],
      merge: this.asking ? [{ purpose: "order_history", title: "Orders", state: "given" }] : null,
      gpc: false,
      policy: { version: "1", published_at: null, url: "/policies/privacy/1", changes_url: null },
      contests: [],
      last_event_id: 0,
    };
  }
}

let client: FakeClient;

function session(onNews: (text: string) => void = () => undefined): Session {
  return new Session({
    client: client as unknown as Client,
    stored: new StoredConversation(),
    language: "en",
    copy: copies.en,
    onChange: () => undefined,
    onNews: (entry) => onNews(entry.message.text),
    wait: () => Promise.resolve(),
  });
}

async function ready(): Promise<Session> {
  const one = session();
  await one.open();
  await one.confirmDisclosure();
  return one;
}

const settled = (check: () => void): Promise<void> => vi.waitFor(check);
const pause = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 5));
const kept = (): { id: string; waiting: boolean; pending: { clientMessageId: string }[] } =>
  JSON.parse(localStorage.getItem(KEY) ?? "null");

beforeEach(() => {
  localStorage.clear();
  client = new FakeClient();
  counter.ids = 0;
});

describe("before the chat is opened", () => {
  it("nothing is asked for and nothing is written", () => {
    const one = session();
    void one.identify("token");
    expect(one.resume()).toBe(false);
    expect([client.started, client.identities.length, localStorage.length]).toEqual([0, 0, 0]);
  });
});

describe("the disclosure", () => {
  it("keeps the composer locked until the server has it on record", async () => {
    const one = session();
    await one.open();
    expect([one.view.phase, one.view.unlocked]).toEqual(["ready", false]);
    await one.confirmDisclosure();
    expect([client.confirmed, one.view.unlocked]).toEqual([1, true]);
  });
  it("is confirmed again and again until it is on record", async () => {
    client.fail("disclosure", offline, offline);
    const one = await ready();
    expect([client.confirmed, one.view.unlocked]).toEqual([1, true]);
  });
  it("holds back what was written meanwhile", async () => {
    const one = session();
    await one.open();
    one.send("hello");
    expect(client.posted).toEqual([]);
    await one.confirmDisclosure();
    await settled(() => expect(client.posted).toEqual([["c1", "hello"]]));
  });
  it("is shown once more when the server has no proof of it, and the message follows", async () => {
    const one = await ready();
    client.fail("post", new ApiError(409, "disclosure_not_shown", "Show it."));
    one.send("hello");
    await settled(() => expect(one.view.unlocked).toBe(false));
    await one.confirmDisclosure();
    await settled(() => expect(client.posted).toEqual([["c1", "hello"]]));
  });
});

describe("a message", () => {
  it("is kept on the device until the server has it", async () => {
    const one = await ready();
    client.fail("post", offline);
    one.send("hello");
    await settled(() => expect(one.view.pending[0]?.status).toBe("failed"));
    expect(kept().pending.map((each) => each.clientMessageId)).toEqual(["c1"]);
    one.retry("c1");
    await settled(() => expect(kept().pending).toEqual([]));
    expect(client.posted).toEqual([["c1", "hello"]]);
  });
  it("is sent again after a reload, under the same id", async () => {
    const before = await ready();
    client.fail("post", offline);
    before.send("hello");
    await settled(() => expect(before.view.pending[0]?.status).toBe("failed"));
    before.end();
    const after = session();
    expect(after.resume()).toBe(true);
    await settled(() => expect(client.posted).toEqual([["c1", "hello"]]));
    client.echo(1, "c1");
    expect([after.view.conversation.entries.length, after.view.pending.length]).toEqual([1, 0]);
  });
  it("goes out by itself when the connection is back", async () => {
    const one = await ready();
    client.fail("post", offline);
    one.send("hello");
    await settled(() => expect(one.view.pending[0]?.status).toBe("failed"));
    client.stream?.onStatus?.("open");
    await settled(() => expect(client.posted.length).toBe(1));
  });
  it("never overtakes the one before it", async () => {
    const one = await ready();
    client.fail("post", offline);
    one.send("first");
    one.send("second");
    await settled(() => expect(one.view.pending.map((each) => each.status)).toEqual(["failed", "failed"]));
    one.hurry();
    await settled(() => expect(client.posted.map(([, text]) => text)).toEqual(["first", "second"]));
  });
  it("that the server refuses is not sent again by itself, and says why", async () => {
    const one = await ready();
    client.fail("post", new ApiError(413, "text_too_long", "Send at most 4,000 characters."));
    one.send("long");
    await settled(() => expect(one.view.pending[0]).toMatchObject({ status: "failed", reason: "Send at most 4,000 characters." }));
    client.stream?.onStatus?.("open");
    await pause();
    expect(client.posted).toEqual([]);
  });
  it("is read out when it is news", async () => {
    const news: string[] = [];
    const one = session((text) => news.push(text));
    await one.open();
    const said = { type: "message", id: "1", data: JSON.stringify({ id: "m1", author: "assistant", text: "Hello." }), passing: false };
    client.stream?.onEvent(said);
    client.stream?.onEvent(said);
    expect(news).toEqual(["Hello."]);
  });
});

describe("the place in line", () => {
  it("moves up with events that are not replayed, which repeat the last id", async () => {
    const one = await ready();
    await one.talkToHuman();
    client.echo(7, "c9");
    const moved = JSON.stringify({ ...(client.handoff as object), position: 3 });
    client.stream?.onEvent({ type: "handoff", id: "7", data: moved, passing: true });
    expect(one.view.conversation.handoff?.position).toBe(3);
  });
});

describe("a conversation the server no longer knows", () => {
  it("is replaced by a new one, which is said, and nothing written is lost or sent unasked", async () => {
    const before = await ready();
    client.fail("post", offline);
    before.send("hello");
    await settled(() => expect(before.view.pending[0]?.status).toBe("failed"));
    before.end();
    client.known.clear();
    const after = session();
    after.resume();
    await settled(() => expect(after.view.phase).toBe("ready"));
    expect([after.view.notice, kept().id]).toEqual([copies.en.startedAnew, "con_2"]);
    await after.confirmDisclosure();
    client.stream?.onStatus?.("open");
    await pause();
    expect(client.posted).toEqual([]);
    expect(after.view.pending).toMatchObject([{ clientMessageId: "c1", status: "failed" }]);
  });
  it("is replaced while the page is open, too", async () => {
    const one = await ready();
    client.known.clear();
    one.send("hello");
    await settled(() => expect(client.started).toBe(2));
    await settled(() => expect(one.view).toMatchObject({ phase: "ready", unlocked: false, notice: copies.en.startedAnew }));
  });
});

describe("a conversation that is gone while the chat is closed", () => {
  it("is not replaced before the visitor opens the chat, and nothing of it stays on the device", async () => {
    const before = await ready();
    before.close();
    before.end();
    client.known.clear();
    const after = session();
    expect(after.resume()).toBe(false);
    await settled(() => expect(localStorage.length).toBe(0));
    expect([client.started, after.view.phase]).toEqual([1, "idle"]);
    await after.open();
    expect([client.started, after.view.phase, kept().id]).toEqual([2, "ready", "con_2"]);
  });
  it("leaves what was not sent for the visitor to decide on", async () => {
    const before = await ready();
    client.fail("post", offline);
    before.send("hello");
    await settled(() => expect(before.view.pending[0]?.status).toBe("failed"));
    before.close();
    before.end();
    client.known.clear();
    session().resume();
    await settled(() => expect(kept().id).toBe(""));
    expect(kept().pending.map((each) => each.clientMessageId)).toEqual(["c1"]);
  });
});

describe("a conversation that was erased", () => {
  it("is forgotten with everything in it, and no new one begins by itself", async () => {
    const one = await ready();
    client.fail("post", offline);
    one.send("hello");
    await settled(() => expect(one.view.pending[0]?.status).toBe("failed"));
    client.known.clear();
    one.letGo();
    expect([localStorage.length, one.view.phase, one.view.visit, client.started]).toEqual([0, "idle", null, 1]);
    expect(one.view.pending).toEqual([]);
    await one.open();
    expect([client.started, one.view.visit, one.view.notice]).toEqual([2, { id: "con_2", token: "token_con_2" }, ""]);
  });
});

describe("a conversation that was erased elsewhere", () => {
  const erased = new ApiError(410, "conversation_erased", "It was erased.");

  it("is let go of when the server says so, in the stream or in an answer", async () => {
    const streaming = await ready();
    client.stream?.onRefused?.(erased);
    expect([streaming.view.phase, localStorage.length, client.started]).toEqual(["idle", 0, 1]);
    const writing = await ready();
    client.fail("post", erased);
    writing.send("hello");
    await settled(() => expect([writing.view.phase, localStorage.length, client.started]).toEqual(["idle", 0, 2]));
  });
});

describe("a choice", () => {
  it("carries for how long it is to hold", async () => {
    const one = await ready();
    await one.choose("order_history", "allow", "once");
    expect(client.chosen).toEqual([["order_history", "allow", "once"]]);
  });
  it("made before signing in is asked about until it is answered", async () => {
    const one = await ready();
    client.asking = true;
    await one.identify("token");
    expect(one.view.conversation.merge.map(({ title }) => title)).toEqual(["Orders"]);
    await one.merge(true);
    expect([client.merged, one.view.conversation.merge]).toEqual([[true], []]);
  });
  it("that could not be saved says so and stays asked", async () => {
    const one = await ready();
    client.asking = true;
    await one.identify("token");
    client.fail("merge", offline);
    await one.merge(false);
    expect([one.view.notice, one.view.conversation.merge.length]).toEqual([copies.en.choiceFailed, 1]);
  });
});

describe("a gateway that cannot be reached", () => {
  it("is tried until it can", async () => {
    client.fail("start", offline, new ApiError(503, "starting", "Wait."));
    const one = session();
    await one.open();
    expect([one.view.phase, client.started]).toEqual(["ready", 1]);
  });
});

describe("the way to a human", () => {
  it("says so when the request could not be passed on", async () => {
    const one = await ready();
    client.fail("human", offline);
    await one.talkToHuman();
    expect([one.view.notice, one.view.conversation.handoff]).toEqual([copies.en.humanFailed, null]);
  });
  it("leads to the queue", async () => {
    const one = await ready();
    await one.talkToHuman();
    expect(one.view.conversation.handoff?.state).toBe("queued");
  });
});

describe("the stream of events", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());
  const message = (id: number, author: string): void =>
    client.stream?.onEvent({
      type: "message",
      id: String(id),
      data: JSON.stringify({ id: `m${id}`, author, text: "x", client_message_id: null }),
      passing: false,
    });

  it("is let go of when the chat is closed, and goes on from where it was when it is opened", async () => {
    const one = await ready();
    message(1, "assistant");
    one.close();
    expect(client.closed).toBe(0);
    vi.advanceTimersByTime(5_000);
    expect([client.closed, client.events_]).toEqual([1, 1]);
    await one.open();
    expect([client.events_, client.stream?.lastEventId]).toEqual([2, "1"]);
  });
  it("stays with a closed chat while an answer is awaited", async () => {
    const one = await ready();
    message(1, "visitor");
    one.close();
    vi.advanceTimersByTime(60_000);
    expect([client.closed, kept().waiting]).toEqual([0, true]);
    message(2, "assistant");
    vi.advanceTimersByTime(5_000);
    expect([client.closed, kept().waiting]).toEqual([1, false]);
  });
  it("stays with a closed chat while a person is awaited, on the next page too", async () => {
    const one = await ready();
    await one.talkToHuman();
    one.close();
    one.end();
    client.events_ = 0;
    const next = session();
    expect(next.resume()).toBe(false);
    await vi.waitFor(() => expect(client.events_).toBe(1));
  });
  it("is not begun for a closed chat that expects nothing", async () => {
    const before = await ready();
    before.close();
    before.end();
    client.events_ = 0;
    const after = session();
    after.resume();
    await vi.waitFor(() => expect(after.view.phase).toBe("ready"));
    expect(client.events_).toBe(0);
  });
});

describe("who the visitor is", () => {
  it("is told when the conversation begins", async () => {
    const one = session();
    await one.identify(async () => "fresh");
    await one.open();
    expect(client.identities).toEqual(["fresh"]);
  });
  it("does not keep the chat shut when the token is no good", async () => {
    client.fail("start", new ApiError(401, "identity_token_invalid", "No."));
    const one = session();
    await one.identify("old");
    await one.open();
    expect([one.view.phase, client.identities]).toEqual(["ready", [null]]);
  });
  it("is nobody when a later token is refused", async () => {
    const one = await ready();
    client.fail("identify", new ApiError(401, "identity_token_invalid", "No."));
    await one.identify("old");
    expect(client.identities.at(-1)).toBeNull();
  });
  it("never shows one customer what another said", async () => {
    const one = await ready();
    client.stream?.onEvent({
      type: "message",
      id: "1",
      data: JSON.stringify({ id: "m1", author: "assistant", text: "Ada's order" }),
      passing: false,
    });
    client.fail("identify", new ApiError(409, "other_customer", "Open a new one."));
    await one.identify(async () => "bruno");
    await settled(() => expect([client.started, one.view.phase]).toEqual([2, "ready"]));
    expect(one.view.conversation.entries).toEqual([]);
    expect(one.view.notice).toBe(copies.en.otherCustomer);
  });
});

describe("a contest", () => {
  it("is sent once and shown as open", async () => {
    const one = await ready();
    await one.contest("m1", "It is wrong.", "");
    expect([client.contested, one.view.conversation.contests]).toEqual([[["m1", "It is wrong."]], { m1: "open" }]);
  });
  it("that could not be sent is the form's to tell, and shows nothing as open", async () => {
    const one = await ready();
    client.fail("contest", offline);
    await expect(one.contest("m1", "", "")).rejects.toBe(offline);
    expect([one.view.conversation.contests, one.view.notice]).toEqual([{}, ""]);
  });
});
