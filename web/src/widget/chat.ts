/**
 * <candor-chat> The chat itself, loaded by <candor-widget> when it is first needed.
 *
 * Properties: base (the gateway's address), language. Attribute: `position` (`left` or `right`).
 * Methods: open(takeFocus), close(), identify(identity). Slots: none. Parts: `panel`.
 * Events: `candor-close` (it wants to be closed), `candor-news` (a message came while it was closed).
 */
import { LitElement, html, nothing, type PropertyValues, type TemplateResult } from "lit";
import { pageFor } from "../privacy/address.ts";
import { PrivacyClient } from "../privacy/api.ts";
import "../privacy/centre.ts";
import type { Choice, Message, Scope } from "../shared/api.ts";
import { define, emit } from "../shared/element.ts";
import { type Language, otherLanguage } from "../shared/language.ts";
import { parts } from "../shared/parts.styles.ts";
import type { Visit } from "../shared/visit.ts";
import { styles } from "./chat.styles.ts";
import { Client } from "./client.ts";
import "./composer.ts";
import "./contact-form.ts";
import type { Entry } from "./conversation.ts";
import { copies, type Copy } from "./copy.ts";
import "./header.ts";
import "./merge-card.ts";
import { type Messages, nameOf } from "./messages.ts";
import { type Identity, Session, type View } from "./session.ts";
import { StoredConversation } from "./stored-conversation.ts";
import { KEY } from "./stored-entry.ts";
import "./waiting.ts";

interface News {
  text: string;
  lang: Language | null;
}

/** Shorter interruptions are not worth a word. */
const TROUBLE_AFTER = 2_500;
/** Where the panel covers the page it is a modal dialog. As in chat.styles.ts. */
const fullScreen = matchMedia("(max-width: 480px), (max-height: 480px)");

export class Chat extends LitElement {
  static override properties = {
    base: {},
    language: {},
    opened: { state: true },
    used: { state: true },
    inPrivacy: { state: true },
    news: { state: true },
    offline: { state: true },
    troubled: { state: true },
    notNow: { state: true },
    view: { state: true },
  };
  static override styles = [parts, styles];

  base = "";
  language: Language = "en";
  opened = false;
  used = false;
  inPrivacy = false;
  news: readonly News[] = [];
  offline = false;
  troubled = false;
  /** The handoff after which the visitor chose to leave no address. */
  notNow = "";
  view: View | null = null;
  #session: Session | null = null;
  #identity: Identity | undefined;
  #trouble: ReturnType<typeof setTimeout> | undefined;
  #focusWanted = false;
  #privacyOf: { visit: Visit; client: PrivacyClient } | null = null;
  /** The visitor's last key or pointer was in the widget, not on the page around it. */
  #inside = false;
  #modal = false;

  override connectedCallback(): void {
    super.connectedCallback();
    fullScreen.addEventListener("change", this.#onSize);
    window.addEventListener("online", this.#onNetwork);
    window.addEventListener("offline", this.#onNetwork);
    window.addEventListener("storage", this.#onStorage);
    document.addEventListener("focusin", this.#onWhereabouts);
    document.addEventListener("pointerdown", this.#onWhereabouts);
    this.offline = navigator.onLine === false;
    this.#session = this.#newSession();
    if (this.#identity !== undefined) void this.#session.identify(this.#identity);
    if (this.#session.resume()) this.#show(false);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    fullScreen.removeEventListener("change", this.#onSize);
    window.removeEventListener("online", this.#onNetwork);
    window.removeEventListener("offline", this.#onNetwork);
    window.removeEventListener("storage", this.#onStorage);
    document.removeEventListener("focusin", this.#onWhereabouts);
    document.removeEventListener("pointerdown", this.#onWhereabouts);
    clearTimeout(this.#trouble);
    this.#session?.end();
  }

  /** Shows the panel. The first time this starts the conversation. */
  open(takeFocus: boolean): void {
    if (!this.opened) this.#show(takeFocus);
    void this.#session?.open();
  }

  /** Hides the panel; the conversation goes on. */
  async close(): Promise<void> {
    this.opened = false;
    this.inPrivacy = false;
    this.news = [];
    this.#session?.close();
    await this.updateComplete;
  }

  /** Sets who the visitor is; null: nobody is signed in. Makes no request before the chat is opened. */
  identify(identity: Identity): void {
    this.#identity = identity;
    void this.#session?.identify(identity);
  }

  override render(): unknown {
    return html`${this.used ? this.#panel() : nothing} ${this.opened ? nothing : this.#spoken()}`;
  }

  protected override updated(changed: PropertyValues<this>): void {
    if (changed.has("opened")) {
      this.#present();
      if (this.opened) this.#list?.toEnd();
    }
    if (this.opened) void this.#afterPaint();
  }

  /** As a modal dialog where it covers the page, else beside the page: `show()` would take the focus, the attribute does not. */
  #present(): void {
    const panel = this.#find<HTMLDialogElement>(".panel");
    const modal = fullScreen.matches;
    if (panel?.open && (!this.opened || modal !== this.#modal)) panel.close();
    if (!panel || !this.opened || panel.open) return;
    this.#modal = modal;
    if (!modal) return void (panel.open = true);
    panel.showModal();
    panel.focus(); // the reader chooses what to press
  }

  /** What screen readers announce. Inside the panel while that is open: a modal dialog makes all else inert. */
  #spoken(): TemplateResult {
    return html`<div class="hidden" role="log" aria-live="polite" aria-label=${this.#copy.conversation}>
        ${this.news.map(({ lang, text }) => html`<p lang=${lang ?? nothing}>${text}</p>`)}
      </div>
      <div class="hidden" role="status">${this.#spokenState()}</div>`;
  }

  get #copy(): Copy {
    return copies[this.language];
  }

  get #list(): Messages | null {
    return this.#find<Messages>("candor-messages");
  }

  #find<T extends HTMLElement>(selector: string): T | null {
    return this.renderRoot.querySelector<T>(selector);
  }

  #newSession(): Session {
    return new Session({
      client: new Client(this.base),
      stored: new StoredConversation(),
      language: this.language,
      copy: this.#copy,
      onChange: (view) => this.#take(view),
      onNews: (entry) => this.#announce(entry),
    });
  }

  #take(view: View): void {
    if (view.visit?.id !== this.view?.visit?.id) this.news = []; // of another conversation, such as one that was erased
    this.view = view;
    if (view.connection === "open") {
      clearTimeout(this.#trouble);
      this.#trouble = undefined;
      this.troubled = false;
    } else {
      this.#trouble ??= setTimeout(() => (this.troubled = true), TROUBLE_AFTER);
    }
  }

  #announce({ message }: Entry): void {
    const { language } = this;
    const copy = this.#copy;
    const tag = message.author === "assistant" ? `${copy.aiTag} ` : message.author === "human" ? `${copy.humanTag} ` : "";
    const text = copy.says(tag + nameOf(message, copy), message.text);
    this.news = [...this.news, { text, lang: otherLanguage(message.text, language) }];
    if (!this.opened) emit(this, "candor-news");
  }

  /** Read out besides new messages: that something could not be sent, or that there is a question in the chat. */
  #spokenState(): string {
    const { conversation, pending } = this.view ?? {};
    if (pending?.some((one) => one.status === "failed")) return this.#copy.notSent;
    return conversation?.merge.length ? this.#copy.mergeTitle : "";
  }

  #show(takeFocus: boolean): void {
    this.used = true;
    this.opened = true;
    this.news = [];
    this.#focusWanted = takeFocus;
  }

  /** Another tab of the site had the conversation erased. */
  readonly #onStorage = ({ key, newValue }: StorageEvent): void => {
    if ((key === KEY && newValue === null) || key === null) this.#session?.letGo();
  };

  readonly #onSize = (): void => this.#present();

  readonly #onNetwork = (): void => {
    this.offline = navigator.onLine === false;
    if (!this.offline) this.#session?.hurry();
  };

  /** Runs after the disclosure has been painted. A page in the background paints nothing. */
  async #afterPaint(): Promise<void> {
    await this.#list?.updateComplete;
    await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
    if (!this.opened) return;
    if (this.#disclosureVisible()) void this.#session?.confirmDisclosure();
    if (this.#focusWanted) this.#placeFocus();
    else this.#recoverFocus();
  }

  #disclosureVisible(): boolean {
    const card = this.#list?.renderRoot.querySelector(".disclosure");
    return (card?.getBoundingClientRect().height ?? 0) > 0 && document.visibilityState === "visible";
  }

  /** Into the panel at once; on to the field when it can be used, unless the visitor has gone elsewhere meanwhile. */
  #placeFocus(): void {
    const panel = this.#find(".panel");
    const here = this.shadowRoot?.activeElement;
    if (here && here !== panel && here !== this.#list) {
      this.#focusWanted = false;
    } else if (this.view?.unlocked) {
      this.#focusWanted = false;
      this.#focusField();
    } else if (here !== panel) {
      panel?.focus();
    }
  }

  /** A finger gets the text to read first, not a keyboard over it. */
  #focusField(): void {
    if (this.inPrivacy) this.#find("candor-privacy-centre")?.focus();
    else if (!matchMedia("(pointer: coarse)").matches) this.#find("candor-composer")?.focus();
    else if (this.view?.fresh && this.view.conversation.entries.length === 0) this.#list?.focusDisclosure();
    else this.#find(".panel")?.focus();
  }

  /** Whoever was in the panel stays there when the thing they pressed is gone. */
  #recoverFocus(): void {
    const lost = document.activeElement === null || document.activeElement === document.body;
    if (this.#inside && lost) this.#focusField();
  }

  readonly #onWhereabouts = (event: Event): void => {
    this.#inside = event.composedPath().includes(this);
  };

  #panel(): TemplateResult {
    const { view } = this;
    const copy = this.#copy;
    const { conversation, company } = view ?? {};
    return html`<dialog
      class="panel ${this.inPrivacy ? "wide" : ""}"
      part="panel"
      aria-label=${copy.chatWith(company ?? "")}
      tabindex="-1"
      @keydown=${this.#onKey}
      @cancel=${this.#onCancel}
    >
      <candor-header
        .copy=${copy}
        .company=${company ?? ""}
        .owner=${conversation?.owner ?? "assistant"}
        .humanName=${conversation?.humanName ?? ""}
        .handoffState=${conversation?.handoff?.state ?? ""}
        .inPrivacy=${this.inPrivacy}
        @candor-close=${this.#leave}
        @candor-human=${this.#onHuman}
        @candor-privacy=${() => void this.#setPrivacy(!this.inPrivacy)}
      ></candor-header>
      <div role="status">${this.#banner()}</div>
      ${view?.notice ? this.#notice(view.notice) : nothing} ${this.#body()}
      ${
        conversation?.handoff?.state === "queued"
          ? html`<candor-waiting
            .copy=${copy}
            .position=${conversation.handoff.position ?? 0}
            @candor-stop=${() => void this.#session?.stopWaiting()}
          ></candor-waiting>`
          : nothing
      }
      <candor-composer
        ?hidden=${this.inPrivacy}
        .copy=${copy}
        .locked=${!view?.unlocked}
        .description=${this.#firstWords()}
        @candor-send=${(event: CustomEvent<{ text: string }>) => this.#session?.send(event.detail.text)}
      ></candor-composer>
      ${this.opened ? this.#spoken() : nothing}
    </dialog>`;
  }

  #body(): TemplateResult {
    const { view } = this;
    const copy = this.#copy;
    if (this.inPrivacy) return this.#privacy();
    if (view?.phase === "idle") return this.#noConversation();
    if (!view?.disclosure) return html`<p class="starting">${view?.phase === "unreachable" ? "" : copy.starting}</p>`;
    return html`<candor-messages
      .copy=${copy}
      .language=${this.language}
      .disclosure=${view.disclosure}
      .conversation=${view.conversation}
      .pending=${view.pending}
      .explain=${(id: string) => this.#session?.why(id)}
      .contest=${(id: string, reason: string, address: string) => this.#session?.contest(id, reason, address)}
      @candor-press=${(event: CustomEvent<{ payload: string; title: string }>) => this.#press(event.detail.payload, event.detail.title)}
      @candor-choose=${this.#onChoose}
      @candor-human=${this.#onHuman}
      @candor-retry=${(event: CustomEvent<{ clientMessageId: string }>) => this.#session?.retry(event.detail.clientMessageId)}
      @candor-discard=${(event: CustomEvent<{ clientMessageId: string }>) => this.#session?.discard(event.detail.clientMessageId)}
      >${this.#contactForm()}${this.#mergeCard()}</candor-messages
    >`;
  }

  #privacy(): TemplateResult {
    return html`<candor-privacy-centre
      embedded
      .language=${this.language}
      .client=${this.#privacyClient(this.view?.visit ?? null)}
      .version=${this.view?.conversation.consents}
      @candor-back=${() => void this.#setPrivacy(false)}
      @candor-page=${this.#openPage}
      @candor-erased=${() => this.#session?.letGo()}
    ></candor-privacy-centre>`;
  }

  /** The same client for as long as the conversation is the same. */
  #privacyClient(visit: Visit | null): PrivacyClient | null {
    if (this.#privacyOf?.visit !== visit) this.#privacyOf = visit && { visit, client: new PrivacyClient(this.base, visit) };
    return this.#privacyOf?.client ?? null;
  }

  readonly #openPage = (): void => {
    const visit = this.view?.visit;
    if (visit) window.open(pageFor(this.base, { visit, language: this.language }), "_blank", "noopener");
  };

  /** The conversation was erased in another tab: a new one begins when the visitor wants one. */
  #noConversation(): TemplateResult {
    return html`<div class="starting">
      <p>${this.#copy.erased}</p>
      <button type="button" class="button" @click=${() => void this.#session?.open()}>${this.#copy.newChat}</button>
    </div>`;
  }

  #mergeCard(): TemplateResult | typeof nothing {
    const choices = this.view?.conversation.merge ?? [];
    if (choices.length === 0) return nothing;
    return html`<candor-merge-card
      .copy=${this.#copy}
      .choices=${choices}
      @candor-merge=${(event: CustomEvent<{ keep: boolean }>) => void this.#session?.merge(event.detail.keep)}
    ></candor-merge-card>`;
  }

  #contactForm(): TemplateResult | typeof nothing {
    const handoff = this.view?.conversation.handoff;
    if (handoff?.state !== "expired" || handoff.contact_left || handoff.id === this.notNow) return nothing;
    return html`<candor-contact-form
      .copy=${this.#copy}
      @candor-leave=${(event: CustomEvent<{ address: string }>) => void this.#session?.leaveContact(event.detail.address)}
      @candor-later=${() => (this.notNow = handoff.id)}
    ></candor-contact-form>`;
  }

  #banner(): TemplateResult | typeof nothing {
    const { view } = this;
    const copy = this.#copy;
    const reconnecting = view?.phase === "ready" && this.troubled;
    const text = this.offline ? copy.offline : view?.phase === "unreachable" ? copy.unreachable : reconnecting ? copy.reconnecting : "";
    return text ? html`<p class="note warn banner">${text}</p>` : nothing;
  }

  #notice(text: string): TemplateResult {
    return html`<div class="note warn banner" role="alert">
      <span>${text}</span>
      <button type="button" class="button small" aria-label=${this.#copy.dismiss} @click=${() => this.#session?.dismissNotice()}>✕</button>
    </div>`;
  }

  /** The disclosure, read out together with the field as long as nothing has been said. */
  #firstWords(): string {
    const { disclosure, fresh, conversation, pending } = this.view ?? {};
    if (!disclosure || !fresh || conversation?.entries.length || pending?.length) return "";
    return `${disclosure.title}. ${disclosure.text}`;
  }

  #press(payload: string, title: string): void {
    this.#session?.send(payload, title);
  }

  readonly #onHuman = (): void => {
    if (this.inPrivacy) void this.#setPrivacy(false);
    void this.#session?.talkToHuman();
  };

  /** An answer given on the card goes on with the question it interrupted, when the server sent the words for that. */
  readonly #onChoose = (event: CustomEvent<{ purpose: string; choice: Choice; scope?: Scope; message: Message }>): void => {
    const { purpose, choice, scope, message } = event.detail;
    const button = message.buttons?.find(({ payload }) => payload.startsWith(`/${choice}_consent`));
    if (button) this.#press(scope ? withScope(button.payload, scope) : button.payload, button.title);
    else void this.#session?.choose(purpose, choice, scope);
  };

  /** Leaving the privacy centre leads to the chat; where the conversation was erased, to a new one. */
  async #setPrivacy(inPrivacy: boolean): Promise<void> {
    this.inPrivacy = inPrivacy;
    if (!inPrivacy) void this.#session?.open();
    await this.updateComplete;
    this.#focusField();
  }

  readonly #leave = (event: Event): void => {
    event.stopPropagation();
    emit(this, "candor-close");
  };

  readonly #onKey = (event: KeyboardEvent): void => {
    if (event.key !== "Escape" || event.isComposing) return;
    event.preventDefault(); // the dialog's own way to close
    this.#leave(event);
  };

  /** The device's own way back. */
  readonly #onCancel = (event: Event): void => {
    event.preventDefault();
    this.#leave(event);
  };
}

/** A button's payload with the visitor's own choice of how long; otherwise as the server wrote it. */
function withScope(payload: string, scope: Scope): string {
  return payload.replace(/("scope":\s*")\w+(")/, `$1${scope}$2`);
}

define("candor-chat", Chat);
