import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { ContestedDecision } from "../shared/api.ts";
import type { Address } from "./address.ts";
import type { Opening } from "./console-page.ts";
import { ContestsPage, sorted } from "./contests-page.ts";
import { type Asked, Refusal, serve, settled, shown, textOf } from "../shared/testing.ts";
import { ReviewSession } from "./session.ts";

const contest = (id: string, change: Partial<ContestedDecision> = {}): ContestedDecision => ({
  id,
  decision_id: `decision-of-${id}`,
  conversation_id: "c1",
  message_id: `m-${id}`,
  state: "open",
  language: "zh",
  at: "2026-11-23T10:00:00Z",
  reason: null,
  contact: null,
  reply: null,
  decided_at: null,
  reviewer: null,
  words: null,
  ...change,
});
const WHOLE = { reply: "Refunds take a year.", reason: "That cannot be.", contact: "ada@example.com" };
const API = "/api/review/contests";
const ruth = new ReviewSession({ name: "Ruth", login: "ruth", roles: ["reviewer"] });

describe("contests", () => {
  let calls: Asked[];
  let page: ContestsPage;
  let left: Partial<ContestedDecision>;
  let refusal: Refusal | null;
  const view = (): ShadowRoot => page.renderRoot.querySelector("candor-contest-view")!.shadowRoot!;
  const rows = (): HTMLElement[] => [...page.renderRoot.querySelectorAll<HTMLElement>("ul button")];
  const posted = (): Asked | undefined => calls.find((one) => one.method === "POST");
  async function open(id: string): Promise<void> {
    rows()
      .find((row) => row.dataset["id"] === id)
      ?.click();
    await page.updateComplete;
    await settled(page);
  }
  function write(words: string): void {
    const area = view().querySelector("textarea")!;
    area.value = words;
    area.dispatchEvent(new Event("input"));
  }
  function choose(at: number): void {
    const radio = view().querySelectorAll<HTMLInputElement>('input[type="radio"]')[at]!;
    radio.checked = true;
    radio.dispatchEvent(new Event("change"));
  }
  async function send(): Promise<void> {
    view()
      .querySelector("form")!
      .dispatchEvent(new Event("submit", { cancelable: true }));
    await settled(page);
  }

  beforeEach(async () => {
    left = WHOLE;
    refusal = null;
    calls = serve({
      [`GET ${API}`]: () => ({
        contests: [
          contest("new", { at: "2026-11-23T12:00:00Z" }),
          contest("old", { at: "2026-11-20T12:00:00Z" }),
          contest("done", { state: "upheld", decided_at: "2026-11-22T12:00:00Z", reviewer: "Sam" }),
        ],
      }),
      [`GET ${API}/old`]: () => contest("old", left),
      [`GET ${API}/new`]: () => contest("new", { reply: "Something else." }),
      [`GET ${API}/done`]: () => contest("done", { state: "upheld", words: "It does.", reviewer: "Sam", reply: "So it is." }),
      [`POST ${API}/old`]: ({ body }) =>
        refusal ?? contest("old", { ...left, state: (body as { outcome: "upheld" }).outcome, words: "We are sorry.", reviewer: "Ruth" }),
    });
    page = new ContestsPage();
    page.session = ruth;
    await shown(page);
  });
  afterEach(() => {
    page.remove();
    vi.unstubAllGlobals();
  });

  it("stand in the order in which they wait, decided ones below", () =>
    expect(rows().map((row) => row.dataset["id"])).toEqual(["old", "new", "done"]));
  it("are opened with their reason for looking, and only then", async () => {
    expect(calls.map((one) => one.path)).toEqual([API]);
    await open("old");
    expect([calls[1]?.path, calls[1]?.query.get("why")]).toEqual([`${API}/old`, "contest"]);
  });
  it("show the reply, the reason and the address to write to", async () => {
    await open("old");
    expect(textOf(page)).toContain("Refunds take a year.");
    expect(textOf(page)).toContain("That cannot be.");
    expect(view().querySelector('a[href^="mailto:"]')?.getAttribute("href")).toBe("mailto:ada@example.com");
    expect(view().activeElement?.tagName).toBe("H2");
  });
  it("lead to the decision and to its conversation", async () => {
    const opened: Opening[] = [];
    page.addEventListener("candor-open", (event) => opened.push((event as CustomEvent<Opening>).detail));
    await open("old");
    const [decision, conversation] = view().querySelectorAll<HTMLAnchorElement>(".links a");
    decision?.click();
    expect(opened).toEqual([{ id: "decision-of-old" }]);
    expect(conversation?.getAttribute("href")).toBe("/review?conversation=c1");
    const gone: Address[] = [];
    page.addEventListener("candor-go", (event) => gone.push((event as CustomEvent<Address>).detail));
    conversation?.click();
    expect(gone.map((one) => [one.page, one.filters])).toEqual([["decisions", { conversation: "c1" }]]);
  });
  it("are decided with words, and stay in sight", async () => {
    await open("old");
    choose(1);
    write(" We are sorry. ");
    await send();
    expect(posted()?.body).toEqual({ outcome: "overturned", words: "We are sorry.", written: false });
    expect(textOf(view())).toContain("Checked: the reply was wrong");
    expect(rows().map((row) => row.dataset["id"])).toEqual(["new", "done", "old"]);
    expect(page.renderRoot.querySelector('[role="status"]')?.textContent).toContain("1 more to look at");
  });
  it("are sent by Ctrl+Enter too, as a review is", async () => {
    await open("old");
    choose(0);
    write("It stands.");
    const press = (init: KeyboardEventInit): boolean =>
      view()
        .querySelector("textarea")!
        .dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", bubbles: true, ...init }));
    press({});
    await settled(page);
    expect(posted()).toBeUndefined();
    press({ ctrlKey: true });
    await settled(page);
    expect(posted()?.body).toMatchObject({ outcome: "upheld", words: "It stands." });
  });
  it("are not sent without words, or without a verdict", async () => {
    await open("old");
    choose(0);
    await send();
    write("   ");
    await send();
    expect(posted()).toBeUndefined();
  });
  it("ask whether mail was written only where an address was left, and never tick it", async () => {
    await open("old");
    expect(view().querySelector<HTMLInputElement>('input[type="checkbox"]')?.checked).toBe(false);
    left = { ...WHOLE, contact: null };
    await open("new");
    await open("old");
    expect(view().querySelector('input[type="checkbox"]')).toBeNull();
    choose(0);
    write("It stands.");
    await send();
    expect(posted()?.body).toEqual({ outcome: "upheld", words: "It stands." });
  });
  it("keep the words while another one is read", async () => {
    await open("old");
    write("Half a sentence");
    await open("new");
    expect(view().querySelector("textarea")?.value).toBe("");
    await open("old");
    expect(view().querySelector("textarea")?.value).toBe("Half a sentence");
  });
  it("say that a colleague was faster, and what they decided", async () => {
    await open("old");
    choose(0);
    write("It stands.");
    refusal = new Refusal(409, "already_decided", "Sam has decided this one.");
    left = { ...WHOLE, state: "overturned", words: "Sam's words." };
    await send();
    expect(textOf(view())).toContain("Sam has decided this one. Your words were not sent.");
    expect(textOf(view())).toContain("Sam's words.");
  });
  it("keep the words when they could not be sent", async () => {
    await open("old");
    choose(0);
    write("It stands.");
    refusal = new Refusal(503, "busy", "Try again soon.");
    await send();
    expect(textOf(view())).toContain("Try again soon.");
    expect(view().querySelector("textarea")?.value).toBe("It stands.");
  });
  it("are left by Escape for their row in the list", async () => {
    await open("old");
    document.dispatchEvent(new KeyboardEvent("keydown", { key: "Escape" }));
    expect((page.shadowRoot?.activeElement as HTMLElement).dataset["id"]).toBe("old");
  });
  it("show what was decided and by whom", async () => {
    await open("done");
    expect(textOf(view())).toContain("It does.");
    expect(textOf(view())).toContain("Decided by Sam");
    expect(view().querySelector("form")).toBeNull();
  });
});

it("an erased visitor's contest says why there is nothing to read", async () => {
  serve({ [`GET ${API}`]: () => ({ contests: [contest("gone")] }), [`GET ${API}/gone`]: () => contest("gone") });
  const page = await shown(new ContestsPage());
  page.renderRoot.querySelector<HTMLElement>("ul button")?.click();
  await page.updateComplete;
  await settled(page);
  expect(textOf(page)).toContain("the visitor's data was erased");
  page.remove();
  vi.unstubAllGlobals();
});

it("sorted puts the longest waiting first and the newest decision first", () => {
  const { open, decided } = sorted([
    contest("b", { at: "2026-11-23T00:00:00Z" }),
    contest("x", { state: "upheld", decided_at: "2026-11-21T00:00:00Z" }),
    contest("a", { at: "2026-11-22T00:00:00Z" }),
    contest("y", { state: "overturned", decided_at: "2026-11-22T00:00:00Z" }),
  ]);
  expect([open.map((one) => one.id), decided.map((one) => one.id)]).toEqual([
    ["a", "b"],
    ["y", "x"],
  ]);
});
