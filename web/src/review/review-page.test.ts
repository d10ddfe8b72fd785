import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { all, mount, one, said } from "../shared/testing.ts";
import { NO_CHOICES } from "./choices.ts";
import { Review } from "./review-page.ts";
import { blur, focused, json } from "./samples.ts";

let roles: string[];

beforeEach(() => {
  history.replaceState(null, "", "/review");
  vi.spyOn(globalThis, "fetch").mockImplementation((url) => {
    const path = String(url).split("?")[0]!;
    if (path.endsWith("/session")) return Promise.resolve(json({ name: "Ruth", login: "ruth", roles }));
    if (path.endsWith("/choices")) return Promise.resolve(json(NO_CHOICES));
    if (path.endsWith("/decisions")) return Promise.resolve(json({ decisions: [], next_cursor: null, more: false }));
    return Promise.resolve(json({ error: { code: "not_found", message: "Not here." } }, 404));
  });
});

afterEach(() => {
  blur();
  vi.restoreAllMocks();
  document.body.replaceChildren();
});

async function console(as: string[]): Promise<Review> {
  roles = as;
  const element = await mount(new Review());
  await vi.waitFor(() => expect(all(element, "nav[aria-label='Review console'] a").length).toBeGreaterThan(0));
  return element;
}

const links = (element: Review): string[] => all(element, "nav[aria-label='Review console'] a").map(said);
const shown = (element: Review, tag: string): Promise<void> => vi.waitFor(() => expect(one(element, `main > ${tag}`)).toBeDefined());

describe("Review", () => {
  it("leads to every page by a real address", async () => {
    const element = await console(["reviewer"]);
    expect(links(element)).toEqual(["Decisions", "Queues", "Contests", "Corrections", "Charts", "Stop", "Policies (opens in a new tab)"]);
    expect(
      all<HTMLAnchorElement>(element, "nav a")
        .map((link) => link.getAttribute("href"))
        .slice(0, 2),
    ).toEqual(["/review", "/review?page=queues"]);
    await shown(element, "candor-decisions-page");
  });
  it("leads to the policies, and there to the lists of phrases, beside the console", async () => {
    const policies = all<HTMLAnchorElement>(await console(["operator"]), "nav a").at(-1)!;
    expect([policies.getAttribute("href"), policies.target, policies.rel]).toEqual(["/policies?language=en", "_blank", "noopener"]);
  });
  it("fetches a page when it is first asked for, puts the focus on its title, and goes back by the address", async () => {
    history.replaceState(null, "", "/review?page=queues");
    const element = await console(["reviewer"]);
    await shown(element, "candor-queues-page");
    all(element, "nav a")[5]!.click();
    await shown(element, "candor-stops-page");
    await vi.waitFor(() => expect(focused()?.tagName).toBe("H2"));
    expect([location.search, document.title]).toEqual(["?page=stop", "Stop · Review · Candor"]);
    history.replaceState(null, "", "/review?page=queues");
    globalThis.dispatchEvent(new Event("popstate"));
    await shown(element, "candor-queues-page");
    await vi.waitFor(() => expect(said(focused())).toBe("Queues"));
  });
  it("opens the decision that another page names, with its queue", async () => {
    const element = await console(["reviewer"]);
    const opening = { detail: { id: "dec_7", queue: "random" }, bubbles: true };
    one(element, "main > *").dispatchEvent(new CustomEvent("candor-open", opening));
    expect(location.search).toBe("?queue=random&decision=dec_7");
    one(element, "main > *").dispatchEvent(new CustomEvent("candor-open", { detail: "dec_8", bubbles: true }));
    expect(location.search).toBe("?decision=dec_8");
  });
  it("lets an operator who is no reviewer stop the assistant, and nothing else", async () => {
    history.replaceState(null, "", "/review?decision=dec_1");
    const element = await console(["operator"]);
    expect(links(element)).toEqual(["Stop", "Policies (opens in a new tab)"]);
    await shown(element, "candor-stops-page");
    expect(all(element, "candor-log-badge")).toEqual([]);
  });
  it("opens the help by ?, and not while somebody types", async () => {
    const element = await console(["reviewer"]);
    const help = one<HTMLDialogElement>(element, "dialog");
    const field = document.createElement("input");
    document.body.append(field);
    field.dispatchEvent(new KeyboardEvent("keydown", { key: "?", bubbles: true, composed: true }));
    expect(help.open).toBe(false);
    document.body.dispatchEvent(new KeyboardEvent("keydown", { key: "?", bubbles: true }));
    expect(help.open).toBe(true);
    expect(said(help)).toMatch(/Right, wrong, unsure.*Letters work as shortcuts/);
  });
});
