import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Client } from "./client.ts";

const visit = { id: "con_1", token: "t" };
const client = new Client("http://127.0.0.1:1");
let calls: [string, unknown][];

beforeEach(() => {
  calls = [];
  vi.stubGlobal("fetch", (url: string, init: RequestInit = {}) => {
    calls.push([url, typeof init.body === "string" ? JSON.parse(init.body) : null]);
    return Promise.resolve(new Response("{}"));
  });
});
afterEach(() => vi.unstubAllGlobals());

describe("Global Privacy Control", () => {
  const open = async (signal: unknown): Promise<unknown[]> => {
    vi.stubGlobal("navigator", { globalPrivacyControl: signal });
    await client.start("en", null);
    await client.state(visit);
    return [calls[0]?.[1], calls[1]?.[0]];
  };

  it("is told where the browser sets the property", async () => {
    expect(await open(true)).toEqual([{ language: "en", gpc: true }, "http://127.0.0.1:1/api/conversations/con_1?gpc=1"]);
  });
  it.each([undefined, false, "true", 1])("is not where it is %s", async (signal) => {
    expect(await open(signal)).toEqual([{ language: "en" }, "http://127.0.0.1:1/api/conversations/con_1"]);
  });
});

it("sends how long a yes is to hold only where that was chosen", async () => {
  await client.consent(visit, "order_history", "allow", "once");
  await client.consent(visit, "order_history", "withdraw");
  expect(calls.map(([, body]) => body)).toEqual([
    { purpose: "order_history", choice: "allow", scope: "once" },
    { purpose: "order_history", choice: "withdraw" },
  ]);
});
