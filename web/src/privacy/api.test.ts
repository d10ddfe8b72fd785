import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { ApiError } from "../shared/http.ts";
import { PrivacyClient } from "./api.ts";
import { receipt } from "./samples.ts";

let calls: { url: string; method: string; token: string | null; body: unknown }[];
let answer: () => Response;
const client = new PrivacyClient("http://127.0.0.1:1", { id: "con_1", token: "t" });
const here = "http://127.0.0.1:1/api/conversations/con_1";

beforeEach(() => {
  calls = [];
  answer = () => new Response("{}");
  vi.stubGlobal("fetch", (url: string, init: RequestInit = {}) => {
    const body: unknown = typeof init.body === "string" ? JSON.parse(init.body) : undefined;
    calls.push({ url, method: init.method ?? "GET", token: new Headers(init.headers).get("Authorization"), body });
    return Promise.resolve(answer());
  });
});
afterEach(() => vi.unstubAllGlobals());

it("erases with the conversation's token and reads the receipt with the receipt's own", async () => {
  await client.erase("conversation", "con_0", "en");
  await client.erase("everything", "con_0", "en");
  await client.receipt(receipt(), "zh");
  expect(calls).toEqual([
    {
      url: `${here}/privacy/erasure?language=en`,
      method: "POST",
      token: "Bearer t",
      body: { what: "conversation", conversation_id: "con_0" },
    },
    { url: `${here}/privacy/erasure?language=en`, method: "POST", token: "Bearer t", body: { what: "everything" } },
    { url: "http://127.0.0.1:1/api/erasures/req_1?format=json&language=zh", method: "GET", token: "Bearer secret", body: undefined },
  ]);
});
it("gives a file the name that the server gave it", async () => {
  answer = () => new Response("all", { headers: { "Content-Disposition": 'attachment; filename="candor-my-data-2026-11-27.json"' } });
  const file = await client.export("json", "en");
  expect([file.name, await file.content.text()]).toEqual(["candor-my-data-2026-11-27.json", "all"]);
});
it("gives it one of its own where there is none, and never a path", async () => {
  answer = () => new Response("all", { headers: { "Content-Disposition": 'attachment; filename="../evil.html"' } });
  expect((await client.choiceReceipt("cns_1", "html", "en")).name).toBe("consent-receipt-cns_1.html");
});
it("tells why there is no file", async () => {
  answer = () => new Response('{"error": {"code": "too_many", "message": "Wait."}}', { status: 429 });
  await expect(client.export("html", "en")).rejects.toEqual(new ApiError(429, "too_many", "Wait."));
});
