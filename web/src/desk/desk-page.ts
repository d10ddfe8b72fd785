/** The agents' desk: the queue on the left, one conversation on the right. The address names the open conversation. */
import { html, nothing, type TemplateResult } from "lit";
import type { DeskQueue as Queue, QueueEntry as Entry, QueueEvent, Role, StaffMember } from "../shared/api.ts";
import { define } from "../shared/element.ts";
import { parsed, type Stream, type StreamStatus } from "../shared/events.ts";
import { followShared } from "../shared/shared-stream.ts";
import { split } from "../staff/layout.ts";
import { isSignedOut, reportSignedOut, sentence } from "../staff/session.ts";
import { shortcut, step } from "../staff/shortcuts.ts";
import { type KeyHelp, StaffPage } from "../staff/staff-page.ts";
import { claim, close, fetchQueue, handBack, QUEUE_EVENTS } from "./api.ts";
import { Chime } from "./chime.ts";
import { ConversationView } from "./conversation-view.ts";
import { styles } from "./desk-page.styles.ts";
import { OpenConversation } from "./open-conversation.ts";
import { QueueList } from "./queue-list.ts";
import { announcement, EMPTY_QUEUE, entryOf, isMine, newcomers, pageTitle } from "./queue.ts";
import { Unread } from "./unread.ts";

export class Desk extends StaffPage {
  static override properties = {
    queue: { state: true },
    open: { state: true },
    word: { state: true },
    news: { state: true },
    status: { state: true },
    busy: { state: true },
    sound: { state: true },
    received: { state: true },
  };
  protected readonly needs: Role = "agent";
  protected readonly keys: KeyHelp = [
    [["J", "↓"], "Down the queue"],
    [["K", "↑"], "Up the queue"],
    [["Enter"], "Open the conversation; in the field: send"],
    [["C"], "Claim the conversation"],
    [["Esc"], "From the field back to the queue"],
  ];
  private queue: Queue = EMPTY_QUEUE;
  private received = 0;
  private open: OpenConversation | null = null;
  private word = "";
  private news = "";
  private status: StreamStatus = "connecting";
  private busy = false;
  readonly #chime = new Chime();
  private sound = this.#chime.on;
  #stream: Stream | null = null;
  #unread = new Unread();
  readonly #conversations = new Map<string, OpenConversation>();

  static override styles = [...StaffPage.styles, split, styles];

  override connectedCallback(): void {
    super.connectedCallback();
    document.addEventListener("keydown", this.#keydown);
    globalThis.addEventListener("popstate", this.#openFromAddress);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    document.removeEventListener("keydown", this.#keydown);
    globalThis.removeEventListener("popstate", this.#openFromAddress);
  }

  protected override begin(): void {
    this.#stream ??= followShared(QUEUE_EVENTS, {
      whenHidden: true, // the chime and the title are for agents who look elsewhere
      onEvent: (event) => this.#takeQueue(parsed<QueueEvent>(event).data),
      onStatus: (status) => this.#takeStatus(status),
      onRefused: (error) => (isSignedOut(error) ? reportSignedOut(this) : (this.word = sentence(error))),
    });
    this.#openFromAddress();
  }

  protected override end(): void {
    this.#stream?.close();
    this.#stream = null;
    this.open?.close();
    this.open = null;
    this.queue = EMPTY_QUEUE;
    this.received = 0;
    document.title = pageTitle(this.queue);
  }

  protected override forget(): void {
    this.#conversations.clear();
    this.#unread = new Unread();
    history.replaceState(null, "", location.pathname);
  }

  protected override content(staff: StaffMember): TemplateResult {
    return html`<main class="split ${this.open ? "reading" : ""}">
      <div class="column">${this.#renderTop()}${this.#renderQueue()}</div>
      <div class="pane">${this.open ? this.#renderConversation(this.open, staff) : this.#renderNothingOpen()}</div>
      <div class="hidden" aria-live="polite">${this.news}</div>
    </main>`;
  }

  #renderTop() {
    return html`<div class="top">
      <h2>Queue</h2>
      <button class="button quiet small" aria-pressed=${this.sound ? "true" : "false"} @click=${this.#toggleSound}>
        Sound ${this.sound ? "on" : "off"}
      </button>
      ${this.status === "waiting" ? html`<p class="note warn" role="status">The connection is lost. Reconnecting…</p>` : nothing}
    </div>`;
  }

  #renderQueue() {
    if (!this.received) return html`<p class="middle" role="status">Loading the queue…</p>`;
    return html`<div class="scroll">
      <candor-queue-list
        .queue=${this.queue}
        .receivedAt=${this.received}
        .unread=${this.#unread.ids}
        .selected=${this.open?.id ?? ""}
        @candor-select=${(event: CustomEvent<Entry>) => void this.#show(event.detail.conversation_id, event.detail)}
      ></candor-queue-list>
    </div>`;
  }

  #renderConversation(conversation: OpenConversation, staff: StaffMember) {
    return html`<candor-conversation-view
      .conversation=${conversation}
      .me=${staff.name}
      .mine=${this.#isMine(conversation)}
      .busy=${this.busy}
      .notice=${this.word}
      @candor-claim=${() => void this.#act(conversation, claim)}
      @candor-hand-back=${() => void this.#act(conversation, handBack)}
      @candor-close=${() => void this.#act(conversation, close)}
      @candor-back=${this.#back}
    ></candor-conversation-view>`;
  }

  #renderNothingOpen() {
    return html`<div class="middle">
      <p>Open a conversation from the queue. You can read one that is waiting before you claim it.</p>
    </div>`;
  }

  #isMine(conversation: OpenConversation): boolean {
    return isMine(conversation.entry, this.queue, this.staff?.name ?? "");
  }

  #takeStatus(status: StreamStatus): void {
    this.status = status;
    // The queue's events have no ids: after a new connection the whole state is asked for, so that nothing is missed.
    if (status === "open") void this.#refresh();
  }

  async #refresh(): Promise<void> {
    try {
      this.#takeQueue(await fetchQueue());
    } catch (error) {
      if (isSignedOut(error)) reportSignedOut(this);
    }
  }

  #takeQueue(queue: Queue): void {
    const fresh = this.received ? newcomers(this.queue, queue) : [];
    const wrote = this.#unread.take(queue.mine, this.open?.id ?? "");
    this.queue = queue;
    this.received = Date.now();
    document.title = pageTitle(queue, this.#unread.ids.size);
    if (fresh.length || wrote) this.#announce(fresh.length ? announcement(fresh) : "One of your visitors has written.");
    const entry = this.open && entryOf(queue, this.open.id);
    if (entry) this.open?.update(entry);
    else if (this.open?.loaded) void this.open.load();
  }

  #announce(text: string): void {
    // The same sentence twice would not be read twice.
    this.news = text === this.news ? `${text}\u00a0` : text;
    this.#chime.play();
  }

  async #show(id: string, entry?: Entry): Promise<void> {
    if (new URLSearchParams(location.search).get("conversation") !== id)
      history.pushState(null, "", `?${new URLSearchParams({ conversation: id })}`);
    this.#turnTo(id, entry);
    await this.updateComplete;
    await this.#view?.focusMain();
  }

  #turnTo(id: string, entry?: Entry): void {
    if (this.open?.id === id) return;
    this.open?.close();
    this.word = "";
    this.open = this.#conversations.get(id) ?? new OpenConversation(id);
    this.#conversations.set(id, this.open);
    this.#unread.read(id);
    document.title = pageTitle(this.queue, this.#unread.ids.size);
    const known = entry ?? entryOf(this.queue, id);
    if (known) this.open.update(known);
    void this.open.open();
  }

  readonly #openFromAddress = (): void => {
    if (!this.staff) return;
    const id = new URLSearchParams(location.search).get("conversation");
    if (id) return this.#turnTo(id);
    this.open?.close();
    this.open = null;
  };

  readonly #back = async (): Promise<void> => {
    const id = this.open?.id;
    history.pushState(null, "", location.pathname);
    this.#openFromAddress();
    await this.updateComplete;
    this.#list?.focusConversation(id ?? "");
  };

  async #act(conversation: OpenConversation, action: (handoffId: string) => Promise<Entry>): Promise<void> {
    const entry = conversation.entry;
    if (!entry || this.busy) return;
    this.busy = true;
    this.word = "";
    try {
      conversation.update(await action(entry.handoff_id));
    } catch (error) {
      if (isSignedOut(error)) reportSignedOut(this);
      this.word = sentence(error);
    }
    this.busy = false;
    await this.updateComplete;
    await this.#view?.focusMain(); // at once, so that an agent who types on loses no letter
    await Promise.all([this.#refresh(), conversation.load()]);
  }

  readonly #toggleSound = (): void => {
    this.sound = !this.sound;
    this.#chime.turn(this.sound);
  };

  readonly #keydown = (event: KeyboardEvent): void => {
    if (!this.staff || this.renderRoot.querySelector("dialog[open]")) return;
    if (event.key === "Escape" && this.open) return this.#list?.focusConversation(this.open.id);
    const key = shortcut(event);
    const by = step(key);
    if (by !== 0 && (key === "j" || key === "k" || this.#list?.focusedEntry())) {
      event.preventDefault();
      this.#list?.move(by);
    }
    if (key === "c") void this.#claimByKey(event);
  };

  async #claimByKey(event: KeyboardEvent): Promise<void> {
    const focused = this.#list?.focusedEntry();
    event.preventDefault();
    if (focused && focused.state !== "queued") return;
    if (focused) await this.#show(focused.conversation_id, focused);
    const conversation = this.open;
    if (conversation?.entry?.state === "queued") await this.#act(conversation, claim);
  }

  get #list(): QueueList | null {
    return this.renderRoot.querySelector("candor-queue-list");
  }

  get #view(): ConversationView | null {
    return this.renderRoot.querySelector("candor-conversation-view");
  }
}

define("candor-desk", Desk);
