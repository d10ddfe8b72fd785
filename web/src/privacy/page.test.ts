import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { mount, one, said } from "../shared/testing.ts";
import { pageFor, takeHandedOver } from "./address.ts";
import type { PrivacyCentre } from "./centre.ts";
import { PrivacyPage } from "./page.ts";
import { overview } from "./samples.ts";

const given = { visit: { id: "con_1", token: "a/b+c=d&e" }, language: "zh" as const };

describe("the page's address", () => {
  it("hands over what it was made of, and is clean at once", () => {
    const place = new URL(pageFor("http://127.0.0.1:1", given));
    const past = { replaceState: vi.fn() };
    expect(takeHandedOver(place as unknown as Location, past as unknown as History)).toEqual(given);
    expect(past.replaceState).toHaveBeenCalledExactlyOnceWith(null, "", "/privacy");
  });
  it.each(["", "#", "#conversation=con_1", "#token=x"])("hands over nothing when it is %s", (hash) => {
    const place = { hash, pathname: "/privacy", search: "" };
    expect(takeHandedOver(place as Location, { replaceState: () => undefined } as unknown as History)).toBeNull();
  });
});

describe("<candor-privacy-page>", () => {
  let asked: [string, string | null][];

  beforeEach(() => {
    asked = [];
    vi.stubGlobal("fetch", (url: string, init: RequestInit = {}) => {
      asked.push([url, new Headers(init.headers).get("Authorization")]);
      return Promise.resolve(new Response(JSON.stringify(overview())));
    });
  });
  afterEach(() => vi.unstubAllGlobals());

  const centre = (page: PrivacyPage): PrivacyCentre => one<PrivacyCentre>(page, "candor-privacy-centre");

  it("shows the centre of the conversation it was given, and keeps nothing on the device", async () => {
    const page = await mount(new PrivacyPage(), { given });
    await vi.waitFor(() => expect(centre(page).overview).not.toBeNull());
    expect(asked).toEqual([["/api/conversations/con_1/privacy?language=zh", `Bearer ${given.visit.token}`]]);
    expect([localStorage.length, sessionStorage.length, document.cookie]).toEqual([0, 0, ""]);
    expect([document.documentElement.lang, document.title]).toEqual(["zh-Hans", "隐私中心"]);
  });
  it("says how to come here when it was given nothing, and asks for nothing", async () => {
    const page = await mount(new PrivacyPage());
    expect([said(one(page, "h1")), asked]).toEqual(["Open this page from the chat", []]);
  });
  it("speaks the other language at a press", async () => {
    const page = await mount(new PrivacyPage(), { given });
    one(page, "header button").click();
    await vi.waitFor(() => expect(said(one(page, "header"))).toContain("Privacy centre"));
    await vi.waitFor(() => expect(asked.at(-1)?.[0]).toContain("language=en"));
    expect(document.documentElement.lang).toBe("en");
  });
});
