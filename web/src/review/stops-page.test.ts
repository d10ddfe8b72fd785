import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Stop } from "../shared/api.ts";
import { type Asked, serve, settled, shown, textOf } from "../shared/testing.ts";
import { ReviewSession } from "./session.ts";
import { StopsPage } from "./stops-page.ts";

const API = "/api/review/stops";
const olga = new ReviewSession({ name: "Olga", login: "olga", roles: ["reviewer", "operator"] });
const ruth = new ReviewSession({ name: "Ruth", login: "ruth", roles: ["reviewer"] });
const TOLD = { everything: "The assistant is switched off.", topic: "The assistant leaves this to people." };
const TOPICS = [
  { name: "orders", title: "Orders" },
  { name: "refunds", title: "Refunds" },
];

describe("stops", () => {
  let calls: Asked[];
  let page: StopsPage;
  let stops: Stop[];
  const running = (): string => textOf(page.renderRoot.querySelector("section")!);
  const buttons = (): HTMLButtonElement[] => [...page.renderRoot.querySelectorAll("button")];
  async function open(session: typeof olga): Promise<void> {
    page = new StopsPage();
    page.session = session;
    await shown(page);
  }
  async function stop(topic: string, reason: string): Promise<void> {
    const select = page.renderRoot.querySelector("select")!;
    select.value = topic;
    select.dispatchEvent(new Event("change"));
    const area = page.renderRoot.querySelector("textarea")!;
    area.value = reason;
    area.dispatchEvent(new Event("input"));
    page.renderRoot.querySelector("form")!.dispatchEvent(new Event("submit", { cancelable: true }));
    await settled(page);
  }

  beforeEach(() => {
    stops = [];
    calls = serve({
      [`GET ${API}`]: () => ({ stops, topics: TOPICS, told: TOLD }),
      [`POST ${API}`]: ({ body }) => {
        const { topic, reason } = body as { topic: string | null; reason: string };
        const title = topic ? "Orders" : "Everything";
        const row = { id: "s1", topic, title, reason, at: "2026-11-23T10:00:00Z", by: "Olga", ended_at: null, ended_by: null };
        stops = [row];
        return row;
      },
      [`DELETE ${API}/s1`]: () => (stops = stops.map((one) => ({ ...one, ended_at: "2026-11-23T11:00:00Z", ended_by: "Olga" })))[0],
    });
  });
  afterEach(() => {
    page.remove();
    vi.unstubAllGlobals();
  });

  it("stop everything with one press after the reason", async () => {
    await open(olga);
    expect(running()).toContain("The assistant is running");
    await stop("", " Wrong prices since noon. ");
    expect(calls.find((one) => one.method === "POST")?.body).toEqual({ topic: null, reason: "Wrong prices since noon." });
    expect(running()).toContain("Stopped now The whole assistant Wrong prices since noon.");
    expect(page.shadowRoot?.activeElement?.textContent).toBe("Stopped now");
    expect(page.renderRoot.querySelector("textarea")?.value).toBe("");
  });
  it("stop one topic and start it again", async () => {
    await open(olga);
    await stop("orders", "Carrier's outage");
    expect(calls.find((one) => one.method === "POST")?.body).toEqual({ topic: "orders", reason: "Carrier's outage" });
    buttons()
      .find((one) => one.textContent.includes("Start again"))
      ?.click();
    await settled(page);
    expect(running()).toContain("The assistant is running");
    expect(textOf(page)).toContain("Earlier stops Orders");
  });
  it("show visitors' words for what was chosen", async () => {
    await open(olga);
    expect(textOf(page)).toContain(`“${TOLD.everything}”`);
    const select = page.renderRoot.querySelector("select")!;
    select.value = "refunds";
    select.dispatchEvent(new Event("change"));
    await settled(page);
    expect(textOf(page)).toContain(`“${TOLD.topic}”`);
  });
  it("offer nothing that is stopped already", async () => {
    await open(olga);
    const offered = () => [...page.renderRoot.querySelectorAll("option")].map((one) => one.value);
    expect(offered()).toEqual(["", "orders", "refunds"]);
    await stop("orders", "Carrier's outage");
    expect(offered()).toEqual(["", "refunds"]);
    await stop("", "All wrong");
    expect(offered()).toEqual(["orders", "refunds"]);
    expect(buttons().at(-1)?.textContent).toContain("Stop this topic");
  });
  it("need a reason", async () => {
    await open(olga);
    await stop("", "   ");
    expect(calls.some((one) => one.method === "POST")).toBe(false);
    expect(page.shadowRoot?.activeElement?.tagName).toBe("TEXTAREA");
  });
  it("can only be read by those who are no operators", async () => {
    stops = [
      {
        id: "s1",
        topic: null,
        title: "Everything",
        reason: "A test",
        at: "2026-11-23T10:00:00Z",
        by: "Olga",
        ended_at: null,
        ended_by: null,
      },
    ];
    await open(ruth);
    expect(running()).toContain("Stopped now The whole assistant A test");
    expect(buttons()).toEqual([]);
    expect(page.renderRoot.querySelector("form")).toBeNull();
  });
});
