import { describe, expect, it } from "vitest";
import { conditions, percent, percentBeside, plain, rankingText, rawRecord, withoutKind } from "./record.ts";
import type { Decision } from "./types.ts";

const decision = (more: Record<string, unknown> = {}): Decision => ({
  decision_id: "dec_1",
  timestamp: "2026-11-23T10:00:00Z",
  kind: "understanding",
  outcome: "order_status",
  conversation_id: "c",
  language: "zh",
  explanation: { title: "t", text: "x", facts: [] },
  ranking: [],
  threshold: 0.4,
  turn: [],
  ...more,
});

it("rawRecord leaves out what the answer added, and nothing else", () => {
  const record = rawRecord(decision({ commitment: "ab" }));
  expect(Object.keys(record)).not.toContain("explanation");
  expect(record).toMatchObject({ decision_id: "dec_1", threshold: 0.4, commitment: "ab" });
});

describe("conditions", () => {
  it("keeps that no consent was used, although other facts are none too", () => {
    const explanation = { title: "t", text: "x", facts: [{ label: "Personal data used", value: "none" }] };
    expect(conditions(decision({ consent_record_id: null, explanation }))).toContainEqual(["Consent used", "none"]);
  });
  it("says plainly that no consent was used and no disclosure is on record", () => {
    expect(conditions(decision({ consent_record_id: null, disclosure_version: null }))).toEqual(
      expect.arrayContaining([
        ["Consent used", "none"],
        ["Disclosure shown", "not named in this record"],
      ]),
    );
  });
  it("leaves out what the record does not hold", () => {
    const labels = conditions(decision({ categories: [], policy: null })).map(([label]) => label);
    expect(labels).not.toContain("Data categories");
    expect(labels).not.toContain("Policy");
  });
  it("claims nothing about a record whose content was erased", () => {
    expect(conditions(decision()).map(([label]) => label)).toEqual(["Language"]);
  });
  it("does not repeat what the explanation says", () => {
    const explanation = { title: "t", text: "x", facts: [{ label: "Rule", value: "order status" }] };
    expect(conditions(decision({ path: "order status", policy: "RulePolicy", explanation }))).toEqual([
      ["Policy", "RulePolicy"],
      ["Language", "Chinese"],
    ]);
  });
  it("names rule, model and language", () => {
    const held = conditions(decision({ path: "order status", "gen_ai.request.model": "m.tar.gz" }));
    expect(held).toEqual(
      expect.arrayContaining([
        ["Rule", "order status"],
        ["Model", "m.tar.gz"],
        ["Language", "Chinese"],
      ]),
    );
  });
});

it("percent does not call a small chance none", () => {
  expect([percent(0.914), percent(0.004), percent(0)]).toEqual(["91%", "under 1%", "0%"]);
});

it("percentBeside tells a share from a threshold that is nearly the same", () => {
  expect(percentBeside(0.91, 0.43)).toBe("91%");
  expect([percentBeside(0.449, 0.452), percentBeside(0.452, 0.449)]).toEqual(["44.9%", "45.2%"]);
  expect(percentBeside(0.45011, 0.45042)).toBe("45.01%");
  expect([percentBeside(0.45, 0.45), percentBeside(0.45, null)]).toEqual(["45%", "45%"]);
});

it("plain gives words for names", () => {
  expect([plain("order_status"), plain("nlu_fallback")]).toEqual(["order status", "not understood"]);
});

it("withoutKind takes away the kind that stands beside it, and only that", () => {
  expect(withoutKind("Handoff: queued", "handoff")).toBe("Queued");
  expect(withoutKind("Consent gate: allowed", "gate")).toBe("Allowed");
  expect(withoutKind("Order history was read", "gate")).toBe("Order history was read");
});

it("rankingText says on which side of the threshold the first one stands", () => {
  const ranking = [{ name: "order_status", confidence: 0.4 }];
  expect(rankingText(ranking, 0.4)).toContain("order status the likeliest, with 40%. That is enough");
  expect(rankingText(ranking, 0.41)).toContain("That is not enough: it acts from 41% on.");
  expect(rankingText([], 0.4)).toBe("");
});
