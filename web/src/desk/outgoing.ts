/**
 * Messages on their way to the server, one after the other, each under one client message id for good: a resend after a lost
 * answer cannot double it. Passing troubles are tried again with growing pauses; a refusal waits for the person.
 */
import type { ApiError } from "../ui/http.ts";

export interface Pending {
  readonly clientMessageId: string;
  readonly text: string;
  /** "" while it is on its way; otherwise why it was not sent. */
  trouble: string;
}

export type Send = (clientMessageId: string, text: string) => Promise<unknown>;

const PAUSES = [500, 1500, 4000];

export class Outgoing {
  private list: Pending[] = [];
  private running = false;
  private readonly sent = new Set<string>();

  constructor(
    private readonly send: Send,
    private readonly changed: () => void,
    private readonly rest: (milliseconds: number) => Promise<void> = (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
  ) {}

  get pending(): readonly Pending[] {
    return this.list;
  }

  add(text: string): void {
    this.list = [...this.list, { clientMessageId: newId(), text, trouble: "" }];
    this.changed();
    void this.run();
  }

  /** Sends what failed again, and what waited behind it. */
  retry(): void {
    this.list.forEach((one) => (one.trouble = ""));
    this.changed();
    void this.run();
  }

  /** Takes a message out that has not been sent, and returns its text. */
  discard(clientMessageId: string): string {
    const text = this.list.find((one) => one.clientMessageId === clientMessageId)?.text ?? "";
    this.remove(clientMessageId);
    void this.run(); // what waited behind it may go
    return text;
  }

  /** The server has shown it: it is no longer pending, whatever became of the call. */
  confirm(clientMessageId: string): void {
    if (this.list.some((one) => one.clientMessageId === clientMessageId)) this.remove(clientMessageId);
  }

  private remove(clientMessageId: string): void {
    this.list = this.list.filter((one) => one.clientMessageId !== clientMessageId);
    this.changed();
  }

  private async run(): Promise<void> {
    if (this.running) return;
    this.running = true;
    for (let next = this.next(); next && !next.trouble; next = this.next()) {
      if (await this.deliver(next)) this.sent.add(next.clientMessageId);
    }
    this.running = false;
  }

  private next(): Pending | undefined {
    return this.list.find((one) => !this.sent.has(one.clientMessageId));
  }

  private async deliver(message: Pending): Promise<boolean> {
    for (let attempt = 0; this.list.includes(message); attempt += 1) {
      try {
        await this.send(message.clientMessageId, message.text);
        return true;
      } catch (error) {
        const pause = PAUSES[attempt];
        if (pause === undefined || !(error as ApiError).passing) return this.fail(message, error as ApiError);
        await this.rest(pause);
      }
    }
    return true;
  }

  private fail(message: Pending, error: ApiError): false {
    message.trouble = error.message;
    this.changed();
    return false;
  }
}

/** 128 random bits. Not `randomUUID`, which browsers refuse on plain http inside a company's network. */
function newId(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
