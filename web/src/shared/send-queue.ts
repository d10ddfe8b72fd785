/**
 * Messages on their way to the server, one after the other, each under one client message id for good: a resend after a lost
 * answer cannot double it. The visitor's chat and the agents' desk send through it.
 */
import { ApiError, refusalOf } from "./http.ts";
import { newId } from "./ids.ts";

export interface Pending {
  clientMessageId: string;
  /** What is sent; for a pressed button its payload. */
  text: string;
  /** What is shown as the sender's words. */
  shown: string;
  /** `sent`: acknowledged by the server, its echo is on the way. */
  status: "sending" | "failed" | "sent";
  /** The server's sentence when it refused the message. */
  reason?: string;
}

export interface SendQueueOptions {
  send: (clientMessageId: string, text: string) => Promise<unknown>;
  /** Called after each change of `pending`. */
  changed: () => void;
  /** False: nothing is sent yet. */
  ready?: () => boolean;
  /** True when it has dealt with the error: the message stays as it is, and nothing more is sent now. */
  handled?: (error: unknown) => boolean;
  /** A refused message does not hold back those behind it. */
  skipRefused?: boolean;
  /** Milliseconds before each further attempt when the server is not reached; none when left out. */
  pauses?: readonly number[];
  wait?: (milliseconds: number) => Promise<void>;
  /** Where messages are kept until they are acknowledged. */
  store?: { add(one: Pending): void; remove(clientMessageId: string): void };
}

export class SendQueue {
  pending: readonly Pending[] = [];
  readonly #options: SendQueueOptions;
  #running = false;

  constructor(options: SendQueueOptions) {
    this.#options = options;
  }

  add(text: string, shown = text): void {
    this.put({ clientMessageId: newId(), text, shown, status: "sending" });
    void this.run();
  }

  /** Takes in a message as it was left, without sending it. */
  put(one: Pending): void {
    this.#options.store?.add(one);
    this.#set([...this.#without(one.clientMessageId), one]);
  }

  /** Sends again what failed; where an id is given, that one only. */
  retry(clientMessageId?: string): void {
    this.#restart((one) => clientMessageId === undefined || one.clientMessageId === clientMessageId);
  }

  /** Sends again what failed for want of a connection; what the server refused waits for its writer. */
  retryUnsent(): void {
    this.#restart((one) => one.reason === undefined);
  }

  /** Takes out a message that was not sent and returns its text. */
  discard(clientMessageId: string): string {
    const text = this.pending.find((one) => one.clientMessageId === clientMessageId)?.text ?? "";
    this.confirm(clientMessageId);
    void this.run(); // what waited behind it may go
    return text;
  }

  /** The server has shown it: it is no longer pending, whatever became of the call. */
  confirm(clientMessageId: string): void {
    this.#options.store?.remove(clientMessageId);
    const rest = this.#without(clientMessageId);
    if (rest.length < this.pending.length) this.#set(rest);
  }

  /** Takes everything out; what is stored stays. */
  clear(): void {
    this.#set([]);
  }

  /** Sends what waits, oldest first. Harmless at any time. */
  async run(): Promise<void> {
    if (this.#running || this.#options.ready?.() === false) return;
    this.#running = true;
    for (let next = this.#next(); next && (await this.#deliver(next)); next = this.#next());
    this.#running = false;
  }

  #next(): Pending | undefined {
    const { skipRefused } = this.#options;
    const first = this.pending.find(({ status }) => status === "sending" || (status === "failed" && !skipRefused));
    return first?.status === "sending" ? first : undefined;
  }

  async #deliver({ clientMessageId, text }: Pending): Promise<boolean> {
    const { send, store, pauses = [], wait = pause } = this.#options;
    const waits = (): boolean => this.pending.some((one) => one.clientMessageId === clientMessageId);
    for (let attempt = 0; waits(); attempt++) {
      try {
        await send(clientMessageId, text);
        store?.remove(clientMessageId);
        this.#change((one) => one.clientMessageId === clientMessageId, "sent");
      } catch (error) {
        const before = refusalOf(error) === null ? pauses[attempt] : undefined;
        if (before === undefined) return this.#failed(clientMessageId, error);
        await wait(before);
        continue;
      }
      break;
    }
    return true;
  }

  /** True when the next one may go. */
  #failed(clientMessageId: string, error: unknown): boolean {
    const { handled, skipRefused } = this.#options;
    if (handled?.(error)) return false;
    const refusal = refusalOf(error);
    const busy = error instanceof ApiError && error.status === 429 ? error.message : undefined;
    this.#change((one) => one.clientMessageId === clientMessageId, "failed", refusal ?? busy);
    if (skipRefused && refusal === null) this.#change(({ status }) => status === "sending", "failed");
    return Boolean(skipRefused) && refusal !== null;
  }

  #restart(which: (one: Pending) => boolean): void {
    const failed = this.pending.filter((one) => one.status === "failed" && which(one));
    this.#change((one) => failed.includes(one), "sending");
    for (const { clientMessageId } of failed) {
      const one = this.pending.find((each) => each.clientMessageId === clientMessageId);
      if (one) this.#options.store?.add(one);
    }
    void this.run();
  }

  #change(which: (one: Pending) => boolean, status: Pending["status"], reason?: string): void {
    this.#set(
      this.pending.map((one) => {
        if (!which(one)) return one;
        const { reason: _before, ...rest } = one;
        return reason === undefined ? { ...rest, status } : { ...rest, status, reason };
      }),
    );
  }

  #without(clientMessageId: string): Pending[] {
    return this.pending.filter((one) => one.clientMessageId !== clientMessageId);
  }

  #set(pending: readonly Pending[]): void {
    this.pending = pending;
    this.#options.changed();
  }
}

const pause = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds));
