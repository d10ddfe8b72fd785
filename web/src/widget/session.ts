/**
 * Runs one visitor's chat: starts or resumes the conversation, sends what is written in order, follows the events.
 *
 * Nothing is asked of the network and nothing is written to the device before `open()` (or `resume()`, which does nothing
 * unless the chat was opened here before). `onChange` is called after every change of `view`.
 */
import type { Choice, Disclosure, Scope } from "../shared/api.ts";
import { parsed, type ServerEvent, type Stream, type StreamStatus } from "../shared/events.ts";
import { ApiError, refusalOf } from "../shared/http.ts";
import type { Language } from "../shared/language.ts";
import { type Pending, SendQueue } from "../shared/send-queue.ts";
import type { Visit } from "../shared/visit.ts";
import type { Client } from "./client.ts";
import { awaits, type Change, type Conversation, empty, type Entry, isNews, reduce } from "./conversation.ts";
import type { Copy } from "./copy.ts";
import type { StoredConversation } from "./stored-conversation.ts";

export interface View {
  /** `idle`: there is no conversation, and none begins before the visitor opens one. */
  phase: "idle" | "starting" | "unreachable" | "ready";
  /** The conversation's id and token, for the privacy centre. */
  visit: Visit | null;
  company: string;
  disclosure: Disclosure | null;
  /** The server has on record that the disclosure was shown: the composer may be used. */
  unlocked: boolean;
  /** This page began the conversation (and did not find it). */
  fresh: boolean;
  connection: StreamStatus;
  conversation: Conversation;
  /** What the server has not shown yet, in the order it was written. */
  pending: readonly Pending[];
  /** A sentence about something that did not work, or "". */
  notice: string;
}

/** A signed token, a function that fetches a fresh one, or null: nobody is signed in. */
export type Identity = string | null | (() => Promise<string | null>);

export interface SessionOptions {
  client: Client;
  stored: StoredConversation;
  language: Language;
  copy: Copy;
  onChange: (view: View) => void;
  /** A message that was not here when the page was loaded, by someone else than the visitor. */
  onNews?: (entry: Entry) => void;
  /** Resolves after so many milliseconds. */
  wait?: (milliseconds: number) => Promise<void>;
}

const START: View = {
  phase: "idle",
  visit: null,
  company: "",
  disclosure: null,
  unlocked: false,
  fresh: false,
  connection: "connecting",
  conversation: empty,
  pending: [],
  notice: "",
};
/** Milliseconds that a closed chat goes on listening. */
const CLOSED_FOR = 5_000;
const PAUSES = [1_000, 2_000, 4_000, 8_000, 15_000];

export class Session {
  view: View = START;
  #visit: Visit | null = null;
  #stream: Stream | null = null;
  #leaving: ReturnType<typeof setTimeout> | undefined;
  /** Somebody owes the visitor an answer. */
  #waiting = false;
  #starting: Promise<void> | null = null;
  #identity: Identity | undefined;
  #confirming = false;
  #ended = false;
  #isOpen = false;
  #identityKnown = true;
  #disclosedTwice = false;
  #endPause = (): void => undefined;

  readonly #queue: SendQueue;

  constructor(private readonly options: SessionOptions) {
    this.#queue = new SendQueue({
      send: (id, text) => this.#post(id, text),
      changed: () => this.#set({ pending: this.#queue.pending }),
      ready: () => this.view.unlocked && this.view.phase === "ready",
      handled: (error) => this.#handled(error),
      skipRefused: true,
      store: options.stored,
    });
  }

  /** The visitor opened the chat: start or resume. Safe to call again. */
  open(): Promise<void> {
    this.#isOpen = true;
    this.options.stored.set({ open: true });
    this.#attend();
    return this.#start();
  }

  /** Resumes a chat that was opened on an earlier page. True when it was left open. */
  resume(): boolean {
    const kept = this.options.stored.read();
    this.#isOpen = kept?.open ?? false;
    this.#waiting = kept?.waiting ?? false;
    if (kept) void this.#start();
    return this.#isOpen;
  }

  /** The visitor closed the panel; the conversation goes on. */
  close(): void {
    this.#isOpen = false;
    this.options.stored.set({ open: false });
    this.#attend();
  }

  /** Ends everything; the session cannot be used afterwards. */
  end(): void {
    this.#ended = true;
    this.#unfollow();
    this.#endPause();
  }

  /** The browser is online again: retry what is waiting. */
  hurry(): void {
    this.#endPause();
    this.#stream?.retryNow();
    this.#queue.retryUnsent();
  }

  /** Records that the disclosure is on the screen, then unlocks the composer. */
  async confirmDisclosure(): Promise<void> {
    const { disclosure, unlocked, phase } = this.view;
    if (!this.#visit || !disclosure || unlocked || phase !== "ready" || this.#confirming) return;
    this.#confirming = true;
    try {
      await this.#persist((visit) => this.options.client.confirmDisclosure(visit, disclosure));
      this.#set({ unlocked: true });
      void this.#queue.run();
    } catch (error) {
      await this.#disclosureRefused(error);
    } finally {
      this.#confirming = false;
    }
  }

  /** Sends `text`; `shown` is displayed meanwhile (a button's title). */
  send(text: string, shown = text): void {
    this.#set({ notice: "" });
    this.#queue.add(text, shown);
  }

  /** Sends again what was not sent; after a reload this is still what the visitor wants. */
  retry(clientMessageId: string): void {
    this.#queue.retry(clientMessageId);
  }

  discard(clientMessageId: string): void {
    this.#queue.discard(clientMessageId);
  }

  async talkToHuman(): Promise<void> {
    await this.#ask(this.options.copy.humanFailed, async (visit) => {
      this.#apply({ type: "handoff", handoff: await this.options.client.requestHuman(visit) });
    });
  }

  async stopWaiting(): Promise<void> {
    await this.#ask(this.options.copy.humanFailed, async (visit) => {
      this.#apply({ type: "handoff", handoff: await this.options.client.stopWaiting(visit) });
    });
  }

  async leaveContact(address: string): Promise<void> {
    await this.#ask(this.options.copy.contactFailed, async (visit) => {
      await this.options.client.leaveContact(visit, address);
      const handoff = this.view.conversation.handoff;
      if (handoff) this.#apply({ type: "handoff", handoff: { ...handoff, contact_left: true } });
    });
  }

  async choose(purpose: string, choice: Choice, scope?: Scope): Promise<void> {
    await this.#ask(this.options.copy.choiceFailed, async (visit) => {
      this.#apply({ type: "consent", chosen: await this.options.client.consent(visit, purpose, choice, scope) });
    });
  }

  /** Keeps the choices made before signing in, or leaves them where they were made. */
  async merge(keep: boolean): Promise<void> {
    await this.#ask(this.options.copy.choiceFailed, async (visit) => {
      this.#apply({ type: "state", state: await this.options.client.merge(visit, keep) });
    });
  }

  /** The conversation was erased: nothing of it stays here, and no new one begins before the visitor opens one. */
  letGo(): void {
    this.#unfollow();
    this.#endPause();
    this.#visit = null;
    this.options.stored.clear();
    this.#queue.clear();
    this.#set({ ...START, company: this.view.company });
  }

  /** The plain explanation of an assistant's message. Throws ApiError. */
  async why(messageId: string): Promise<string> {
    if (!this.#visit) throw new ApiError(0, "offline", this.options.copy.whyFailed);
    return (await this.options.client.why(this.#visit, messageId)).text;
  }

  /** A human is to check this reply; `reason` and `address` may be "". Throws ApiError. */
  async contest(messageId: string, reason: string, address: string): Promise<void> {
    if (!this.#visit) throw new ApiError(0, "offline", this.options.copy.checkFailed);
    const { state } = await this.options.client.contest(this.#visit, messageId, reason, address);
    this.#apply({ type: "contest", messageId, state });
  }

  /** The host page says who the visitor is, or that nobody is signed in. */
  async identify(identity: Identity): Promise<void> {
    this.#identity = identity;
    if (this.#visit && this.view.phase === "ready") await this.#pushIdentity();
  }

  dismissNotice(): void {
    this.#set({ notice: "" });
  }

  #start(): Promise<void> {
    this.#starting ??= this.#begin().finally(() => (this.#starting = null));
    return this.#starting;
  }

  async #begin(): Promise<void> {
    if (this.#ended || this.view.phase === "ready") return;
    this.#set({ phase: "starting" });
    for (let attempt = 0; !this.#ended; attempt++) {
      try {
        const kept = this.options.stored.read();
        await (kept?.id ? this.#takeUp(kept) : this.#beginAnew());
        return this.#attend();
      } catch (error) {
        if (!isGone(error) || !this.options.stored.read()?.id) await this.#unreachable(attempt);
        else if (!this.#forget()) return;
      }
    }
  }

  async #takeUp(kept: { id: string; token: string; pending: Pending[] }): Promise<void> {
    const visit = { id: kept.id, token: kept.token };
    const { client, language } = this.options;
    const [state, info] = await Promise.all([client.state(visit), client.info(language)]);
    if (this.#identity !== undefined && (await this.#isOther(visit))) {
      this.#forget(this.options.copy.otherCustomer);
      return this.#beginAnew();
    }
    this.#visit = visit;
    this.#apply({ type: "state", state });
    kept.pending.forEach((one) => this.#queue.put(one));
    this.#set({ phase: "ready", visit, company: info.company, disclosure: info.disclosure, unlocked: state.disclosure_shown });
  }

  async #beginAnew(): Promise<void> {
    const { client, language, stored } = this.options;
    const [started, info] = await Promise.all([this.#startSignedIn(), client.info(language)]);
    this.#visit = { id: started.conversation_id, token: started.token };
    const left = stored.read()?.pending ?? [];
    stored.begin(this.#visit.id, this.#visit.token, this.#isOpen);
    this.view = { ...this.view, conversation: empty };
    this.#apply({ type: "state", state: started.state });
    left.forEach((one) => this.#queue.put({ ...one, status: "failed", reason: this.options.copy.startedAnew }));
    this.#set({
      phase: "ready",
      visit: this.#visit,
      fresh: true,
      company: info.company,
      disclosure: started.disclosure,
      unlocked: started.state.disclosure_shown,
    });
  }

  /** A token that has run out must not keep the chat shut: then the visitor is simply not signed in. */
  async #startSignedIn(): ReturnType<Client["start"]> {
    const { client, language } = this.options;
    const token = await this.#token();
    try {
      return await client.start(language, token);
    } catch (error) {
      if (!token || !(error instanceof ApiError) || error.passing) throw error;
      return client.start(language, null);
    }
  }

  /**
   * The server no longer knows the conversation: say so, keep what was not sent for the visitor to decide on. True when a new
   * one is to begin at once: only where the chat is open.
   */
  #forget(why = this.options.copy.startedAnew): boolean {
    this.#unfollow();
    this.options.stored.forget();
    this.#visit = null;
    this.#queue.clear();
    const phase = this.#isOpen ? "starting" : "idle";
    this.#set({ phase, visit: null, unlocked: false, disclosure: null, conversation: empty, notice: why });
    return this.#isOpen;
  }

  async #unreachable(attempt: number): Promise<void> {
    this.#set({ phase: "unreachable" });
    await this.#pause(PAUSES[Math.min(attempt, PAUSES.length - 1)] ?? 15_000);
    if (!this.#ended) this.#set({ phase: "starting" });
  }

  /** Listens while the chat is open or something is awaited; a chat that is closed lets go a little later. */
  #attend(): void {
    const { conversation, pending, phase } = this.view;
    if (phase !== "ready") return;
    if (conversation.lastEventId >= conversation.historyEnd) this.#waiting = pending.length > 0 || awaits(conversation);
    this.options.stored.set({ waiting: this.#waiting });
    clearTimeout(this.#leaving);
    if (this.#isOpen || this.#waiting) this.#follow();
    else this.#leaving = setTimeout(() => this.#unfollow(), CLOSED_FOR);
  }

  #follow(): void {
    const visit = this.#visit;
    if (!visit || this.#ended || this.#stream) return;
    this.#stream = this.options.client.events(visit, {
      lastEventId: String(this.view.conversation.lastEventId || ""),
      onEvent: (event) => this.#take(event),
      onStatus: (status) => this.#connected(status),
      onRefused: (error) => isGone(error) && this.#lose(error),
    });
    void this.#queue.run();
  }

  #unfollow(): void {
    clearTimeout(this.#leaving);
    this.#stream?.close();
    this.#stream = null;
  }

  #connected(status: StreamStatus): void {
    if (status !== "open") this.#apply({ type: "disconnected" });
    this.#set({ connection: status });
    if (status !== "open") return;
    if (!this.#identityKnown) void this.#pushIdentity();
    this.#queue.retryUnsent();
  }

  #take(event: ServerEvent): void {
    const before = this.view.conversation;
    this.#apply({ type: "event", id: event.passing ? null : Number(event.id), event: parsed(event) });
    const after = this.view.conversation;
    const entry = after.entries.at(-1);
    if (entry?.message.client_message_id) this.#queue.confirm(entry.message.client_message_id);
    if (entry && after.entries.length > before.entries.length && isNews(after, entry)) this.options.onNews?.(entry);
  }

  async #post(clientMessageId: string, text: string): Promise<void> {
    if (!this.#visit) throw new ApiError(0, "offline", this.options.copy.unreachable);
    await this.options.client.post(this.#visit, clientMessageId, text);
  }

  #handled(error: unknown): boolean {
    if (!isGone(error)) return this.#mustDisclose(error);
    this.#lose(error);
    return true;
  }

  /** The server has no proof that the disclosure was shown: lock, and let the page prove it once more. */
  #mustDisclose(error: unknown): boolean {
    if (!(error instanceof ApiError) || error.code !== "disclosure_not_shown" || this.#disclosedTwice) return false;
    this.#disclosedTwice = true;
    this.#set({ unlocked: false });
    return true;
  }

  /** What the visitor had erased elsewhere, such as on the page of the privacy centre, does not begin anew by itself. */
  #lose(error: ApiError): void {
    if (error.status === 410) this.letGo();
    else this.#restart();
  }

  #restart(why?: string): void {
    if (this.#ended || this.view.phase !== "ready") return;
    if (this.#forget(why)) void this.#start();
  }

  async #pushIdentity(): Promise<void> {
    if (this.#visit && (await this.#isOther(this.#visit))) this.#restart(this.options.copy.otherCustomer);
  }

  /**
   * Sends the visitor's identity to the server. True when the conversation belongs to somebody else, whose words must not be shown.
   * A page that cannot prove who its visitor is has a visitor who is not signed in.
   */
  async #isOther(visit: Visit): Promise<boolean> {
    const token = await this.#token();
    try {
      this.#apply({ type: "state", state: await this.options.client.identify(visit, token) });
      this.#identityKnown = true;
      return false;
    } catch (error) {
      this.#identityKnown = error instanceof ApiError && !error.passing;
      if (!this.#identityKnown || !token) return false;
      if (error instanceof ApiError && error.code === "other_customer") return true;
      this.#identity = null;
      return this.#isOther(visit);
    }
  }

  async #token(): Promise<string | null> {
    const identity = this.#identity;
    if (typeof identity !== "function") return identity ?? null;
    return identity().catch(() => null);
  }

  async #disclosureRefused(error: unknown): Promise<void> {
    if (isGone(error)) return this.#lose(error);
    await this.#pause(PAUSES[0] ?? 1_000);
    const info = await this.options.client.info(this.options.language).catch(() => null);
    this.#set({ disclosure: info?.disclosure ?? this.view.disclosure });
  }

  /** Repeats a call until it is answered, with growing pauses, unless the server refuses it. */
  async #persist(work: (visit: Visit) => Promise<void>): Promise<void> {
    for (let attempt = 0; this.#visit && !this.#ended; attempt++) {
      try {
        return await work(this.#visit);
      } catch (error) {
        if (!(error instanceof ApiError) || !error.passing) throw error;
        await this.#pause(PAUSES[Math.min(attempt, PAUSES.length - 1)] ?? 15_000);
      }
    }
  }

  async #ask(failure: string, work: (visit: Visit) => Promise<void>): Promise<void> {
    if (this.view.phase === "starting") await this.#starting;
    if (!this.#visit || this.view.phase !== "ready") return this.#set({ notice: failure });
    try {
      await work(this.#visit);
      this.#set({ notice: "" });
    } catch (error) {
      if (isGone(error) && (await this.#reallyGone(this.#visit))) return this.#lose(error);
      this.#set({ notice: refusalOf(error) ?? failure });
    }
  }

  /** A 404 may mean the thing asked for, not the conversation. */
  async #reallyGone(visit: Visit): Promise<boolean> {
    return this.options.client.state(visit).then(() => false, isGone);
  }

  #pause(milliseconds: number): Promise<void> {
    const wait = this.options.wait ?? ((ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms)));
    return Promise.race([wait(milliseconds), new Promise<void>((resolve) => (this.#endPause = resolve))]);
  }

  #apply(change: Change): void {
    this.#set({ conversation: reduce(this.view.conversation, change) });
    this.#attend();
  }

  #set(part: Partial<View>): void {
    if (this.#ended) return;
    this.view = { ...this.view, ...part };
    this.options.onChange(this.view);
  }
}

/** The server does not know the conversation (any more), or not with this token. */
function isGone(error: unknown): error is ApiError {
  return error instanceof ApiError && (error.status === 401 || error.status === 404 || error.status === 410);
}
