import { afterEach, describe, expect, it } from "vitest";
import { all, heard, mount, one, said } from "../shared/testing.ts";
import { NO_CHOICES } from "./choices.ts";
import { FilterForm } from "./filter-form.ts";
import type { Filters } from "./filters.ts";

const choices = {
  ...NO_CHOICES,
  kinds: [{ name: "gate", title: "Consent gate" }],
  intents: ["order_status"],
  right_intents: [],
  languages: ["zh"],
  models: [{ fingerprint: "5f1d9c0e4b7a2836", first_day: "2026-11-01", last_day: "2026-11-23" }],
};
const form = (filters: Filters): Promise<FilterForm> => mount(new FilterForm(), { filters, choices, open: true });

function change(element: FilterForm, selector: string, value: string): void {
  const field = one<HTMLInputElement>(element, selector);
  field.value = value;
  field.dispatchEvent(new Event("change"));
}

describe("FilterForm", () => {
  afterEach(() => document.body.replaceChildren());

  it("adds one filter and leaves the others", async () => {
    const element = await form({ kind: "gate" });
    const told = heard<Filters>(element, "candor-filters");
    change(element, "[data-name=language] select", "zh");
    change(element, "[data-name=min_confidence] input", "40");
    change(element, "input[type=search]", " refund ");
    expect(told).toEqual([
      { kind: "gate", language: "zh" },
      { kind: "gate", min_confidence: "0.4" },
      { kind: "gate", search: "refund" },
    ]);
  });
  it("shows those in use in words and takes them off singly", async () => {
    const element = await form({ kind: "gate", model: "5f1d9c0e4b7a2836", max_confidence: "0.4" });
    const told = heard<Filters>(element, "candor-filters");
    expect(all(element, ".chip").map(said)).toEqual(["Kind: Consent gate ×", "Confidence to: 40% ×", "Model version: 5f1d9c0e ×"]);
    all(element, ".chip")[1]!.click();
    expect(told).toEqual([{ kind: "gate", model: "5f1d9c0e4b7a2836" }]);
  });
  it("keeps a choice that is no longer on offer", async () => {
    const element = await form({ intent: "long_gone" });
    expect(one<HTMLSelectElement>(element, "[data-name=intent] select").value).toBe("long_gone");
  });
  it("leaves alone what is being typed until other filters come", async () => {
    const element = await form({ search: "refund" });
    const field = one<HTMLInputElement>(element, "input[type=search]");
    field.value = "con_0123";
    Object.assign(element, { choices: NO_CHOICES, open: false });
    await element.updateComplete;
    expect(field.value).toBe("con_0123");
    Object.assign(element, { filters: { search: "refund", kind: "gate" } });
    await element.updateComplete;
    expect(field.value).toBe("refund");
  });
  it("folds away", async () => {
    const element = await form({});
    Object.assign(element, { open: false });
    await element.updateComplete;
    expect(one(element, ".panel").hidden).toBe(true);
    expect(one(element, "[aria-controls=panel]").getAttribute("aria-expanded")).toBe("false");
  });
});
