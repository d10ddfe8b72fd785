/**
 * <candor-privacy-centre> All of the privacy centre, in the chat and on its own page: what may be used, what is stored, who
 * looked, what was chosen; take it along, put it right, erase it.
 *
 * Properties: language, client (null while there is no conversation), level (of its own heading), embedded (it stands in the
 * chat: with a way back and one to the page), version (whatever changes when a choice was made elsewhere: it is read again).
 * Events: `back`; `page`; `erased` (the conversation whose token it holds is no more). Slots: none. Parts: `centre`.
 * Method: focus() goes to the heading. After an erasure of everything it shows the receipt, whatever becomes of `client`.
 */
import { css, html, LitElement, nothing, type PropertyValues, type TemplateResult } from "lit";
import { ApiError, type Fetched, saveFile } from "../ui/http.ts";
import type { Language } from "../widget/copy.ts";
import { define, emit, icon } from "../widget/element.ts";
import type { PrivacyClient } from "./api.ts";
import { copies, type Copy } from "./copy.ts";
import "./erasure.ts";
import { keeping, necessary, questions } from "./explained.ts";
import { heading } from "./heading.ts";
import "./history.ts";
import "./looks.ts";
import "./purposes.ts";
import "./receipt.ts";
import "./section.ts";
import "./stored.ts";
import { sharedStyles } from "./styles.ts";
import type { Choice, Format, FreshReceipt, Overview, What } from "./types.ts";

const FIRST_PAUSE = 500;
const LONGEST_PAUSE = 8_000;

export class PrivacyCentre extends LitElement {
  static override properties = {
    language: {},
    client: { attribute: false },
    level: { type: Number },
    embedded: { type: Boolean },
    version: { attribute: false },
    overview: { state: true },
    receipt: { state: true },
    erased: { state: true },
    unread: { state: true },
    gone: { state: true },
    said: { state: true },
    problem: { state: true },
  };
  static override styles = [
    sharedStyles,
    css`
      :host {
        position: relative; /* what only screen readers see must not scroll the chat around this */
      }
      .centre {
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        gap: 14px;
        padding: 16px;
      }
      .ways {
        display: flex;
        flex-wrap: wrap;
        justify-content: space-between;
        gap: 8px;
      }
      #title {
        margin-bottom: 4px;
        font-size: var(--text-l);
      }
      h1#title {
        font-size: var(--text-xl);
      }
      .part > :first-child {
        margin-bottom: 4px;
      }
      .part > p {
        margin-bottom: 10px;
      }
      .gpc {
        border-inline-start: 4px solid var(--accent);
      }
      .sections {
        border-bottom: 1px solid var(--line);
      }
      .keeping {
        grid-template-columns: 1fr 1fr;
      }
      .after {
        margin-top: 10px;
      }
      .warn p + p {
        margin-top: 8px;
      }
      .loading {
        padding: 24px 0;
        color: var(--muted);
        text-align: center;
      }
      .said {
        position: sticky;
        inset-block-end: 0;
        z-index: 1;
        display: grid;
        gap: 6px;
      }
      .said .note {
        display: flex;
        align-items: center;
        gap: 10px;
        border: 1px solid var(--edge);
        box-shadow: 0 4px 16px var(--shadow);
      }
      .said span {
        flex: 1;
      }
    `,
  ];

  declare language: Language;
  declare client: PrivacyClient | null;
  declare level: number;
  declare embedded: boolean;
  declare version: unknown;
  declare overview: Overview | null;
  declare receipt: FreshReceipt | null;
  /** The conversation at hand was erased: only the receipt is left to show. */
  declare erased: boolean;
  /** Why there is nothing to show, or "". */
  declare unread: string;
  /** There is no such conversation (any more). */
  declare gone: boolean;
  declare said: string;
  declare problem: string;
  /** Resolves after so many milliseconds. */
  wait = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds));
  /** Gives a fetched file to the visitor. */
  save: (file: Fetched) => void = saveFile;
  private reading = false;
  private readAgain = false;
  /** The client that erased; it still fetches the receipt, which has a token of its own. */
  private formerClient: PrivacyClient | null = null;

  constructor() {
    super();
    this.language = "en";
    this.client = null;
    this.level = 3;
    this.embedded = false;
    this.version = null;
    this.overview = null;
    this.receipt = null;
    this.erased = false;
    this.unread = "";
    this.gone = false;
    this.said = "";
    this.problem = "";
  }

  override focus(): void {
    this.renderRoot.querySelector<HTMLElement>("#title")?.focus();
  }

  override render(): unknown {
    const { copy } = this;
    // Whatever is pressed next, what was said about the last press has been read.
    const press = { handleEvent: () => this.tell("", ""), capture: true };
    return html`<div class="centre" part="centre" lang=${this.language === "zh" ? "zh-Hans" : "en"} @click=${press}>
      ${this.embedded ? this.ways() : nothing}
      <div>${heading(this.level, copy.title, "title")} ${this.erased || this.gone ? nothing : html`<p class="soft">${copy.intro}</p>`}</div>
      ${this.receipt ? this.receiptCard(this.receipt) : nothing} ${this.body()}
      <div class="said">
        <div role="status">${this.said ? this.note(this.said, "") : nothing}</div>
        <div role="alert">${this.problem ? this.note(this.problem, "danger") : nothing}</div>
      </div>
    </div>`;
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (!changed.has("client") || (this.client ? this.client === this.formerClient : this.erased)) return;
    this.overview = null;
    this.gone = !this.client && Boolean(changed.get("client")); // erased elsewhere
    if (this.client) this.receipt = null;
    this.erased = false;
  }

  protected override updated(changed: PropertyValues<this>): void {
    if (["client", "language", "version"].some((name) => changed.has(name as "client"))) void this.read();
  }

  private get copy(): Copy {
    return copies[this.language];
  }

  private ways(): TemplateResult {
    const { copy } = this;
    return html`<div class="ways">
      <button type="button" class="button small" @click=${() => emit(this, "back")}>
        ${icon("back")}${this.erased || this.gone ? copy.newChat : copy.back}
      </button>
      ${this.erased || !this.client
        ? nothing
        : html`<button
            type="button"
            class="button small page"
            aria-label="${copy.ownPage} (${copy.newTab})"
            @click=${() => emit(this, "page")}
          >
            ${copy.ownPage}
          </button>`}
    </div>`;
  }

  private body(): TemplateResult | typeof nothing {
    const { copy, overview } = this;
    if (this.erased) return nothing;
    if (overview) return this.all(overview);
    if (this.gone) return html`<p role="alert">${copy.tooLate}</p>`;
    if (!this.unread) return html`<p class="loading" role="status">${copy.loading}</p>`;
    return html`<div class="note warn" role="alert">
      <p>${this.unread}</p>
      <p><button type="button" class="button small" @click=${() => void this.read()}>${copy.retry}</button></p>
    </div>`;
  }

  private all(overview: Overview): TemplateResult {
    const { copy } = this;
    return html`<p class="soft">${overview.signed_in ? copy.signedInAs(overview.customer_name ?? "") : copy.thisBrowser}</p>
      ${overview.gpc ? html`<p class="note gpc">${copy.gpcGeneral}</p>` : nothing} ${this.purposes(overview)}
      <div class="sections">${this.sections(overview)}</div>
      ${this.take()} ${this.erasure(overview)}
      <div class="sections">
        ${this.section(copy.keeping, "", keeping(overview, copy, this.language))}
        ${this.section(copy.questions, "", questions(overview, copy, (path) => this.client?.address(path) ?? path))}
      </div>`;
  }

  private purposes(overview: Overview): TemplateResult {
    const { copy } = this;
    return html`<section class="part" aria-labelledby="purposes">
      ${heading(this.level + 1, copy.purposes, "purposes")}
      <p class="soft">${copy.purposesText}</p>
      <candor-purposes
        .copy=${copy}
        .language=${this.language}
        .level=${this.level + 2}
        .purposes=${overview.purposes}
        .signedIn=${overview.signed_in}
        @choose=${(event: CustomEvent<{ purpose: string; choice: Choice }>) =>
          void this.choose(event.detail.purpose, event.detail.choice)}
      ></candor-purposes>
    </section>`;
  }

  private sections(overview: Overview): TemplateResult {
    const { copy, language } = this;
    const total = overview.stored.reduce((sum, category) => sum + category.total, 0);
    const counted = (count: number): string => (count ? copy.entries(count) : "");
    const { looks, history } = overview;
    return html`${this.section(copy.necessary, "", necessary(overview, copy))}
    ${this.section(copy.stored, total ? copy.entries(total) : copy.nothing, this.stored(overview))}
    ${this.section(
      copy.looks,
      counted(looks.length),
      html`<candor-looks .copy=${copy} .language=${language} .looks=${looks}></candor-looks>`,
    )}
    ${this.section(
      copy.history,
      counted(history.length),
      html`<candor-history
        .copy=${copy}
        .language=${language}
        .history=${history}
        @receipt=${(event: CustomEvent<{ record: string; format: Format }>) =>
          void this.download((client) => client.choiceReceipt(event.detail.record, event.detail.format, language))}
        @records=${() => void this.download((client) => client.records())}
      ></candor-history>`,
    )}`;
  }

  private section(name: string, gist: string, inside: unknown): TemplateResult {
    return html`<candor-section .level=${this.level + 1} .name=${name} .gist=${gist}>${inside}</candor-section>`;
  }

  private stored({ stored }: Overview): TemplateResult {
    const { copy, language } = this;
    const empty = stored.filter(({ total, note }) => !total && !note);
    return html`${stored
      .filter((category) => !empty.includes(category))
      .map(
        (category) =>
          html`<candor-stored
            .copy=${copy}
            .language=${language}
            .category=${category}
            .correct=${(id: string, value: string) => this.correct(id, value)}
          ></candor-stored>`,
      )}
    ${empty.length ? html`<p class="soft">${copy.nothingOf(empty.map(({ title }) => title).join(" · "))}</p>` : nothing}`;
  }

  private take(): TemplateResult {
    const { copy, language } = this;
    const button = (format: Format, label: string): TemplateResult =>
      html`<button type="button" class="button" @click=${() => void this.download((client) => client.export(format, language))}>${label}</button>`;
    return html`<section class="part" aria-labelledby="take">
      ${heading(this.level + 1, copy.take, "take")}
      <p class="soft">${copy.takeText}</p>
      <div class="pair">${button("html", copy.asPage)}${button("json", copy.asData)}</div>
    </section>`;
  }

  private erasure(overview: Overview): TemplateResult {
    const { copy } = this;
    return html`<section class="part" aria-labelledby="erase">
      ${heading(this.level + 1, copy.erase, "erase")}
      <p class="soft">${copy.eraseText}</p>
      <candor-erasure
        .copy=${copy}
        .language=${this.language}
        .level=${this.level + 2}
        .conversations=${overview.conversations}
        .erase=${(what: What, id: string) => this.erase(what, id)}
      ></candor-erasure>
    </section>`;
  }

  private receiptCard(receipt: FreshReceipt): TemplateResult {
    return html`<candor-receipt
      .copy=${this.copy}
      .language=${this.language}
      .level=${this.level + 1}
      .receipt=${receipt}
      @keep=${(event: CustomEvent<{ format: Format }>) =>
        void this.download((client) => client.receiptFile(receipt, event.detail.format, this.language))}
    ></candor-receipt>`;
  }

  private note(text: string, kind: string): TemplateResult {
    return html`<div class="note ${kind}">
      <span>${text}</span>
      <button type="button" class="button small" aria-label=${this.copy.dismiss}>✕</button>
    </div>`;
  }

  private tell(said: string, problem: string): void {
    this.said = said;
    this.problem = problem;
  }

  /** Reads everything anew; what is shown stays until the answer is here. Asked twice at once, it reads twice, one by one. */
  private async read(): Promise<void> {
    this.readAgain = this.reading;
    const { client, language } = this;
    if (this.reading || !client || this.erased) return;
    this.reading = true;
    this.unread = "";
    try {
      const overview = await client.overview(language);
      if (client === this.client && !this.erased) this.overview = overview;
    } catch (error) {
      this.cannotRead(error);
    }
    this.reading = false;
    if (this.readAgain) await this.read();
  }

  private cannotRead(error: unknown): void {
    this.gone = error instanceof ApiError && [401, 404, 410].includes(error.status);
    if (this.gone) this.overview = null;
    else if (this.overview) this.tell("", this.copy.loadFailed);
    else this.unread = this.copy.loadFailed;
  }

  private async choose(purpose: string, choice: Choice): Promise<void> {
    if (!this.client) return;
    try {
      await this.client.choose(purpose, choice);
      this.tell("", "");
      await this.read();
    } catch (error) {
      this.tell("", refusalOf(error) ?? this.copy.choiceFailed);
    }
  }

  private async correct(itemId: string, value: string): Promise<void> {
    if (!this.client) return;
    await this.client.correct(itemId, value);
    await this.read();
  }

  private async download(fetchIt: (client: PrivacyClient) => Promise<Fetched>): Promise<void> {
    const client = this.client ?? this.formerClient;
    if (!client) return;
    this.tell(this.copy.fetching, "");
    try {
      const file = await fetchIt(client);
      this.save(file);
      this.tell(this.copy.downloaded(file.name), "");
    } catch (error) {
      this.tell("", refusalOf(error) ?? this.copy.downloadFailed);
    }
  }

  private async erase(what: What, conversationId: string): Promise<void> {
    const { client, overview } = this;
    if (!client || !overview) return;
    const receipt = await client.erase(what, conversationId, this.language);
    const here = overview.conversations.find((one) => one.this)?.id ?? "";
    this.formerClient = client;
    this.receipt = receipt;
    if (receipt.conversations.includes(here)) {
      this.erased = true;
      this.overview = null;
      emit(this, "erased");
    } else void this.read();
    void this.follow(client, receipt);
    await this.updateComplete;
    this.renderRoot.querySelector<HTMLElement>("candor-receipt")?.focus();
  }

  /** Asks for the receipt until every store is done with, for as long as it is shown. */
  private async follow(client: PrivacyClient, asked: FreshReceipt): Promise<void> {
    const shown = (): boolean => this.isConnected && this.receipt?.request_id === asked.request_id && !this.receipt.done_at;
    for (let pause = FIRST_PAUSE; shown(); pause = Math.min(pause * 2, LONGEST_PAUSE)) {
      await this.wait(pause);
      const receipt = await client.receipt(asked, this.language).catch(() => null);
      if (receipt && shown()) this.receipt = { ...receipt, receipt_token: asked.receipt_token };
    }
  }
}

/** The server's own sentence for what it will not do, whoever tries; nothing when trying again can help. */
function refusalOf(error: unknown): string | null {
  return error instanceof ApiError && !error.passing ? error.message : null;
}

define("candor-privacy-centre", PrivacyCentre);
