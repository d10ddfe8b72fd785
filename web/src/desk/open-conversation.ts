/**
 * One conversation as this desk knows it: what was said, who speaks, what is being written and sent.
 *
 * It outlives its place on screen, so that a draft and an unsent message are still there on coming back. `open()` follows the
 * server's events from the last one seen, `close()` stops. Listeners are notified of every change.
 */
import type { ConversationEvent, Message, PurposeConsent, QueueEntry as Entry, Speaker } from "../shared/api.ts";
import { parsed, type Stream, type StreamStatus } from "../shared/events.ts";
import type { ApiError } from "../shared/http.ts";
import { SendQueue } from "../shared/send-queue.ts";
import { followShared } from "../shared/shared-stream.ts";
import { isSignedOut, sentence } from "../staff/session.ts";
import { conversationEvents, fetchConversation, postMessage } from "./api.ts";
import { Timeline } from "./timeline.ts";

/** Milliseconds in which a replay's events gather. */
const A_MOMENT = 60;

export type Change = { fresh?: Message; signedOut?: true };

export class OpenConversation {
  readonly timeline = new Timeline();
  readonly outgoing: SendQueue;
  draft = "";
  entry: Entry | null = null;
  consents: PurposeConsent[] = [];
  speaker: Speaker | null = null;
  status: StreamStatus = "connecting";
  loaded = false;
  trouble = "";
  /** The visitor was erased: nothing of it stays here, and nothing more can be done with it. */
  erased = false;

  #stream: Stream | null = null;
  #shown = false;
  #soon: ReturnType<typeof setTimeout> | undefined;
  #lastEventId = "";
  readonly #listeners = new Set<(change: Change) => void>();

  constructor(readonly id: string) {
    this.outgoing = new SendQueue({
      send: (clientMessageId, text) => postMessage(id, clientMessageId, text),
      changed: () => this.#tell(),
      pauses: [500, 1500, 4000],
    });
  }

  listen(listener: (change: Change) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async open(): Promise<void> {
    this.#shown = true;
    if (this.#stream || this.erased) return;
    this.trouble = "";
    this.#stream = this.#followEvents();
    this.#tell();
    await this.load();
  }

  close(): void {
    this.#stream?.close();
    this.#stream = null;
    this.#shown = false;
    clearTimeout(this.#soon);
  }

  /** Reads the conversation's outside again: state, consents. Also brings the messages, should the events be refused. */
  async load(): Promise<void> {
    try {
      const conversation = await fetchConversation(this.id);
      if (this.erased) return;
      this.entry = conversation.entry;
      this.consents = conversation.consents;
      conversation.messages.forEach((message) => this.timeline.addMessage(message));
      this.loaded = true;
      this.#tell();
    } catch (error) {
      this.#refuse(error);
    }
  }

  /** Takes over what the queue or an action says about the handoff. */
  update(entry: Entry): void {
    const moved = entry.handoff_id !== this.entry?.handoff_id || entry.state !== this.entry.state;
    this.entry = entry;
    // After a refusal nothing is followed; once the handoff has moved on, it may be mine to see again.
    if (moved && this.#shown && !this.#stream) void this.open();
    this.#tell();
  }

  #followEvents(): Stream {
    return followShared(conversationEvents(this.id), {
      lastEventId: this.#lastEventId,
      onEvent: (event) => this.#take(parsed(event)),
      onStatus: (status) => {
        this.status = status;
        this.#tell();
      },
      onRefused: (error) => {
        this.#stream = null;
        this.#refuse(error);
      },
    });
  }

  #refuse(error: unknown): void {
    if (isSignedOut(error)) return this.#tell({ signedOut: true });
    if ((error as ApiError).code === "erased") this.#forget();
    if (!this.loaded || !(error as ApiError).passing) this.trouble = sentence(error);
    this.#tell();
  }

  #forget(): void {
    this.erased = true;
    this.draft = "";
    this.consents = [];
    this.timeline.clear();
    this.outgoing.clear();
  }

  #take(event: ConversationEvent): void {
    if ("id" in event) this.#lastEventId = event.id;
    if (event.event === "message") this.#takeMessage(event.data, event.id);
    else if (event.event === "speaker") this.#takeSpeaker(event.data, event.id);
    else if (event.event === "consent")
      this.#reloadUnless(this.consents.find((one) => one.purpose === event.data.purpose)?.state === event.data.state);
    else if (event.event === "handoff")
      this.#reloadUnless(event.data.id === this.entry?.handoff_id && event.data.state === this.entry.state);
  }

  #takeMessage(message: Message, eventId: string): void {
    const fresh = this.timeline.addMessage(message, eventId);
    if (message.client_message_id) this.outgoing.confirm(message.client_message_id);
    this.#tell(fresh && this.loaded ? { fresh: message } : {});
  }

  #takeSpeaker(speaker: Speaker, eventId: string): void {
    this.speaker = speaker;
    this.timeline.addSpeaker(speaker, eventId);
    this.#tell();
  }

  /** A replayed event may be outdated, so it only triggers a reload of the current state; one for many events. */
  #reloadUnless(known: boolean): void {
    if (known || !this.loaded) return;
    clearTimeout(this.#soon);
    this.#soon = setTimeout(() => void this.load(), A_MOMENT);
  }

  #tell(change: Change = {}): void {
    this.#listeners.forEach((listener) => listener(change));
  }
}
