import { afterEach, describe, expect, it, vi } from "vitest";
import { all, heard, mount, one, said } from "../shared/testing.ts";
import { type Address, HOME } from "./address.ts";
import { NO_CHOICES } from "./choices.ts";
import { DecisionsPage } from "./decisions-page.ts";
import { blur, decision, json, summary } from "./samples.ts";
import { ReviewSession } from "./session.ts";

const rows = ["dec_1", "dec_2"].map((decision_id) => summary({ decision_id }));
const reasons = [{ code: "fine", title: "Nothing to improve", verdicts: ["right"] }];
let asked: string[];

function answerTo(url: string, init?: RequestInit): Response {
  asked.push(`${init?.method} ${url}`);
  const path = url.split("?")[0]!;
  if (path.endsWith("/choices")) return json({ ...NO_CHOICES, reasons });
  if (path.endsWith("/decisions")) return json({ decisions: rows, next_cursor: null, more: false });
  if (path.includes("/queues/")) return json({ queue: "random", title: "A fair sample", explanation: "Drawn by chance.", decisions: rows });
  if (path.endsWith("/reviews"))
    return json(
      { review_id: "rev_1", decision_id: "dec_1", reviewer: "Ruth", verdict: "right", reason: "fine", at: "2026-11-23T10:00:00Z" },
      201,
    );
  if (path.endsWith("/conversation")) return json({ conversation_id: "con_1", language: "en", erased: false, messages: [], decisions: [] });
  if (path.endsWith("/proof")) return json({ error: { code: "broken", message: "Not now." } }, 500);
  const id = path.split("/").at(-1)!;
  return json(decision({ decision_id: id, payload: "{}", explanation: { title: `Decision ${id}`, text: "", facts: [] } }));
}

/** The page in a shell that follows it where it wants to go. */
async function page(address: Partial<Address> = {}): Promise<DecisionsPage> {
  asked = [];
  vi.spyOn(globalThis, "fetch").mockImplementation((url, init) => Promise.resolve(answerTo(String(url), init)));
  const element = new DecisionsPage();
  element.addEventListener("candor-go", (event) => (element.address = (event as CustomEvent<Address>).detail));
  await mount(element, {
    address: { ...HOME, ...address },
    session: new ReviewSession({ name: "Ruth", login: "ruth", roles: ["reviewer"] }),
  });
  await vi.waitFor(() => expect(listed(element)).toBe(2));
  return element;
}

const listed = (element: DecisionsPage): number =>
  element.renderRoot.querySelector("candor-decision-list")?.shadowRoot?.querySelectorAll("a").length ?? 0;
const title = (element: DecisionsPage): string => said(view(element)?.querySelector("h2") ?? null);
const view = (element: DecisionsPage): ShadowRoot | null | undefined =>
  element.renderRoot.querySelector("candor-decision-view")?.shadowRoot;
const opened = (element: DecisionsPage, id: string): Promise<void> => vi.waitFor(() => expect(title(element)).toBe(`Decision ${id}`));

function press(element: DecisionsPage, key: string): boolean {
  let meant = false;
  const take = (event: KeyboardEvent): void => void (meant = element.press(event));
  document.body.addEventListener("keydown", take, { once: true });
  document.body.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true }));
  return meant;
}

afterEach(() => {
  blur();
  sessionStorage.clear();
  vi.restoreAllMocks();
  document.body.replaceChildren();
});

describe("DecisionsPage", () => {
  it("opens one, then the next, and says when there is none left", async () => {
    const element = await page({ decision: "dec_1" });
    await opened(element, "dec_1");
    expect(press(element, "n")).toBe(true);
    await opened(element, "dec_2");
    press(element, "n");
    await element.updateComplete;
    expect(said(one(element, "[role=status]"))).toBe("This was the last decision of the list.");
  });
  it("sends the reason for the look, and keeps it for the session", async () => {
    const element = await page();
    const select = one<HTMLSelectElement>(element, "#why");
    select.value = "complaint";
    select.dispatchEvent(new Event("change"));
    element.address = { ...HOME, decision: "dec_2" };
    await opened(element, "dec_2");
    expect(asked).toContain("GET /api/review/decisions/dec_2?why=complaint");
    expect(all(await page(), "#why option[selected]").map(said)).toEqual(["Complaint"]);
  });
  it("exports what is filtered, with the reason", async () => {
    const element = await page({ filters: { kind: "gate" } });
    expect(all<HTMLAnchorElement>(element, ".export a").map((link) => link.getAttribute("href"))).toEqual([
      "/api/review/export.jsonl?kind=gate&why=review",
      "/api/review/export.csv?kind=gate&why=review",
    ]);
  });
  it("works through a queue without filters", async () => {
    const element = await page({ queue: "random", decision: "dec_1" });
    expect(said(one(element, ".top h2"))).toBe("A fair sample");
    expect(all(element, "candor-filter-form, .export")).toEqual([]);
    await opened(element, "dec_1");
    press(element, "n");
    await opened(element, "dec_2");
    expect(element.address.queue).toBe("random");
  });
  it("records a verdict by keyboard and marks the row", async () => {
    const element = await page({ decision: "dec_1" });
    await opened(element, "dec_1");
    expect(press(element, "1")).toBe(true);
    const form = view(element)!.querySelector("candor-review-form")!.shadowRoot!;
    await vi.waitFor(() => expect(form.querySelector("select")).not.toBeNull());
    blur();
    form.querySelector("form")!.dispatchEvent(new Event("submit", { cancelable: true }));
    await vi.waitFor(() => expect(said(view(element)!.querySelector(".done"))).toContain("Your review is on record."));
    const list = element.renderRoot.querySelector("candor-decision-list")!;
    await vi.waitFor(() => expect(said(list.shadowRoot!.querySelector(".marks"))).toContain("Reviewed: right"));
    expect(asked).toContain("POST /api/review/decisions/dec_1/reviews");
  });
  it("looks at the conversation only when asked to, and closes it with Escape", async () => {
    const element = await page({ decision: "dec_1" });
    await opened(element, "dec_1");
    expect(asked.some((call) => call.includes("/conversation"))).toBe(false);
    press(element, "c");
    await vi.waitFor(() => expect(asked).toContain("GET /api/review/decisions/dec_1/conversation?why=review"));
    expect(press(element, "Escape")).toBe(true);
    await element.updateComplete;
    expect(all(element, "candor-conversation-panel")).toEqual([]);
  });
  it("leaves keys alone that mean nothing without an open decision", async () => {
    const element = await page();
    expect(["1", "r", "c", "p", "x", "Escape"].map((key) => press(element, key))).toEqual([false, false, false, false, false, false]);
  });
  it("asks for other decisions when filters change, and for nothing again when one is opened", async () => {
    const element = await page();
    const went = heard<Address>(element, "candor-go");
    const lists = (): number => asked.filter((call) => call.startsWith("GET /api/review/decisions?")).length;
    one(element, "candor-filter-form").dispatchEvent(new CustomEvent("candor-filters", { detail: { kind: "gate" } }));
    await vi.waitFor(() => expect(asked).toContain("GET /api/review/decisions?kind=gate&limit=50"));
    expect([went.length, lists()]).toEqual([1, 2]);
    element.address = { ...element.address, decision: "dec_1" };
    await opened(element, "dec_1");
    expect(lists()).toBe(2);
  });
});
