/**
 * <candor-widget> The button in the corner of a shop's page. It loads the chat (<candor-chat>, chat.ts) when that is first
 * needed: on opening, or at once where a conversation of this visitor was left open, awaits an answer, or has to learn who
 * is signed in. Written without Lit, so that a page whose visitor never opens the chat loads little.
 *
 * Properties: base (the gateway's address), language, position (`left` or `right`), load (defines <candor-chat>).
 * Methods: open(), close(), identify(identity). Events: none leave the element. Slots: none. Parts: `button`.
 */
import { define } from "../shared/element.ts";
import type { Language } from "../shared/language.ts";
import type { Chat } from "./chat.ts";
import { closeIcon, mark } from "./drawings.ts";
import type { Identity } from "./session.ts";
import { type Kept, readEntry } from "./stored-entry.ts";
import { styles } from "./widget.styles.ts";

const copies = {
  en: {
    launcher: "Ask us",
    loading: "One moment…",
    failed: "The chat could not be loaded. Please try again.",
    closeChat: "Close the chat",
    unread: (count: number) => (count === 1 ? "1 new message" : `${count} new messages`),
  },
  zh: {
    launcher: "咨询我们",
    loading: "请稍候…",
    failed: "聊天未能加载，请重试。",
    closeChat: "关闭聊天",
    unread: (count: number) => `${count} 条新消息`,
  },
};
/** A page's own shortcuts must not react to what is typed in the chat. */
const KEY_EVENTS = ["keydown", "keypress", "keyup"];

export class Widget extends HTMLElement {
  base = "";
  language: Language = "en";
  position: "left" | "right" = "right";
  load: () => Promise<unknown> = () => Promise.resolve();
  readonly #root = this.attachShadow({ mode: "open" });
  readonly #button = document.createElement("button");
  readonly #status = document.createElement("div");
  #opened = false;
  #unread = 0;
  #identity: Identity | undefined;
  #chat: Chat | null = null;
  #loading: Promise<Chat | null> | null = null;

  constructor() {
    super();
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(styles);
    this.#root.adoptedStyleSheets = [sheet];
    this.#button.type = "button";
    this.#button.setAttribute("part", "button");
    this.#button.addEventListener("click", () => (this.#opened ? void this.close() : this.open()));
    this.#status.className = "hidden";
    this.#status.setAttribute("role", "status");
    this.#root.append(this.#button, this.#status);
  }

  connectedCallback(): void {
    this.lang = this.language === "zh" ? "zh-Hans" : "en";
    this.dir = "ltr"; // both languages are written so, whatever the page around it is
    this.setAttribute("position", this.position);
    this.#draw();
    if (this.#chat) return;
    const stored = kept();
    if (stored?.open) void this.#show(false);
    else if (stored && (stored.waiting || this.#identity !== undefined)) void this.#ready();
  }

  /** Opens the chat and moves the focus into it. The first time this starts the conversation. */
  open(): void {
    void this.#show(true);
  }

  /** Closes the chat; the focus goes back to the button if it was inside. */
  async close(): Promise<void> {
    const inside = this.#root.activeElement !== null;
    this.#opened = false;
    this.#draw();
    await this.#chat?.close();
    if (inside) this.#button.focus();
  }

  /** Sets who the visitor is; null: nobody is signed in. Makes no request before there is a conversation. */
  identify(identity: Identity): void {
    this.#identity = identity || null;
    if (this.#chat) this.#chat.identify(this.#identity);
    else if (this.isConnected && kept()) void this.#ready();
  }

  async #show(takeFocus: boolean): Promise<void> {
    this.#opened = true;
    this.#unread = 0;
    this.#draw();
    const chat = await this.#ready();
    if (this.#opened) chat?.open(takeFocus);
  }

  #ready(): Promise<Chat | null> {
    this.#loading ??= this.#start();
    return this.#loading;
  }

  async #start(): Promise<Chat | null> {
    this.#status.textContent = this.#opened ? this.#copy.loading : "";
    try {
      await this.load();
    } catch {
      this.#loading = null;
      const wanted = this.#opened;
      this.#opened = false;
      this.#status.textContent = wanted ? this.#copy.failed : "";
      this.#draw(wanted ? this.#copy.failed : this.#copy.launcher);
      return null;
    }
    this.#status.textContent = "";
    this.#chat = this.#newChat();
    this.#root.prepend(this.#chat);
    return this.#chat;
  }

  #newChat(): Chat {
    const chat = document.createElement("candor-chat") as Chat;
    chat.base = this.base;
    chat.language = this.language;
    chat.setAttribute("position", this.position);
    if (this.#identity !== undefined) chat.identify(this.#identity);
    chat.addEventListener("candor-close", () => void this.close());
    chat.addEventListener("candor-news", () => {
      this.#unread += 1;
      this.#draw();
    });
    for (const name of KEY_EVENTS) chat.addEventListener(name, (event) => event.stopPropagation());
    return chat;
  }

  get #copy(): (typeof copies)["en"] {
    return copies[this.language];
  }

  #draw(label = this.#copy.launcher): void {
    const button = this.#button;
    const copy = this.#copy;
    const unread = this.#unread;
    button.className = this.#opened ? "open" : "";
    button.setAttribute("aria-expanded", String(this.#opened));
    if (this.#opened) button.setAttribute("aria-label", copy.closeChat);
    else button.removeAttribute("aria-label");
    button.replaceChildren(...(this.#opened ? [closeIcon()] : [mark(), span("", label)]));
    if (unread && !this.#opened) button.append(badge(unread, copy.unread(unread)));
  }
}

function kept(): Kept | null {
  try {
    return readEntry(localStorage);
  } catch {
    return null; // where storage is forbidden, nothing is kept
  }
}

/** How many messages are new: a number for the eye, words for a screen reader. */
function badge(count: number, words: string): HTMLElement {
  const number = span("", String(count));
  number.setAttribute("aria-hidden", "true");
  const outer = span("unread", "");
  outer.append(number, span("hidden", `, ${words}`));
  return outer;
}

function span(className: string, text: string): HTMLElement {
  return Object.assign(document.createElement("span"), { className, textContent: text });
}

define("candor-widget", Widget);
