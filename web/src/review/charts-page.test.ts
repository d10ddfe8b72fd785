import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { ChartRow } from "../shared/api.ts";
import { ChartsPage } from "./charts-page.ts";
import { chartText, DayChart, pointsOf, runs } from "./day-chart.ts";
import { axisEnd, type Measure, MEASURES, written } from "./measures.ts";
import { type Asked, serve, settled, shown, textOf } from "../shared/testing.ts";
import { dayOf, daysAgo, everyDay, shortDay } from "./periods.ts";

const row = (key: string, change: Partial<ChartRow> = {}): ChartRow => ({
  key,
  turns: 100,
  handoffs: 5,
  handoff_rate: 0.05,
  fallbacks: 20,
  fallback_rate: 0.2,
  failures: 1,
  confidence_mean: 0.8,
  confidence_low_share: 0.1,
  human_wait_seconds_median: 90,
  agreement: null,
  ...change,
});
const measure = (name: string): Measure => MEASURES.find((one) => one.name === name)!;
const DAYS = ["2026-11-20", "2026-11-21", "2026-11-22", "2026-11-23"];

describe("points", () => {
  const rows = [row("2026-11-20"), row("2026-11-21", { fallback_rate: 0.4 }), row("2026-11-23")];
  it("count a day without a row as zero, and leave a share open there", () => {
    expect(pointsOf(measure("volume"), DAYS, rows).map((one) => one.value)).toEqual([100, 100, 0, 100]);
    expect(pointsOf(measure("fallback"), DAYS, rows).map((one) => one.value)).toEqual([0.2, 0.4, null, 0.2]);
  });
  it("break the line where a day has no value", () =>
    expect(runs(pointsOf(measure("fallback"), DAYS, rows)).map((run) => run.map((one) => one.index))).toEqual([[0, 1], [3]]));
  it("are told to those who do not see them", () => {
    expect(chartText(measure("fallback"), pointsOf(measure("fallback"), DAYS, rows))).toMatch(
      /^Not understood: lowest 20% on 20 Nov.*, highest 40% on 21 Nov.*, last 20% on 23 Nov/,
    );
    expect(chartText(measure("agreement"), pointsOf(measure("agreement"), DAYS, rows))).toBe(measure("agreement").empty);
  });
});

describe("numbers", () => {
  it("are written for people", () =>
    expect([written(1204, "count"), written(0.042, "share"), written(0.42, "share"), written(0, "share"), written(185, "seconds")]).toEqual(
      ["1,204", "4.2%", "42%", "0%", "3 min 05 s"],
    ));
  it("have round axes above them", () =>
    expect([axisEnd(0, "count"), axisEnd(7, "count"), axisEnd(1204, "count"), axisEnd(0.13, "share"), axisEnd(90, "seconds")]).toEqual([
      1, 10, 2000, 0.2, 120,
    ]));
  it("of a whole period weigh each day by its messages", () => {
    const rows = [row("a", { turns: 300, fallbacks: 30 }), row("b", { turns: 100, fallbacks: 50 })];
    expect(measure("fallback").whole(rows)).toBe(0.2);
    expect(measure("volume").whole(rows)).toBe(400);
    expect(measure("fallback").whole([row("a", { turns: 0 })])).toBeNull();
  });
});

describe("days", () => {
  it("are all there, both ends included", () => expect(everyDay("2026-11-20", "2026-11-23")).toEqual(DAYS));
  it("are none when they stand the wrong way round", () =>
    expect([everyDay("2026-11-23", "2026-11-20"), everyDay("", "x")]).toEqual([[], []]));
  it("of a week end today", () => expect(daysAgo(7, new Date("2026-11-23T23:59:00Z"))).toBe("2026-11-17"));
  it("name the year only where it is another one", () => {
    const now = new Date("2026-11-23T10:00:00Z");
    expect([shortDay("2026-11-03", now), shortDay("2025-11-03", now), shortDay("soon", now)]).toEqual(["3 Nov", "3 Nov 2025", "soon"]);
  });
});

describe("DayChart", () => {
  async function draw(name: string, rows: ChartRow[]): Promise<ShadowRoot> {
    const chart = new DayChart();
    Object.assign(chart, { measure: measure(name), days: DAYS, rows });
    return (await shown(chart)).shadowRoot!;
  }
  afterEach(() => document.body.replaceChildren());

  it("draws bars as high as their share of the axis", async () => {
    const bars = [...(await draw("volume", [row(DAYS[0]!), row(DAYS[1]!, { turns: 50 })])).querySelectorAll(".bar")];
    expect(bars.map((bar) => [bar.getAttribute("y"), bar.getAttribute("height")])).toEqual([
      ["0%", "100%"],
      ["50%", "50%"],
    ]);
  });
  it("has a table of the same numbers, the newest day first", async () => {
    const cells = [...(await draw("confidence", [row(DAYS[0]!)])).querySelectorAll("td")].map((cell) => cell.textContent);
    expect(cells).toEqual(["none", "none", "none", "80%"]);
  });
  it("says that there is no value instead of drawing none", async () => {
    const root = await draw("agreement", [row(DAYS[0]!)]);
    expect(root.querySelector("svg")).toBeNull();
    expect(root.textContent).toContain("No decision was reviewed by two people in this time.");
  });
  it("shows a single day's value as a dot", async () =>
    expect((await draw("fallback", [row(DAYS[2]!)])).querySelectorAll(".dot").length).toBe(1));
});

describe("the charts' page", () => {
  let calls: Asked[];
  let page: ChartsPage;
  const asked = (): URLSearchParams => calls.findLast((one) => one.path.endsWith("/charts"))!.query;
  const field = (label: string): HTMLSelectElement | HTMLInputElement =>
    [...page.renderRoot.querySelectorAll("label")].find((one) => one.textContent.trim().startsWith(label))!.querySelector("select, input")!;
  async function choose(label: string, value: string): Promise<void> {
    field(label).value = value;
    field(label).dispatchEvent(new Event("change"));
    await settled(page);
  }

  beforeEach(async () => {
    calls = serve({
      "GET /api/review/charts": ({ query }) => ({
        by: query.get("by"),
        rows: query.get("language") === "zh" ? [] : [row(query.get("by") === "day" ? dayOf(new Date()) : "en")],
      }),
      "GET /api/review/choices": () => ({
        kinds: [],
        intents: [],
        right_intents: [],
        outcomes: [],
        languages: ["en", "zh"],
        models: [{ fingerprint: "0123456789abcdef", first_day: "2026-11-01", last_day: "2026-11-03" }],
        reasons: [],
      }),
    });
    page = await shown(new ChartsPage());
    await settled(page);
  });
  afterEach(() => {
    page.remove();
    vi.unstubAllGlobals();
  });

  it("begins with the last thirty days, each measure with its picture", () => {
    expect([asked().get("by"), asked().get("from"), asked().get("to")]).toEqual(["day", daysAgo(30), dayOf(new Date())]);
    expect(page.renderRoot.querySelectorAll("candor-day-chart").length).toBe(MEASURES.length);
  });
  it("asks for another period, language and model", async () => {
    await choose("Period", "7");
    await choose("Model", "0123456789abcdef");
    expect([asked().get("from"), asked().get("model")]).toEqual([daysAgo(7), "0123456789abcdef"]);
  });
  it("compares languages and models", async () => {
    await choose("By", "language");
    expect(page.renderRoot.querySelectorAll("candor-compare-chart").length).toBe(MEASURES.length);
    expect(textOf(page)).toContain("English");
  });
  it("says what to do when there is nothing on record", async () => {
    await choose("Language", "zh");
    expect(textOf(page)).toContain("Choose a longer period or fewer filters");
  });
  it("asks for days that make a period", async () => {
    await choose("Period", "0");
    await choose("From", "2030-01-01");
    expect(page.renderRoot.querySelector('[role="alert"]')?.textContent).toContain("Choose a first day");
    await choose("From", daysAgo(3));
    expect(page.renderRoot.querySelector('[role="alert"]')).toBeNull();
  });
});
