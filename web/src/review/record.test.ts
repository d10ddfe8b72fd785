import { describe, expect, it } from "vitest";
import {
  conditions,
  isDecision,
  percent,
  percentBeside,
  plain,
  rankingText,
  rawRecord,
  shortId,
  turnOf,
  withoutKind,
  withoutShare,
} from "./record.ts";
import { decision } from "./samples.ts";

describe("rawRecord", () => {
  it("is the very text that was committed to", () => {
    expect(rawRecord(decision({ payload: '{"decision_id":"dec_1","erased":[]}', extra: 1 }))).toEqual({ decision_id: "dec_1", erased: [] });
  });
  it("of an erased record leaves out what the answer added, and nothing else", () => {
    const record = rawRecord(decision({ commitment: "ab" }));
    expect(Object.keys(record)).not.toContain("explanation");
    expect(record).toMatchObject({ decision_id: "dec_1", threshold: 0.4, commitment: "ab" });
  });
});

it("withoutShare takes away the confidence at the end, and only that", () => {
  expect(withoutShare("Where is my order? (98.1%)")).toBe("Where is my order?");
  expect(withoutShare("10% (off) is said")).toBe("10% (off) is said");
});

describe("turnOf", () => {
  it("is named in the record", () => expect(turnOf(decision({ turn_id: "msg_1" }))).toBe("msg_1"));
  it("of an erased record stands in the header", () =>
    expect(turnOf({ ...decision({ header: "candor/leaf/1\ndec\n2026\nkind\ncon\nvis\nmsg_7\n" }), turn_id: null })).toBe("msg_7"));
});

it("isDecision tells what software decided from what people did", () => {
  expect(["request", "gate", "answer", "review", "access", "erasure"].map(isDecision)).toEqual([true, true, true, false, false, false]);
});

describe("conditions", () => {
  it("says plainly that no disclosure is on record", () => {
    expect(conditions(decision({ disclosure_version: null }))).toContainEqual(["Disclosure shown", "not named in this record"]);
  });
  it("leaves out what the record does not hold", () => {
    const labels = conditions(decision({ policy: null })).map(([label]) => label);
    expect(labels).not.toContain("Policy");
  });
  it("claims nothing about a record whose content was erased", () => {
    expect(conditions(decision()).map(([label]) => label)).toEqual(["Language", "Conversation", "Record"]);
  });
  it("does not repeat what the explanation says", () => {
    const explanation = { title: "t", text: "x", facts: [{ label: "Rule", value: "order status" }] };
    expect(conditions(decision({ path: "order status", policy: "RulePolicy", explanation })).slice(0, 2)).toEqual([
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
  expect([plain("order_status"), plain("nlu_fallback"), plain("utter_greet")]).toEqual(["order status", "not understood", "greet"]);
});

it("withoutKind takes away the kind that stands beside it, and only that", () => {
  expect(withoutKind("Handoff: queued", "handoff")).toBe("Queued");
  expect(withoutKind("Consent gate: allowed", "gate")).toBe("Allowed");
  expect(withoutKind("Order history was read", "gate")).toBe("Order history was read");
});

it("rankingText says on which side of the threshold the first one stands", () => {
  const ranking = [{ name: "order_status", confidence: 0.4 }];
  expect(rankingText(ranking, 0.4)).toContain("“order status” the likeliest, with 40%. That is enough");
  expect(rankingText(ranking, 0.41)).toContain("That is not enough: it acts from 41% on.");
  expect(rankingText([], 0.4)).toBe("");
});

it("shortId keeps the end, where ids differ", () => expect([shortId("con_0123456789ab"), shortId("con_1")]).toEqual(["…6789ab", "con_1"]));
