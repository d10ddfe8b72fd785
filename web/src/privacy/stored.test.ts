import { describe, expect, it } from "vitest";
import type { StoredCategory } from "../shared/api.ts";
import { ApiError } from "../shared/http.ts";
import { all, mount, one, said } from "../shared/testing.ts";
import { copies } from "./copy.ts";
import { Rectification } from "./rectification.ts";
import { overview } from "./samples.ts";
import { Stored } from "./stored.ts";

const category = (name: string): StoredCategory => {
  const found = overview().stored.find((one) => one.category === name);
  if (!found) throw new Error(name);
  return found;
};
const many = (count: number, total: number): StoredCategory => {
  const [first] = category("conversation").items;
  if (!first) throw new Error("empty");
  return { ...category("conversation"), total, items: Array.from({ length: count }, (_, at) => ({ ...first, id: `msg_${at}` })) };
};

describe("<candor-stored>", () => {
  it("shows each value with who wrote it, the machine marked as such", async () => {
    const stored = await mount(new Stored(), { category: category("conversation") });
    expect(all(stored, ".value").map(said)).toEqual(["Within 30 days.", "how do refunds work"]);
    expect(all(stored, ".over span").map((label) => [said(label), label.className])).toEqual([
      ["AI assistant", "tag ai"],
      ["You", ""],
    ]);
  });
  it("begins a long list short and opens it where it goes on", async () => {
    const stored = await mount(new Stored(), { category: many(8, 8) });
    expect([all(stored, "li").length, said(one(stored, ".all"))]).toEqual([5, "Show all 8"]);
    one(stored, ".all").click();
    await stored.updateComplete;
    expect([all(stored, "li").length, said(one(stored, ".all"))]).toEqual([8, "Show fewer"]);
    expect(stored.shadowRoot?.activeElement).toBe(all(stored, "li")[5]);
  });
  it("says that there is more than it was given", async () => {
    const stored = await mount(new Stored(), { category: many(2, 60) });
    expect(said(one(stored, ".inside"))).toContain(copies.en.newest(2, 60));
  });
  it("lets only what is correctable be corrected", async () => {
    const left = await mount(new Stored(), { category: category("contact") });
    expect(all(left, "candor-rectification").length).toBe(1);
    const said_ = await mount(new Stored(), { category: category("conversation") });
    expect(all(said_, "candor-rectification").length).toBe(0);
  });
});

describe("<candor-rectification>", () => {
  const open = async (correct: (value: string) => Promise<void>): Promise<Rectification> => {
    const correction = await mount(new Rectification(), { value: "ada@exmaple.org", what: "ada@exmaple.org", correct });
    one(correction, "button").click();
    await correction.updateComplete;
    return correction;
  };
  const write = async (correction: Rectification, value: string): Promise<void> => {
    one<HTMLInputElement>(correction, "input").value = value;
    one(correction, "form").dispatchEvent(new Event("submit", { cancelable: true }));
    await new Promise((resolve) => setTimeout(resolve));
    await correction.updateComplete;
  };

  it("has the old value in its field, and the focus there", async () => {
    const correction = await open(() => Promise.resolve());
    expect(one<HTMLInputElement>(correction, "input").value).toBe("ada@exmaple.org");
    expect(correction.shadowRoot?.activeElement?.localName).toBe("input");
  });
  it("sends the new value once and says that it is done", async () => {
    const sent: string[] = [];
    const correction = await open(async (value) => void sent.push(value));
    await write(correction, " ada@example.org ");
    expect([sent, all(correction, "form").length, said(one(correction, "[role=status]"))]).toEqual([["ada@example.org"], 0, "Corrected."]);
    expect(correction.shadowRoot?.activeElement?.localName).toBe("button");
  });
  it("shows the server's reason when it is refused and keeps what was written", async () => {
    const correction = await open(() => Promise.reject(new ApiError(400, "contact_not_understood", "Give an address.")));
    await write(correction, "nonsense");
    expect([said(one(correction, "[role=alert]")), one<HTMLInputElement>(correction, "input").value]).toEqual([
      "Give an address.",
      "nonsense",
    ]);
  });
  it("is left with Escape, which closes nothing else", async () => {
    const correction = await open(() => Promise.resolve());
    let leaked = false;
    correction.addEventListener("keydown", () => (leaked = true));
    one(correction, "input").dispatchEvent(new KeyboardEvent("keydown", { key: "Escape", bubbles: true, composed: true }));
    await correction.updateComplete;
    expect([all(correction, "form").length, leaked]).toEqual([0, false]);
  });
});
