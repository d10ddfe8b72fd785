import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Agreement, DecisionSummary } from "../shared/api.ts";
import { kappaText, reviewedText } from "./agreement-panel.ts";
import type { Opening } from "./console-page.ts";
import { Feed } from "./feed.ts";
import { type Asked, Refusal, serve, settled, shown, textOf } from "../shared/testing.ts";
import { daysAgo } from "./periods.ts";
import { QueuesPage } from "./queues-page.ts";

const summary = (id: string): DecisionSummary => ({
  decision_id: id,
  timestamp: "2026-11-23T10:00:00Z",
  kind: "understanding",
  intent: "order_status",
  confidence: 0.31,
  outcome: "order_status",
  conversation_id: "c1",
  language: "zh",
  model: null,
  leaf_index: 3,
  summary: `Understanding: decision ${id}`,
  verdict: "wrong",
  contest: null,
});
const page = (queue: string, ids: string[]) => ({
  queue,
  title: `The ${queue} queue`,
  explanation: `Why ${queue}`,
  decisions: ids.map(summary),
});
const AGREEMENT: Agreement = {
  reviewed: 9,
  twice: 4,
  agreed: 3,
  share: 0.75,
  kappa: 0.47,
  disagreements: [
    {
      decision_id: "d9",
      summary: "Understood as thanks",
      verdicts: [
        { reviewer: "Ruth", verdict: "right" },
        { reviewer: "Sam", verdict: "wrong" },
      ],
    },
  ],
};

describe("the queues", () => {
  let calls: Asked[];
  let queues: QueuesPage;
  let opened: Opening[];
  const links = (): HTMLAnchorElement[] => [
    ...(queues.renderRoot.querySelector("candor-summary-rows")?.shadowRoot?.querySelectorAll("a") ?? []),
  ];
  const button = (name: string): HTMLButtonElement =>
    [...queues.renderRoot.querySelectorAll("button")].find((one) => one.textContent.includes(name))!;
  const press = (key: string) => document.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, composed: true }));

  beforeEach(async () => {
    calls = serve({
      "GET /api/review/queues": () => [
        { name: "random", title: "Random sample", count_hint: 12 },
        { name: "second", title: "Second look", count_hint: 100 },
      ],
      "GET /api/review/queues/random": () => page("random", ["d1", "d2"]),
      "GET /api/review/queues/second": () => page("second", []),
      "GET /api/review/agreement": () => AGREEMENT,
    });
    opened = [];
    queues = new QueuesPage();
    queues.addEventListener("candor-open", (event) => opened.push((event as CustomEvent<Opening>).detail));
    await shown(queues);
    button("Random sample").click();
    await settled(queues);
  });
  afterEach(() => {
    queues.remove();
    vi.unstubAllGlobals();
  });

  it("say what each is for and how many wait", () => {
    expect(textOf(queues)).toContain("Random sample 12 A fair sample");
    expect(textOf(queues)).toContain("Second look 100+");
    expect(textOf(queues)).toContain("Why random");
  });
  it("open a decision with the queue it came from", () => {
    links()[1]?.click();
    expect(opened).toEqual([{ id: "d2", queue: "random" }]);
    expect(links()[1]?.getAttribute("href")).toBe("/review?queue=random&decision=d2");
  });
  it("leave a click that asks for a new tab to the browser", () => {
    links()[0]?.dispatchEvent(new MouseEvent("click", { ctrlKey: true, cancelable: true }));
    expect(opened).toEqual([]);
  });
  it("begin with the first decision", () => {
    button("Begin with the first").click();
    expect(opened).toEqual([{ id: "d1", queue: "random" }]);
  });
  it("are worked through in the order in which they were seen", async () => {
    button("Begin with the first").click();
    const asked = calls.length;
    const feed = new Feed(
      () => undefined,
      () => undefined,
    );
    await feed.load({}, "random", queues.session.takeSample("random"));
    expect([feed.decisions.map((one) => one.decision_id), calls.length]).toEqual([["d1", "d2"], asked]);
  });
  it("do not tell what others judged", () => expect(links()[0]?.textContent).not.toContain("wrong"));
  it("move by letters through the decisions", () => {
    press("j");
    press("j");
    expect(queues.renderRoot.querySelector("candor-summary-rows")?.shadowRoot?.activeElement).toBe(links()[1]);
  });
  it("leave letters alone while the help is open", () => {
    const dialog = document.body.appendChild(document.createElement("dialog"));
    dialog.dispatchEvent(new KeyboardEvent("keydown", { key: "j", bubbles: true, composed: true }));
    expect(queues.renderRoot.querySelector("candor-summary-rows")?.shadowRoot?.activeElement).toBeNull();
    dialog.remove();
  });
  it("say when nothing waits", async () => {
    button("Second look").click();
    await settled(queues);
    expect(textOf(queues)).toContain("Nothing waits here.");
    expect(links()).toEqual([]);
  });
  it("keep the queue that was chosen when the page is shown again", async () => {
    button("Second look").click();
    await settled(queues);
    const { session } = queues;
    queues.remove();
    queues = await shown(Object.assign(new QueuesPage(), { session }));
    await settled(queues);
    expect(button("Second look").getAttribute("aria-current")).toBe("true");
  });
  it("show agreement in plain words and link the disagreements", () => {
    const text = textOf(queues);
    expect(text).toContain("75% agreed");
    expect(text).toContain("Ruth: right · Sam: wrong");
    const link = queues.renderRoot.querySelector("candor-agreement-panel")?.shadowRoot?.querySelector<HTMLElement>("a.link");
    link?.click();
    expect(opened).toEqual([{ id: "d9" }]);
  });
  it("ask for the agreement of another time", async () => {
    const select = queues.renderRoot.querySelector("candor-agreement-panel")!.shadowRoot!.querySelector("select")!;
    select.value = "0";
    select.dispatchEvent(new Event("change"));
    await settled(queues);
    const asked = calls.filter((one) => one.path.endsWith("/agreement"));
    expect([asked[0]?.query.get("from"), asked[1]?.query.get("from")]).toEqual([daysAgo(90), "2000-01-01"]);
  });
});

it("a queue that cannot be loaded says so and can be tried again", async () => {
  let broken = true;
  serve({
    "GET /api/review/queues": () => (broken ? new Refusal(503, "busy", "Try again soon.") : []),
    "GET /api/review/agreement": () => AGREEMENT,
  });
  const queues = await shown(new QueuesPage());
  expect(textOf(queues.renderRoot.querySelector('[role="alert"]')!)).toContain("Try again soon.");
  broken = false;
  queues.renderRoot.querySelector<HTMLElement>('[role="alert"] button')?.click();
  await settled(queues);
  expect(queues.renderRoot.querySelector('[role="alert"]')).toBeNull();
  queues.remove();
  vi.unstubAllGlobals();
});

it("a sign-in that has ended is told to the page around", async () => {
  serve({ "GET /api/review/queues": () => new Refusal(401, "not_signed_in", "Sign in."), "GET /api/review/agreement": () => AGREEMENT });
  const told = vi.fn();
  document.addEventListener("candor-signed-out", told, { once: true });
  (await shown(new QueuesPage())).remove();
  expect(told).toHaveBeenCalled();
  vi.unstubAllGlobals();
});

describe("agreement in words", () => {
  const of = (reviewed: number, twice: number, agreed: number) => ({ ...AGREEMENT, reviewed, twice, agreed });
  it("counts", () =>
    expect(reviewedText(of(9, 4, 3))).toBe("9 decisions reviewed, 4 of them by two people, who came to the same verdict on 3."));
  it("says when there is nothing to compare", () => {
    expect(reviewedText(of(1, 0, 0))).toBe("1 decision reviewed, none of them by two people.");
    expect(reviewedText(of(0, 0, 0))).toBe("Nothing was reviewed in this time.");
  });
  it("reads kappa for people", () => {
    expect(kappaText(0.85, 40)).toContain("almost always");
    expect(kappaText(0.47, 40)).toContain("clearly more often than guessing");
    expect(kappaText(-0.2, 40)).toContain("less often than guessing");
  });
  it("draws nothing from a handful", () => {
    expect(kappaText(0.9, 4)).toContain("too little");
    expect(kappaText(null, 40)).toContain("too little");
  });
});
