/**
 * <candor-widget> The chat on a shop's page. Made by the script tag (index.ts); docs/how-to/embed-the-widget.md tells how.
 *
 * Properties: base (the gateway's address), language, position (`left` or `right`).
 * Methods: open(), close(), identify(identity). Events: none leave the element. Slots: none. Parts: `panel`.
 */
import { LitElement, css, html, nothing, type PropertyValues, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";
import { pageFor } from "../privacy/address.ts";
import { PrivacyClient } from "../privacy/api.ts";
import "../privacy/centre.ts";
import type { Choice, Scope } from "../privacy/types.ts";
import { Client, type Visit } from "./client.ts";
import "./composer.ts";
import "./contact-form.ts";
import type { Entry, Message } from "./conversation.ts";
import { copies, type Copy, type Language, otherLanguage } from "./copy.ts";
import { define } from "./element.ts";
import "./header.ts";
import "./launcher.ts";
import "./merge-card.ts";
import { type Messages, nameOf } from "./messages.ts";
import { type Identity, Session, type View } from "./session.ts";
import { outer } from "./styles.ts";
import { KEY, Vault } from "./vault.ts";
import "./waiting.ts";

interface News {
  id: string;
  text: string;
  lang: Language | null;
}

/** Shorter interruptions are not worth a word. */
const TROUBLE_AFTER = 2_500;
const FULL_SCREEN = "(max-width: 480px), (max-height: 480px)";

export class Widget extends LitElement {
  static override properties = {
    base: {},
    language: {},
    position: { reflect: true },
    opened: { state: true },
    used: { state: true },
    inPrivacy: { state: true },
    unread: { state: true },
    news: { state: true },
    offline: { state: true },
    troubled: { state: true },
    notNow: { state: true },
    view: { state: true },
  };
  static override styles = [
    outer,
    css`
      .panel {
        position: fixed;
        z-index: 2147483000;
        inset-block-end: 92px;
        inset-inline-end: 20px;
        display: flex;
        flex-direction: column;
        width: min(400px, calc(100vw - 40px));
        height: min(660px, calc(100dvh - 112px));
        overflow: hidden;
        border: 1px solid var(--line);
        border-radius: var(--radius-l);
        background: var(--bg);
        box-shadow: 0 18px 60px var(--shadow);
        animation: rise 180ms cubic-bezier(0.2, 0, 0, 1);
      }
      @media (min-width: 481px) and (min-height: 481px) {
        .panel.wide {
          width: min(520px, calc(100vw - 40px));
        }
      }
      .panel:focus {
        outline: none;
      }
      candor-launcher {
        position: fixed;
        z-index: 2147483000;
        inset-block-end: 20px;
        inset-inline-end: 20px;
      }
      :host([position="left"]) .panel,
      :host([position="left"]) candor-launcher {
        inset-inline: 20px auto;
      }
      .banner {
        display: flex;
        align-items: center;
        gap: 10px;
        padding: 8px 16px;
        border-bottom: 1px solid var(--line);
        border-radius: 0;
      }
      .banner span {
        flex: 1;
      }
      candor-privacy-centre {
        flex: 1;
        min-height: 0;
        overflow-y: auto;
        overscroll-behavior: contain;
        scrollbar-width: thin;
        scrollbar-color: var(--edge) transparent;
      }
      .starting {
        display: grid;
        flex: 1;
        align-content: center;
        gap: 12px;
        margin: 0;
        padding: 24px;
        place-items: center;
        color: var(--muted);
        text-align: center;
      }
      @keyframes rise {
        from {
          opacity: 0;
          transform: translateY(10px);
        }
      }
      @media (prefers-reduced-motion: reduce) {
        .panel {
          animation: none;
        }
      }
      @media (max-width: 480px), (max-height: 480px) {
        .panel,
        :host([position="left"]) .panel {
          inset: 0;
          width: 100%;
          height: 100dvh;
          border: 0;
          border-radius: 0;
        }
        candor-launcher.open {
          display: none;
        }
        candor-launcher,
        :host([position="left"]) candor-launcher {
          inset-block-end: 14px;
        }
      }
      @media (max-height: 420px) {
        .panel {
          overflow-y: auto;
        }
      }
      @media print {
        :host {
          display: none;
        }
      }
    `,
  ];

  declare base: string;
  declare language: Language;
  declare position: "left" | "right";
  declare opened: boolean;
  declare used: boolean;
  declare inPrivacy: boolean;
  declare unread: number;
  declare news: readonly News[];
  declare offline: boolean;
  declare troubled: boolean;
  /** The handoff after which the visitor chose to leave no address. */
  declare notNow: string;
  declare view: View | null;
  private session: Session | null = null;
  private trouble: ReturnType<typeof setTimeout> | undefined;
  private focusWanted = false;
  private privacyOf: { visit: Visit; client: PrivacyClient } | null = null;
  /** The visitor's last key or pointer was in the widget, not on the page around it. */
  private inside = false;

  constructor() {
    super();
    this.base = "";
    this.language = "en";
    this.position = "right";
    this.opened = false;
    this.used = false;
    this.inPrivacy = false;
    this.unread = 0;
    this.news = [];
    this.offline = false;
    this.troubled = false;
    this.notNow = "";
    this.view = null;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.setAttribute("lang", this.language === "zh" ? "zh-Hans" : "en");
    window.addEventListener("online", this.onNetwork);
    window.addEventListener("offline", this.onNetwork);
    window.addEventListener("storage", this.onStorage);
    document.addEventListener("focusin", this.onWhereabouts);
    document.addEventListener("pointerdown", this.onWhereabouts);
    this.offline = navigator.onLine === false;
    this.session = this.newSession();
    if (this.session.resume()) this.show(false);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    window.removeEventListener("online", this.onNetwork);
    window.removeEventListener("offline", this.onNetwork);
    window.removeEventListener("storage", this.onStorage);
    document.removeEventListener("focusin", this.onWhereabouts);
    document.removeEventListener("pointerdown", this.onWhereabouts);
    clearTimeout(this.trouble);
    this.session?.end();
  }

  /** Opens the panel and moves the focus into it. The first time this starts the conversation. */
  open(): void {
    if (!this.opened) this.show(true);
    void this.session?.open();
  }

  /** Closes the panel; the focus goes back to the launcher if it was inside. */
  async close(): Promise<void> {
    const inside = this.shadowRoot?.activeElement !== null;
    this.opened = false;
    this.inPrivacy = false;
    this.session?.close();
    await this.updateComplete;
    if (inside) this.find("candor-launcher")?.focus();
  }

  /** Says who the visitor is, or with null that nobody is signed in. Asks nothing of the network before the chat is opened. */
  identify(identity: Identity): void {
    void this.session?.identify(identity || null);
  }

  override render(): unknown {
    return html`${this.used ? this.panel() : nothing}
      <candor-launcher
        class=${this.opened ? "open" : ""}
        .copy=${this.copy}
        .open=${this.opened}
        .unread=${this.unread}
        @toggle=${this.toggle}
      ></candor-launcher>
      <div class="hidden" role="log" aria-live="polite" aria-label=${this.copy.conversation}>
        ${repeat(this.news, (one) => one.id, (one) => html`<p lang=${one.lang ?? nothing}>${one.text}</p>`)}
      </div>
      <div class="hidden" role="status">${this.spokenState()}</div>`;
  }

  protected override updated(changed: PropertyValues<this>): void {
    if (changed.has("opened") && this.opened) this.list?.toEnd();
    if (this.opened) void this.afterPaint();
  }

  private get copy(): Copy {
    return copies[this.language];
  }

  private get list(): Messages | null {
    return this.find<Messages>("candor-messages");
  }

  private find<T extends HTMLElement>(selector: string): T | null {
    return this.renderRoot.querySelector<T>(selector);
  }

  private newSession(): Session {
    return new Session({
      client: new Client(this.base),
      vault: new Vault(),
      language: this.language,
      copy: this.copy,
      onChange: (view) => this.take(view),
      onNews: (entry) => this.announce(entry),
    });
  }

  private take(view: View): void {
    this.view = view;
    if (view.connection === "open") {
      clearTimeout(this.trouble);
      this.trouble = undefined;
      this.troubled = false;
    } else {
      this.trouble ??= setTimeout(() => (this.troubled = true), TROUBLE_AFTER);
    }
  }

  private announce({ message }: Entry): void {
    const { copy, language } = this;
    const tag = message.author === "assistant" ? `${copy.aiTag} ` : message.author === "human" ? `${copy.humanTag} ` : "";
    const text = copy.says(tag + nameOf(message, copy), message.text);
    this.news = [...this.news.slice(-19), { id: message.id, text, lang: otherLanguage(message.text, language) }];
    if (!this.opened) this.unread += 1;
  }

  /** Read out besides new messages: that something could not be sent, or that there is a question in the chat. */
  private spokenState(): string {
    const { conversation } = this.view ?? {};
    if (conversation?.pending.some((one) => one.status === "failed")) return this.copy.notSent;
    return conversation?.merge.length ? this.copy.mergeTitle : "";
  }

  private show(takeFocus: boolean): void {
    this.used = true;
    this.opened = true;
    this.unread = 0;
    this.focusWanted = takeFocus;
  }

  /** Another tab of the site had the conversation erased. */
  private readonly onStorage = ({ key, newValue }: StorageEvent): void => {
    if ((key === KEY && newValue === null) || key === null) this.session?.letGo();
  };

  private readonly toggle = (): void => {
    if (this.opened) void this.close();
    else this.open();
  };

  private readonly onNetwork = (): void => {
    this.offline = navigator.onLine === false;
    if (!this.offline) this.session?.hurry();
  };

  /** What must wait until the disclosure really stands on the screen. A page in the background paints nothing. */
  private async afterPaint(): Promise<void> {
    await this.list?.updateComplete;
    await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
    if (!this.opened) return;
    if (this.disclosureVisible()) void this.session?.confirmDisclosure();
    if (this.focusWanted) this.placeFocus();
    else this.recoverFocus();
  }

  private disclosureVisible(): boolean {
    const card = this.list?.renderRoot.querySelector(".disclosure");
    return (card?.getBoundingClientRect().height ?? 0) > 0 && document.visibilityState === "visible";
  }

  /** Into the panel at once; on to the field when it can be used, unless the visitor has gone elsewhere meanwhile. */
  private placeFocus(): void {
    const panel = this.find(".panel");
    const here = this.shadowRoot?.activeElement;
    if (here && here !== panel && here.localName !== "candor-launcher" && here !== this.list) {
      this.focusWanted = false;
    } else if (this.view?.unlocked) {
      this.focusWanted = false;
      this.focusField();
    } else if (here !== panel) {
      panel?.focus();
    }
  }

  /** A finger gets the text to read first, not a keyboard over it. */
  private focusField(): void {
    if (this.inPrivacy) this.find("candor-privacy-centre")?.focus();
    else if (!matchMedia("(pointer: coarse)").matches) this.find("candor-composer")?.focus();
    else if (this.view?.fresh && this.view.conversation.entries.length === 0) this.list?.focusDisclosure();
    else this.find(".panel")?.focus();
  }

  /** Whoever was in the panel stays there when the thing they pressed is gone. */
  private recoverFocus(): void {
    const lost = document.activeElement === null || document.activeElement === document.body;
    if (this.inside && lost) this.focusField();
  }

  private readonly onWhereabouts = (event: Event): void => {
    this.inside = event.composedPath().includes(this);
  };

  private panel(): TemplateResult {
    const { copy, view } = this;
    const { conversation, company } = view ?? {};
    return html`<div
      class="panel ${this.inPrivacy ? "wide" : ""}"
      part="panel"
      role="dialog"
      aria-label=${copy.chatWith(company ?? "")}
      aria-modal=${matchMedia(FULL_SCREEN).matches ? "true" : nothing}
      tabindex="-1"
      ?hidden=${!this.opened}
      @keydown=${this.onKey}
    >
      <candor-header
        .copy=${copy}
        .company=${company ?? ""}
        .owner=${conversation?.owner ?? "assistant"}
        .humanName=${conversation?.humanName ?? ""}
        .handoffState=${conversation?.handoff?.state ?? ""}
        .inPrivacy=${this.inPrivacy}
        @close=${() => void this.close()}
        @human=${this.onHuman}
        @privacy=${() => void this.setPrivacy(!this.inPrivacy)}
      ></candor-header>
      <div role="status">${this.banner()}</div>
      ${view?.notice ? this.notice(view.notice) : nothing} ${this.body()}
      ${conversation?.handoff?.state === "queued"
        ? html`<candor-waiting
            .copy=${copy}
            .position=${conversation.handoff.position ?? 0}
            @stop=${() => void this.session?.stopWaiting()}
          ></candor-waiting>`
        : nothing}
      <candor-composer
        ?hidden=${this.inPrivacy}
        .copy=${copy}
        .locked=${!view?.unlocked}
        .description=${this.firstWords()}
        @send=${(event: CustomEvent<{ text: string }>) => this.session?.send(event.detail.text)}
      ></candor-composer>
    </div>`;
  }

  private body(): TemplateResult {
    const { copy, view } = this;
    if (this.inPrivacy) return this.privacy();
    if (view?.phase === "idle") return this.noConversation();
    if (!view?.disclosure) return html`<p class="starting">${view?.phase === "unreachable" ? "" : copy.starting}</p>`;
    return html`<candor-messages
      .copy=${copy}
      .language=${this.language}
      .disclosure=${view.disclosure}
      .conversation=${view.conversation}
      .explain=${(id: string) => this.session?.why(id)}
      .contest=${(id: string, reason: string, address: string) => this.session?.contest(id, reason, address)}
      @press=${(event: CustomEvent<{ payload: string; title: string }>) => this.press(event.detail.payload, event.detail.title)}
      @choose=${this.onChoose}
      @human=${this.onHuman}
      @retry=${(event: CustomEvent<{ clientMessageId: string }>) => this.session?.retry(event.detail.clientMessageId)}
      @discard=${(event: CustomEvent<{ clientMessageId: string }>) => this.session?.discard(event.detail.clientMessageId)}
      >${this.contactForm()}${this.mergeCard()}</candor-messages
    >`;
  }

  private privacy(): TemplateResult {
    return html`<candor-privacy-centre
      embedded
      .language=${this.language}
      .client=${this.privacyClient(this.view?.visit ?? null)}
      .version=${this.view?.conversation.consents}
      @back=${() => void this.setPrivacy(false)}
      @page=${this.openPage}
      @erased=${() => this.session?.letGo()}
    ></candor-privacy-centre>`;
  }

  /** The same client for as long as the conversation is the same. */
  private privacyClient(visit: Visit | null): PrivacyClient | null {
    if (this.privacyOf?.visit !== visit) this.privacyOf = visit && { visit, client: new PrivacyClient(this.base, visit) };
    return this.privacyOf?.client ?? null;
  }

  private readonly openPage = (): void => {
    const visit = this.view?.visit;
    if (visit) window.open(pageFor(this.base, { visit, language: this.language }), "_blank", "noopener");
  };

  /** The conversation was erased in another tab: a new one begins when the visitor wants one. */
  private noConversation(): TemplateResult {
    return html`<div class="starting">
      <p>${this.copy.erased}</p>
      <button type="button" class="button" @click=${() => void this.session?.open()}>${this.copy.newChat}</button>
    </div>`;
  }

  private mergeCard(): TemplateResult | typeof nothing {
    const choices = this.view?.conversation.merge ?? [];
    if (choices.length === 0) return nothing;
    return html`<candor-merge-card
      .copy=${this.copy}
      .choices=${choices}
      @merge=${(event: CustomEvent<{ keep: boolean }>) => void this.session?.merge(event.detail.keep)}
    ></candor-merge-card>`;
  }

  private contactForm(): TemplateResult | typeof nothing {
    const handoff = this.view?.conversation.handoff;
    if (handoff?.state !== "expired" || handoff.contact_left || handoff.id === this.notNow) return nothing;
    return html`<candor-contact-form
      .copy=${this.copy}
      @leave=${(event: CustomEvent<{ address: string }>) => void this.session?.leaveContact(event.detail.address)}
      @later=${() => (this.notNow = handoff.id)}
    ></candor-contact-form>`;
  }

  private banner(): TemplateResult | typeof nothing {
    const { copy, view } = this;
    const reconnecting = view?.phase === "ready" && this.troubled;
    const text = this.offline
      ? copy.offline
      : view?.phase === "unreachable"
        ? copy.unreachable
        : reconnecting
          ? copy.reconnecting
          : "";
    return text ? html`<p class="note warn banner">${text}</p>` : nothing;
  }

  private notice(text: string): TemplateResult {
    return html`<div class="note warn banner" role="alert">
      <span>${text}</span>
      <button type="button" class="button small" aria-label=${this.copy.dismiss} @click=${() => this.session?.dismissNotice()}>✕</button>
    </div>`;
  }

  /** The disclosure, read out together with the field as long as nothing has been said. */
  private firstWords(): string {
    const { disclosure, fresh, conversation } = this.view ?? {};
    if (!disclosure || !fresh || conversation?.entries.length || conversation?.pending.length) return "";
    return `${disclosure.title}. ${disclosure.text}`;
  }

  private press(payload: string, title: string): void {
    this.session?.send(payload, title);
  }

  private readonly onHuman = (): void => {
    if (this.inPrivacy) void this.setPrivacy(false);
    void this.session?.talkToHuman();
  };

  /** An answer given on the card goes on with the question it interrupted, when the server sent the words for that. */
  private readonly onChoose = (event: CustomEvent<{ purpose: string; choice: Choice; scope?: Scope; message: Message }>): void => {
    const { purpose, choice, scope, message } = event.detail;
    const button = message.buttons?.find(({ payload }) => payload.startsWith(`/${choice}_consent`));
    if (button) this.press(scope ? withScope(button.payload, scope) : button.payload, button.title);
    else void this.session?.choose(purpose, choice, scope);
  };

  /** Leaving the privacy centre leads to the chat; where the conversation was erased, to a new one. */
  private async setPrivacy(inPrivacy: boolean): Promise<void> {
    this.inPrivacy = inPrivacy;
    if (!inPrivacy) void this.session?.open();
    await this.updateComplete;
    this.focusField();
  }

  private readonly onKey = (event: KeyboardEvent): void => {
    if (event.isComposing) return;
    if (event.key === "Escape") {
      event.stopPropagation();
      void this.close();
    } else if (event.key === "Tab" && matchMedia(FULL_SCREEN).matches) {
      this.keepInside(event);
    }
  };

  /** While the panel covers the page, Tab stays in it. */
  private keepInside(event: KeyboardEvent): void {
    const stops = focusable(this.find(".panel"));
    const [first, last] = [stops[0], stops.at(-1)];
    const here = deepActive(this.shadowRoot);
    const leaving = event.shiftKey ? here === first || here === this.find(".panel") : here === last;
    if (!leaving) return;
    event.preventDefault();
    (event.shiftKey ? last : first)?.focus();
  }
}

/** A button's payload with the visitor's own choice of how long; otherwise as the server wrote it. */
function withScope(payload: string, scope: Scope): string {
  return payload.replace(/("scope":\s*")\w+(")/, `$1${scope}$2`);
}

function deepActive(root: ShadowRoot | null): Element | null {
  let active = root?.activeElement ?? null;
  while (active?.shadowRoot?.activeElement) active = active.shadowRoot.activeElement;
  return active;
}

/** What Tab stops at inside `root`, in order, through shadow roots. */
function focusable(root: Element | null): HTMLElement[] {
  const found: HTMLElement[] = [];
  const visit = (node: Element): void => {
    const element = node as HTMLElement;
    if (element.tabIndex >= 0 && !element.shadowRoot && !element.matches(":disabled") && element.checkVisibility()) {
      found.push(element);
    }
    for (const child of (element.shadowRoot ?? element).children) visit(child);
  };
  for (const child of root?.children ?? []) visit(child);
  return found;
}

define("candor-widget", Widget);
