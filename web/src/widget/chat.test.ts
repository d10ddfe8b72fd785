import type { LitElement } from "lit";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { overview, receipt } from "../privacy/samples.ts";
import { all, one, said } from "../shared/testing.ts";
import { KEY } from "./stored-entry.ts";
import { Chat } from "./chat.ts";
import { Widget } from "./widget.ts";

const disclosure = { version: "1", language: "en", title: "You are talking to an AI", text: "I am an AI." };
const state = {
  conversation_id: "con_1",
  language: "en",
  owner: "assistant",
  human_name: null,
  signed_in: false,
  customer_name: null,
  disclosure_shown: false,
  handoff: null,
  consents: [],
  merge: null,
  gpc: false,
  policy: { version: "1", published_at: null, url: "/policies/privacy/1", changes_url: null },
  contests: [],
  last_event_id: 1,
};

let calls: string[];
let posted: string[];
let send: (name: string, id: number, data: unknown) => void;
let end: () => void;

/** A gateway that answers every call and whose events the test sends. */
function gateway(url: string, init: RequestInit = {}): Promise<Response> {
  const path = new URL(url).pathname;
  calls.push(`${init.method ?? "GET"} ${path}`);
  if (path.endsWith("/messages")) posted.push((JSON.parse(String(init.body)) as { text: string }).text);
  if (path.endsWith("/events")) return Promise.resolve(new Response(stream(), { status: 200 }));
  if (path.endsWith("/disclosure")) return Promise.resolve(new Response(null, { status: 204 }));
  const bodies: Record<string, unknown> = {
    "/api/widget": { company: "Fern & Hale", assistant_name: "AI assistant", disclosure },
    "/api/conversations": { conversation_id: "con_1", token: "t", disclosure, state },
    "/api/conversations/con_1": { ...state, disclosure_shown: true },
    "/api/conversations/con_1/privacy": overview(),
    "/api/conversations/con_1/privacy/erasure": receipt({ done_at: "2026-11-27T10:11:00Z" }),
    "/api/conversations/con_1/consent": { purpose: "order_history", state: "withdrawn", scope: null, until: null },
  };
  return Promise.resolve(new Response(JSON.stringify(bodies[path] ?? {}), { status: 200 }));
}

function stream(): ReadableStream<Uint8Array> {
  return new ReadableStream({
    start(controller) {
      end = () => controller.close();
      send = (name, id, data) =>
        controller.enqueue(new TextEncoder().encode(`id: ${id}\nevent: ${name}\ndata: ${JSON.stringify(data)}\n\n`));
    },
  });
}

async function widget(): Promise<Widget> {
  const element = new Widget();
  element.load = () => import("./chat.ts");
  element.base = "http://127.0.0.1:1";
  document.body.replaceChildren(element);
  await new Promise((resolve) => setTimeout(resolve));
  return element;
}

/** Only there once it has been loaded. */
function chat(element: Widget): Chat {
  const found = element.shadowRoot?.querySelector("candor-chat");
  if (!(found instanceof Chat)) throw new Error("The chat is not loaded.");
  return found;
}

const onScreen = (height: number): void => {
  vi.spyOn(Element.prototype, "getBoundingClientRect").mockReturnValue({ height } as DOMRect);
};
const locked = (element: Widget): boolean => one<HTMLElement & { locked: boolean }>(chat(element), "candor-composer").locked;
const read = (element: Widget): string[] => all(chat(element), "[role=log] p").map(said);
const says = (id: string, text: string): unknown => ({ id, author: "assistant", author_name: "AI assistant", text, buttons: [] });

/** Opens the privacy centre and waits until it shows what it was answered. */
async function privacy(element: Widget): Promise<LitElement> {
  one(chat(element), "candor-header").dispatchEvent(new CustomEvent("candor-privacy", { bubbles: true }));
  await chat(element).updateComplete;
  const centre = one<LitElement>(chat(element), "candor-privacy-centre");
  await vi.waitFor(() => expect(one<LitElement>(centre, "candor-purposes").renderRoot.querySelector("[role=switch]")).not.toBeNull());
  return centre;
}

beforeEach(() => {
  calls = [];
  posted = [];
  localStorage.clear();
  vi.stubGlobal("fetch", vi.fn(gateway));
  onScreen(100);
});
afterEach(() => {
  document.body.replaceChildren();
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

describe("<candor-widget>", () => {
  it("asks for nothing and writes nothing before it is opened", async () => {
    const element = await widget();
    element.load = vi.fn();
    element.identify("token");
    await new Promise((resolve) => setTimeout(resolve));
    expect([calls, localStorage.length, document.cookie, element.shadowRoot?.querySelector("candor-chat")]).toEqual([[], 0, "", null]);
    expect(element.load).not.toHaveBeenCalled();
  });
  it("begins the conversation as the one who the page said the visitor is, also after it was moved", async () => {
    const element = await widget();
    element.identify("token");
    element.open();
    await vi.waitFor(() => expect(locked(element)).toBe(false));
    const bodies = (): unknown[] => vi.mocked(fetch).mock.calls.map(([, init]) => JSON.parse(String(init?.body ?? "{}")) as unknown);
    expect(bodies()).toContainEqual({ language: "en", identity_token: "token" });
    vi.mocked(fetch).mockClear();
    document.body.append(element);
    await vi.waitFor(() => expect(bodies()).toContainEqual({ identity_token: "token" }));
  });
  it("unlocks the composer once the disclosure was on the screen and is on record", async () => {
    const element = await widget();
    element.open();
    await vi.waitFor(() => expect(locked(element)).toBe(false));
    expect(calls).toContain("POST /api/conversations/con_1/disclosure");
  });
  it("confirms no disclosure that cannot be seen", async () => {
    onScreen(0);
    const element = await widget();
    element.open();
    await vi.waitFor(() => expect(calls).toContain("GET /api/conversations/con_1/events"));
    await new Promise((resolve) => setTimeout(resolve, 60));
    expect([locked(element), calls.some((call) => call.endsWith("/disclosure"))]).toEqual([true, false]);
  });
  it("reads out what is new and not what was there before", async () => {
    const element = await widget();
    element.open();
    await vi.waitFor(() => expect(calls).toContain("GET /api/conversations/con_1/events"));
    send("message", 1, says("m1", "Old."));
    send("message", 2, says("m2", "New."));
    await vi.waitFor(() => expect(read(element)).toEqual(["AI Assistant: New."]));
  });
  it("counts what came while it was closed", async () => {
    const element = await widget();
    element.open();
    await vi.waitFor(() => expect(calls).toContain("GET /api/conversations/con_1/events"));
    await element.close();
    send("message", 2, says("m2", "New."));
    await vi.waitFor(() => expect(said(element.shadowRoot?.querySelector("button") ?? null)).toContain("1 new message"));
  });
  it("closes on Escape and gives the focus back to the launcher", async () => {
    const element = await widget();
    element.open();
    await vi.waitFor(() => expect(locked(element)).toBe(false));
    one(chat(element), "candor-composer").focus();
    one(chat(element), ".panel").dispatchEvent(new KeyboardEvent("keydown", { key: "Escape", bubbles: true }));
    await vi.waitFor(() => expect(element.shadowRoot?.activeElement?.localName).toBe("button"));
    expect(one<HTMLDialogElement>(chat(element), ".panel").open).toBe(false);
  });
  it("is open again after a reload if it was left open, without taking the focus", async () => {
    const before = await widget();
    before.open();
    await vi.waitFor(() => expect(locked(before)).toBe(false));
    before.remove();
    const after = await widget();
    await vi.waitFor(() => expect(locked(after)).toBe(false));
    expect([after.shadowRoot?.activeElement, chat(after).shadowRoot?.activeElement]).toEqual([null, null]);
    expect(calls.filter((call) => call === "POST /api/conversations").length).toBe(1);
  });
  it("says so when the connection stays lost, and no longer when it is back", async () => {
    const element = await widget();
    element.open();
    await vi.waitFor(() => expect(locked(element)).toBe(false));
    const back = vi.mocked(fetch).getMockImplementation();
    vi.mocked(fetch).mockRejectedValue(new TypeError("failed"));
    end();
    await vi.waitFor(() => expect(said(one(chat(element), ".banner"))).toBe("Connecting again…"), { timeout: 8_000 });
    if (back) vi.mocked(fetch).mockImplementation(back);
    window.dispatchEvent(new Event("online"));
    await vi.waitFor(() => expect(all(chat(element), ".banner").length).toBe(0), { timeout: 8_000 });
  }, 20_000);
  it("shows the privacy centre in place of the chat and has the focus in it, then the chat again", async () => {
    const element = await widget();
    element.open();
    await vi.waitFor(() => expect(locked(element)).toBe(false));
    const centre = await privacy(element);
    expect(chat(element).shadowRoot?.activeElement).toBe(centre);
    expect([one(chat(element), "candor-composer").hidden, all(chat(element), "candor-messages").length]).toEqual([true, 0]);
    centre.dispatchEvent(new CustomEvent("candor-back", { bubbles: true }));
    await vi.waitFor(() => expect(chat(element).shadowRoot?.activeElement?.localName).toBe("candor-composer"));
    expect([one(chat(element), "candor-composer").hidden, all(chat(element), "candor-messages").length]).toEqual([false, 1]);
  });
  it("opens the page of the privacy centre with the conversation's key behind the #", async () => {
    const element = await widget();
    element.open();
    await vi.waitFor(() => expect(locked(element)).toBe(false));
    const opened = vi.spyOn(window, "open").mockReturnValue(null);
    (await privacy(element)).dispatchEvent(new CustomEvent("candor-page", { bubbles: true }));
    const address = "http://127.0.0.1:1/privacy#conversation=con_1&token=t&language=en";
    expect(opened).toHaveBeenCalledExactlyOnceWith(address, "_blank", "noopener");
  });
  it("keeps nothing of an erased conversation and begins a new one when the visitor wants one", async () => {
    const element = await widget();
    element.open();
    await vi.waitFor(() => expect(locked(element)).toBe(false));
    chat(element).news = [{ text: "Your order FH-204817 is on its way.", lang: null }];
    const centre = await privacy(element);
    centre.dispatchEvent(new CustomEvent("candor-erased", { bubbles: true }));
    expect([localStorage.length, chat(element).news]).toEqual([0, []]);
    centre.dispatchEvent(new CustomEvent("candor-back", { bubbles: true }));
    await vi.waitFor(() => expect(calls.filter((call) => call === "POST /api/conversations").length).toBe(2));
  });
  it("lets go when another tab had the conversation erased, and waits to be asked for a new one", async () => {
    const element = await widget();
    element.open();
    await vi.waitFor(() => expect(locked(element)).toBe(false));
    localStorage.removeItem(KEY);
    window.dispatchEvent(Object.assign(new Event("storage"), { key: KEY, newValue: null }));
    await chat(element).updateComplete;
    expect(said(one(chat(element), ".starting"))).toContain("The conversation is erased.");
    expect([localStorage.length, calls.filter((call) => call === "POST /api/conversations").length]).toEqual([0, 1]);
    one(chat(element), ".starting button").click();
    await vi.waitFor(() => expect(calls.filter((call) => call === "POST /api/conversations").length).toBe(2));
  });
  it("sends a yes as the card's button with the visitor's own choice of how long", async () => {
    const element = await widget();
    element.open();
    await vi.waitFor(() => expect(locked(element)).toBe(false));
    const buttons = [
      { title: "Allow", payload: '/allow_consent{"purpose": "order_history", "scope": "conversation"}' },
      { title: "No thanks", payload: '/refuse_consent{"purpose": "order_history"}' },
    ];
    const choose = (detail: object): boolean =>
      one(chat(element), "candor-messages").dispatchEvent(
        new CustomEvent("candor-choose", { detail: { purpose: "order_history", message: { buttons }, ...detail }, bubbles: true }),
      );
    choose({ choice: "allow", scope: "once" });
    choose({ choice: "refuse" });
    choose({ choice: "withdraw" });
    await vi.waitFor(() =>
      expect(posted).toEqual([
        '/allow_consent{"purpose": "order_history", "scope": "once"}',
        '/refuse_consent{"purpose": "order_history"}',
      ]),
    );
    await vi.waitFor(() => expect(calls).toContain("POST /api/conversations/con_1/consent"));
  });
  it("keeps what happens inside from the page around it", async () => {
    const element = await widget();
    const leaked = vi.fn();
    for (const name of ["send", "press", "choose", "leave", "erased"]) document.addEventListener(name, leaked);
    element.open();
    await vi.waitFor(() => expect(locked(element)).toBe(false));
    one(chat(element), "candor-composer").dispatchEvent(
      new CustomEvent("candor-send", { detail: { text: "x" }, bubbles: true, composed: false }),
    );
    await vi.waitFor(() => expect(calls).toContain("POST /api/conversations/con_1/messages"));
    expect(leaked).not.toHaveBeenCalled();
  });
});
