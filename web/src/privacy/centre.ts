/**
 * <candor-privacy-centre> All of the privacy centre, in the chat and on its own page: what may be used, what is stored, who
 * looked, what was chosen; take it along, put it right, erase it.
 *
 * Properties: language, client (null while there is no conversation), level (of its own heading), embedded (it is shown in the
 * chat: with a way back and one to the page), version (whatever changes when a choice was made elsewhere: it is read again).
 * Events: `candor-back`; `candor-page`; `candor-erased` (the conversation whose token it holds is no more). Slots: none. Parts: `centre`.
 * Method: focus() goes to the heading. After an erasure of everything it shows the receipt, whatever becomes of `client`.
 */
import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from "lit";
import type { Choice, NewErasureReceipt, PrivacyOverview, What } from "../shared/api.ts";
import { define, emit, focusOn } from "../shared/element.ts";
import { ApiError, type Fetched, refusalOf, saveFile } from "../shared/http.ts";
import { icon } from "../shared/icons.ts";
import type { Language } from "../shared/language.ts";
import type { Format, PrivacyClient } from "./api.ts";
import { styles } from "./centre.styles.ts";
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
import { sharedStyles } from "./common.styles.ts";

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
  static override styles = [sharedStyles, styles];

  language: Language = "en";
  client: PrivacyClient | null = null;
  level = 3;
  embedded = false;
  version: unknown = null;
  overview: PrivacyOverview | null = null;
  receipt: NewErasureReceipt | null = null;
  /** The conversation at hand was erased: only the receipt is left to show. */
  erased = false;
  /** Why there is nothing to show, or "". */
  unread = "";
  /** There is no such conversation (any more). */
  gone = false;
  said = "";
  problem = "";
  /** Resolves after so many milliseconds. */
  wait = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds));
  /** Gives a fetched file to the visitor. */
  save: (file: Fetched) => void = saveFile;
  #reading = false;
  #readAgain = false;
  /** The client that erased; it still fetches the receipt, which has a token of its own. */
  #formerClient: PrivacyClient | null = null;

  constructor() {
    super();
    // Whatever is pressed next, what was said about the last press has been read.
    this.addEventListener("click", () => this.#tell("", ""), { capture: true });
  }

  override focus(): void {
    focusOn(this, "#title");
  }

  override render(): unknown {
    const copy = this.#copy;
    return html`<div class="centre" part="centre" lang=${this.language === "zh" ? "zh-Hans" : "en"}>
      ${this.embedded ? this.#ways() : nothing}
      <div>${heading(this.level, copy.title, "title")} ${this.erased || this.gone ? nothing : html`<p class="soft">${copy.intro}</p>`}</div>
      ${this.receipt ? this.#receiptCard(this.receipt) : nothing} ${this.#body()}
      <div class="said">
        <div role="status">${this.said ? this.#note(this.said, "") : nothing}</div>
        <div role="alert">${this.problem ? this.#note(this.problem, "danger") : nothing}</div>
      </div>
    </div>`;
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (!changed.has("client") || (this.client ? this.client === this.#formerClient : this.erased)) return;
    this.overview = null;
    this.gone = !this.client && Boolean(changed.get("client")); // erased elsewhere
    if (this.client) this.receipt = null;
    this.erased = false;
  }

  protected override updated(changed: PropertyValues<this>): void {
    if (["client", "language", "version"].some((name) => changed.has(name as "client"))) void this.#read();
  }

  get #copy(): Copy {
    return copies[this.language];
  }

  #ways(): TemplateResult {
    const copy = this.#copy;
    return html`<div class="ways">
      <button type="button" class="button small" @click=${() => emit(this, "candor-back")}>
        ${icon("back")}${this.erased || this.gone ? copy.newChat : copy.back}
      </button>
      ${
        this.erased || !this.client
          ? nothing
          : html`<button
            type="button"
            class="button small page"
            aria-label="${copy.ownPage} (${copy.newTab})"
            @click=${() => emit(this, "candor-page")}
          >
            ${copy.ownPage}
          </button>`
      }
    </div>`;
  }

  #body(): TemplateResult | typeof nothing {
    const { overview } = this;
    const copy = this.#copy;
    if (this.erased) return nothing;
    if (overview) return this.#all(overview);
    if (this.gone) return html`<p role="alert">${copy.tooLate}</p>`;
    if (!this.unread) return html`<p class="loading" role="status">${copy.loading}</p>`;
    return html`<div class="note warn" role="alert">
      <p>${this.unread}</p>
      <p><button type="button" class="button small" @click=${() => void this.#read()}>${copy.retry}</button></p>
    </div>`;
  }

  #all(overview: PrivacyOverview): TemplateResult {
    const copy = this.#copy;
    return html`<p class="soft">${overview.signed_in ? copy.signedInAs(overview.customer_name ?? "") : copy.thisBrowser}</p>
      ${overview.gpc ? html`<p class="note gpc">${copy.gpcGeneral}</p>` : nothing} ${this.#purposes(overview)}
      <div class="sections">${this.#sections(overview)}</div>
      ${this.#take()} ${this.#erasure(overview)}
      <div class="sections">
        ${this.#section(copy.keeping, "", keeping(overview, copy, this.language))}
        ${this.#section(
          copy.questions,
          "",
          questions(overview, copy, (path) => this.client?.address(path) ?? path),
        )}
      </div>`;
  }

  #purposes(overview: PrivacyOverview): TemplateResult {
    const copy = this.#copy;
    return html`<section class="part" aria-labelledby="purposes">
      ${heading(this.level + 1, copy.purposes, "purposes")}
      <p class="soft">${copy.purposesText}</p>
      <candor-purposes
        .copy=${copy}
        .language=${this.language}
        .level=${this.level + 2}
        .purposes=${overview.purposes}
        .signedIn=${overview.signed_in}
        @candor-choose=${(event: CustomEvent<{ purpose: string; choice: Choice }>) =>
          void this.#choose(event.detail.purpose, event.detail.choice)}
      ></candor-purposes>
    </section>`;
  }

  #sections(overview: PrivacyOverview): TemplateResult {
    const { language } = this;
    const copy = this.#copy;
    const total = overview.stored.reduce((sum, category) => sum + category.total, 0);
    const counted = (count: number): string => (count ? copy.entries(count) : "");
    const { looks, history } = overview;
    return html`${this.#section(copy.necessary, "", necessary(overview, copy))}
    ${this.#section(copy.stored, total ? copy.entries(total) : copy.nothing, this.#stored(overview))}
    ${this.#section(
      copy.looks,
      counted(looks.length),
      html`<candor-looks .copy=${copy} .language=${language} .looks=${looks}></candor-looks>`,
    )}
    ${this.#section(
      copy.history,
      counted(history.length),
      html`<candor-history
        .copy=${copy}
        .language=${language}
        .history=${history}
        @candor-receipt=${(event: CustomEvent<{ record: string; format: Format }>) =>
          void this.#download((client) => client.choiceReceipt(event.detail.record, event.detail.format, language))}
        @candor-records=${() => void this.#download((client) => client.records())}
      ></candor-history>`,
    )}`;
  }

  #section(name: string, gist: string, inside: unknown): TemplateResult {
    return html`<candor-section .level=${this.level + 1} .name=${name} .gist=${gist}>${inside}</candor-section>`;
  }

  #stored({ stored }: PrivacyOverview): TemplateResult {
    const { language } = this;
    const copy = this.#copy;
    const empty = stored.filter(({ total, note }) => !total && !note);
    return html`${stored
      .filter((category) => !empty.includes(category))
      .map(
        (category) =>
          html`<candor-stored
            .copy=${copy}
            .language=${language}
            .category=${category}
            .correct=${(id: string, value: string) => this.#correct(id, value)}
          ></candor-stored>`,
      )}
    ${empty.length ? html`<p class="soft">${copy.nothingOf(empty.map(({ title }) => title).join(" · "))}</p>` : nothing}`;
  }

  #take(): TemplateResult {
    const { language } = this;
    const copy = this.#copy;
    const button = (format: Format, label: string): TemplateResult =>
      html`<button type="button" class="button" @click=${() => void this.#download((client) => client.export(format, language))}>${label}</button>`;
    return html`<section class="part" aria-labelledby="take">
      ${heading(this.level + 1, copy.take, "take")}
      <p class="soft">${copy.takeText}</p>
      <div class="pair">${button("html", copy.asPage)}${button("json", copy.asData)}</div>
    </section>`;
  }

  #erasure(overview: PrivacyOverview): TemplateResult {
    const copy = this.#copy;
    return html`<section class="part" aria-labelledby="erase">
      ${heading(this.level + 1, copy.erase, "erase")}
      <p class="soft">${copy.eraseText}</p>
      <candor-erasure
        .copy=${copy}
        .language=${this.language}
        .level=${this.level + 2}
        .conversations=${overview.conversations}
        .erase=${(what: What, id: string) => this.#erase(what, id)}
      ></candor-erasure>
    </section>`;
  }

  #receiptCard(receipt: NewErasureReceipt): TemplateResult {
    return html`<candor-receipt
      .copy=${this.#copy}
      .language=${this.language}
      .level=${this.level + 1}
      .receipt=${receipt}
      @candor-keep=${(event: CustomEvent<{ format: Format }>) =>
        void this.#download((client) => client.receiptFile(receipt, event.detail.format, this.language))}
    ></candor-receipt>`;
  }

  #note(text: string, kind: string): TemplateResult {
    return html`<div class="note ${kind}">
      <span>${text}</span>
      <button type="button" class="button small" aria-label=${this.#copy.dismiss}>✕</button>
    </div>`;
  }

  #tell(said: string, problem: string): void {
    this.said = said;
    this.problem = problem;
  }

  /** Reads everything anew; what is shown stays until the answer is here. Asked twice at once, it reads twice, one by one. */
  async #read(): Promise<void> {
    this.#readAgain = this.#reading;
    const { client, language } = this;
    if (this.#reading || !client || this.erased) return;
    this.#reading = true;
    this.unread = "";
    try {
      const overview = await client.overview(language);
      if (client === this.client && !this.erased) this.overview = overview;
    } catch (error) {
      this.#cannotRead(error);
    }
    this.#reading = false;
    if (this.#readAgain) await this.#read();
  }

  #cannotRead(error: unknown): void {
    this.gone = error instanceof ApiError && [401, 404, 410].includes(error.status);
    if (this.gone) this.overview = null;
    else if (this.overview) this.#tell("", this.#copy.loadFailed);
    else this.unread = this.#copy.loadFailed;
  }

  async #choose(purpose: string, choice: Choice): Promise<void> {
    if (!this.client) return;
    try {
      await this.client.choose(purpose, choice);
      this.#tell("", "");
      await this.#read();
    } catch (error) {
      this.#tell("", refusalOf(error) ?? this.#copy.choiceFailed);
    }
  }

  async #correct(itemId: string, value: string): Promise<void> {
    if (!this.client) return;
    await this.client.correct(itemId, value);
    await this.#read();
  }

  async #download(fetchIt: (client: PrivacyClient) => Promise<Fetched>): Promise<void> {
    const client = this.client ?? this.#formerClient;
    if (!client) return;
    this.#tell(this.#copy.fetching, "");
    try {
      const file = await fetchIt(client);
      this.save(file);
      this.#tell(this.#copy.downloaded(file.name), "");
    } catch (error) {
      this.#tell("", refusalOf(error) ?? this.#copy.downloadFailed);
    }
  }

  async #erase(what: What, conversationId: string): Promise<void> {
    const { client, overview } = this;
    if (!client || !overview) return;
    const receipt = await client.erase(what, conversationId, this.language);
    const here = overview.conversations.find((one) => one.this)?.id ?? "";
    this.#formerClient = client;
    this.receipt = receipt;
    if (receipt.conversations.includes(here)) {
      this.erased = true;
      this.overview = null;
      emit(this, "candor-erased");
    } else void this.#read();
    void this.#follow(client, receipt);
    await this.updateComplete;
    focusOn(this, "candor-receipt");
  }

  /** Asks for the receipt until every store is done with, for as long as it is shown. */
  async #follow(client: PrivacyClient, asked: NewErasureReceipt): Promise<void> {
    const shown = (): boolean => this.isConnected && this.receipt?.request_id === asked.request_id && !this.receipt.done_at;
    for (let pause = FIRST_PAUSE; shown(); pause = Math.min(pause * 2, LONGEST_PAUSE)) {
      await this.wait(pause);
      const receipt = await client.receipt(asked, this.language).catch(() => null);
      if (receipt && shown()) this.receipt = { ...receipt, receipt_token: asked.receipt_token };
    }
  }
}

define("candor-privacy-centre", PrivacyCentre);
