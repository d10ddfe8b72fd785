import { describe, expect, it } from "vitest";
import { message } from "../shared/testing.ts";
import { authorLabel, offeredText, speakerText, Timeline } from "./timeline.ts";

const keys = (timeline: Timeline): string[] => timeline.read().map((item) => item.key);

describe("Timeline", () => {
  it("shows a message once that came by the first call and by the replay", () => {
    const timeline = new Timeline();
    expect([timeline.addMessage(message("a")), timeline.addMessage(message("a"), "4")]).toEqual([true, false]);
    expect(keys(timeline)).toEqual(["message a"]);
  });
  it("orders by event number, not by arrival, nor as text", () => {
    const timeline = new Timeline();
    timeline.addMessage(message("b"), "10");
    timeline.addMessage(message("a"), "9");
    expect(keys(timeline)).toEqual(["message a", "message b"]);
  });
  it("keeps the order of the first call while the replay is on its way", () => {
    const timeline = new Timeline();
    ["a", "b", "c"].forEach((id) => timeline.addMessage(message(id)));
    timeline.addMessage(message("a"), "1");
    timeline.addSpeaker({ owner: "human", human_name: "Mina" }, "2");
    expect(keys(timeline)).toEqual(["message a", "speaker 2", "message b", "message c"]);
  });
  it("leaves out a change of speaker that a system message announces", () => {
    const timeline = new Timeline();
    timeline.addMessage(message("a", { author: "system" }), "1");
    timeline.addSpeaker({ owner: "human", human_name: "Mina" }, "2");
    timeline.addMessage(message("b"), "3");
    timeline.addSpeaker({ owner: "assistant", human_name: null }, "4");
    expect(keys(timeline)).toEqual(["message a", "message b", "speaker 4"]);
  });
});

it("every author has a label, and only my own name becomes You", () => {
  const people = [
    message("1", { author: "visitor", author_name: null }),
    message("2", { author_name: "Mina" }),
    message("3", { author: "human", author_name: "Mina" }),
    message("4", { author: "human", author_name: "Tom" }),
  ];
  expect([...people, message("5", { author: "system" })].map((one) => authorLabel(one, "Mina"))).toEqual([
    "Visitor",
    "AI assistant",
    "You (human)",
    "Tom (human)",
    "System",
  ]);
});

it("offeredText tells the agent which choices the visitor saw", () => {
  expect(offeredText(message("a"))).toBe("");
  expect(offeredText({ ...message("a"), buttons: ["Delivery", "Refunds"].map((title) => ({ title, payload: "/" })) })).toBe(
    "Offered: Delivery · Refunds",
  );
  const asked = { purpose: "order_history", title: "Use your order history", why: "", scope: "once" as const, scopes: [], until: "" };
  expect(offeredText(message("a", { consent_request: asked }))).toBe("Asked for consent: Use your order history");
});

it("speakerText says who answers", () => {
  expect(speakerText({ owner: "assistant", human_name: null }, "Mina")).toContain("AI assistant");
  expect(speakerText({ owner: "human", human_name: "Tom" }, "Mina")).toContain("Tom (human)");
});
