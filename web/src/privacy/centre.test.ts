import { beforeEach, describe, expect, it, vi } from "vitest";
import type { NewErasureReceipt, PrivacyOverview, ErasureReceipt } from "../shared/api.ts";
import { ApiError, type Fetched } from "../shared/http.ts";
import { all, heard, mount, one, said } from "../shared/testing.ts";
import type { PrivacyClient } from "./api.ts";
import { PrivacyCentre } from "./centre.ts";
import { copies } from "./copy.ts";
import type { Erasure } from "./erasure.ts";
import { consent, overview, receipt } from "./samples.ts";

const file = (name: string): Fetched => ({ name, content: new Blob(["x"]) });

/** A gateway in memory. */
class FakeClient {
  now: PrivacyOverview = overview();
  calls: string[] = [];
  failure: ApiError | null = null;
  answers: ErasureReceipt[] = [];

  private called(call: string): void {
    this.calls.push(call);
    if (this.failure) throw this.failure;
  }
  async overview(language: string): Promise<PrivacyOverview> {
    this.called(`overview ${language}`);
    return this.now;
  }
  async choose(purpose: string, choice: string): Promise<unknown> {
    this.called(`choose ${purpose} ${choice}`);
    const state = choice === "allow" ? "given" : "withdrawn";
    this.now = { ...this.now, purposes: this.now.purposes.map((one) => (one.purpose === purpose ? { ...one, state } : one)) };
    return { purpose, state, scope: null, until: null };
  }
  async correct(id: string, value: string): Promise<unknown> {
    this.called(`correct ${id} ${value}`);
    return {};
  }
  async erase(what: string, id: string): Promise<NewErasureReceipt> {
    this.called(`erase ${what} ${id}`);
    return receipt({ conversations: [id] });
  }
  async receipt(): Promise<ErasureReceipt> {
    this.called("receipt");
    return this.answers.shift() ?? receipt({ done_at: "2026-11-27T10:11:00Z", sentence: "All is erased." });
  }
  async export(format: string): Promise<Fetched> {
    this.called(`export ${format}`);
    return file(`my-data.${format}`);
  }
  async records(): Promise<Fetched> {
    this.called("records");
    return file("records.jsonld");
  }
  async choiceReceipt(record: string, format: string): Promise<Fetched> {
    this.called(`choice receipt ${record} ${format}`);
    return file("receipt.html");
  }
  async receiptFile(_receipt: NewErasureReceipt, format: string): Promise<Fetched> {
    this.called(`receipt ${format}`);
    return file("erasure.html");
  }
  address(path: string): string {
    return `http://127.0.0.1:1${path}`;
  }
}

let client: FakeClient;
let saved: string[];

beforeEach(() => {
  client = new FakeClient();
  saved = [];
});

async function centre(more: Partial<PrivacyCentre> = {}): Promise<PrivacyCentre> {
  const element = new PrivacyCentre();
  element.wait = () => Promise.resolve();
  element.save = ({ name }) => void saved.push(name);
  await mount(element, { client: client as unknown as PrivacyClient, ...more });
  await vi.waitFor(() => expect(element.overview || element.unread || element.gone).toBeTruthy());
  await element.updateComplete;
  return element;
}
/** Through every shadow root below `root`. */
function deep<T extends Element = HTMLElement>(root: Element, selector: string): T[] {
  const inside = root.shadowRoot ?? root;
  const here = [...inside.querySelectorAll<T>(selector)];
  return [...here, ...[...inside.querySelectorAll("*")].flatMap((each) => (each.shadowRoot ? deep<T>(each, selector) : []))];
}
const erasing = (element: PrivacyCentre): Erasure => one<Erasure>(element, "candor-erasure");
const calls = (name: string): string[] => client.calls.filter((call) => call.startsWith(name));

describe("<candor-privacy-centre>", () => {
  it("says first what may be used, and has every other part under its heading, in order of depth", async () => {
    const element = await centre();
    const levels = deep(element, "h1, h2, h3, h4, h5, h6").map((found) => [found.localName, said(found)]);
    expect(levels[0]).toEqual(["h3", "Your privacy"]);
    expect(levels.filter(([name]) => name === "h4").map(([, text]) => text)).toEqual([
      "What may be used",
      "Take it with you",
      "Erase",
      "What is always needed",
      "What is stored 3 entries",
      "Who looked, and why 1 entry",
      "Your choices so far 1 entry",
      "How long it is kept",
      "Questions, complaints, privacy notice",
    ]);
  });
  it("names what nothing is stored of, and lists the rest", async () => {
    const element = await centre();
    expect(all(element, "candor-stored").length).toBe(2);
    expect(said(one(element, ".centre"))).toContain("Nothing is stored here: Messages proposed as training examples");
  });
  it("says that the browser's signal is honoured when there is one, and only then", async () => {
    expect(all(await centre(), ".gpc").length).toBe(0);
    client.now = overview({ gpc: true });
    expect(said(one(await centre(), ".gpc"))).toBe(copies.en.gpcGeneral);
  });
  it("switches with one press and shows what came of it", async () => {
    const element = await centre();
    deep(element, "[role=switch]")[0]?.click();
    await vi.waitFor(() => expect(calls("overview").length).toBe(2));
    await vi.waitFor(() => expect(deep(element, "[role=switch]")[0]?.getAttribute("aria-checked")).toBe("true"));
    expect(calls("choose")).toEqual(["choose order_history allow"]);
  });
  it("says so when a choice could not be saved", async () => {
    const element = await centre();
    client.failure = new ApiError(0, "offline", "Not reached.");
    deep(element, "[role=switch]")[0]?.click();
    await vi.waitFor(() => expect(said(one(element, "[role=alert]"))).toContain(copies.en.choiceFailed));
    expect(deep(element, "[role=switch]")[0]?.getAttribute("aria-checked")).toBe("false");
  });
  it("reads again when a choice was made elsewhere, or in the other language", async () => {
    const element = await centre({ version: 1 });
    client.now = overview({ purposes: [consent({ state: "given" })] });
    element.version = 2;
    await vi.waitFor(() => expect(deep(element, "[role=switch]")[0]?.getAttribute("aria-checked")).toBe("true"));
    element.language = "zh";
    await vi.waitFor(() => expect(client.calls.at(-1)).toBe("overview zh"));
    await vi.waitFor(() => expect(said(one(element, "h3"))).toBe("我的隐私"));
  });
  it("can be tried again when it could not be read", async () => {
    client.failure = new ApiError(0, "offline", "Not reached.");
    const element = await centre();
    expect(said(one(element, ".warn"))).toContain(copies.en.loadFailed);
    client.failure = null;
    one(element, ".warn button").click();
    await vi.waitFor(() => expect(element.overview).not.toBeNull());
  });
  it("shows nothing of a conversation that is gone", async () => {
    client.failure = new ApiError(404, "conversation_unknown", "Open a new one.");
    const element = await centre();
    expect(said(one(element, ".centre"))).toContain(copies.en.tooLate);
    expect(all(element, "button").length).toBe(0);
  });
  it("shows nothing more once the conversation was erased elsewhere", async () => {
    const element = await centre({ embedded: true });
    element.client = null;
    await element.updateComplete;
    expect(said(one(element, ".centre"))).toContain(copies.en.tooLate);
    expect(element.overview).toBeNull();
    expect(said(one(element, ".ways"))).toBe(copies.en.newChat);
  });
  it("downloads everything in both forms, the records, and the receipt of a choice", async () => {
    const element = await centre();
    for (const button of all(element, "[aria-labelledby=take] button")) button.click();
    deep(element, ".records button")[0]?.click();
    deep(element, ".receipts button")[0]?.click();
    await vi.waitFor(() => expect(saved).toEqual(["my-data.html", "my-data.json", "records.jsonld", "receipt.html"]));
    await vi.waitFor(() => expect(said(one(element, ".said"))).toContain("Downloaded: receipt.html"));
  });
  it("says so when a file could not be fetched", async () => {
    const element = await centre();
    client.failure = new ApiError(503, "starting", "Wait.");
    one(element, "[aria-labelledby=take] button").click();
    await vi.waitFor(() => expect(said(one(element, "[role=alert]"))).toContain(copies.en.downloadFailed));
    expect(saved).toEqual([]);
  });
  it("lets go of an erased conversation and follows its receipt until all is done", async () => {
    const element = await centre({ embedded: true });
    const erased = heard(element, "candor-erased");
    client.answers = [receipt({ sentence: "Still at it." })];
    await erasing(element).erase("conversation", "con_1");
    element.client = null; // what the chat does
    await vi.waitFor(() =>
      expect(said(one(element, "candor-receipt").shadowRoot?.querySelector("[role=status]") ?? null)).toBe("All is erased."),
    );
    expect([erased.length, calls("receipt").length, all(element, "candor-purposes").length]).toEqual([1, 2, 0]);
    expect(said(one(element, ".ways"))).toBe("Start a new chat");
    deep(element, "[part=receipt] .pair button")[0]?.click();
    await vi.waitFor(() => expect(saved).toEqual(["erasure.html"]));
  });
  it("goes on with the rest when another conversation was erased", async () => {
    const element = await centre();
    const erased = heard(element, "candor-erased");
    await erasing(element).erase("conversation", "con_0");
    await vi.waitFor(() => expect(calls("overview").length).toBe(2));
    expect([erased.length, all(element, "candor-receipt").length, all(element, "candor-purposes").length]).toEqual([0, 1, 1]);
  });
  it("shows nothing of one conversation in the next", async () => {
    client.now = overview({ customer_name: "Bruno", signed_in: true });
    const element = await centre();
    expect(said(one(element, ".centre"))).toContain("Bruno");
    const next = new FakeClient();
    let answer = (_overview: PrivacyOverview): void => undefined;
    next.overview = () => new Promise((resolve) => (answer = resolve));
    element.client = next as unknown as PrivacyClient;
    await element.updateComplete;
    expect(said(one(element, ".centre"))).not.toContain("Bruno");
    answer(overview({ customer_name: "Cleo", signed_in: true }));
    await vi.waitFor(() => expect(said(one(element, ".centre"))).toContain("Cleo"));
  });
  it("leads back to the chat, and to its page", async () => {
    const element = await centre({ embedded: true });
    const [back, page] = [heard(element, "candor-back"), heard(element, "candor-page")];
    for (const button of all(element, ".ways button")) button.click();
    expect([back.length, page.length]).toEqual([1, 1]);
  });
});
