import { afterEach, describe, expect, it, vi } from "vitest";
import { all, heard, mount, one, said } from "../shared/testing.ts";
import { ConversationPanel, inOrder } from "./conversation-panel.ts";
import { decision, json, summary } from "./samples.ts";

const message = (id: string, author: string, text: string, second: number, reply_to: string | null = null) => ({
  id,
  author,
  author_name: author === "human" ? "Mina" : null,
  text,
  created_at: `2026-11-23T10:00:0${second}Z`,
  reply_to,
});
const conversation = {
  conversation_id: "con_1",
  language: "en",
  erased: false,
  messages: [
    message("msg_0", "system", "You are talking to an AI", 0),
    message("msg_1", "visitor", "where is it?", 1),
    message("msg_2", "assistant", "On its way.", 4, "msg_1"),
    message("msg_3", "human", "Hello", 6),
  ],
  decisions: [summary({ timestamp: "2026-11-23T10:00:04.200Z" })],
};

afterEach(() => {
  vi.restoreAllMocks();
  document.body.replaceChildren();
});

async function panel(): Promise<{ element: ConversationPanel; asked: string[] }> {
  const asked: string[] = [];
  vi.spyOn(globalThis, "fetch").mockImplementation((url) => {
    asked.push(String(url));
    return Promise.resolve(json(conversation));
  });
  const element = await mount(new ConversationPanel(), { decision: decision({ turn_id: "msg_1" }), why: "audit" });
  await vi.waitFor(() => expect(all(element, "li").length).toBe(5));
  return { element, asked };
}

describe("ConversationPanel", () => {
  it("labels every message with its author and puts decisions where they were taken", async () => {
    const { element } = await panel();
    expect(all(element, "li").map((item) => said(item.querySelector(".tag") ?? item.querySelector(".kind")))).toEqual([
      "System",
      "Visitor",
      "understanding",
      "AI assistant",
      "Mina (human)",
    ]);
  });
  it("marks the decision's turn: what was asked, decided and answered", async () => {
    const { element } = await panel();
    expect(all(element, ".here .text").map(said)).toEqual(["where is it?", "On its way."]);
    expect(one(element, "a").getAttribute("aria-current")).toBe("true");
  });
  it("looks once for one conversation, with the reason", async () => {
    const { element, asked } = await panel();
    Object.assign(element, { decision: decision({ decision_id: "dec_2", turn_id: "msg_9" }) });
    await element.updateComplete;
    expect(asked).toEqual(["/api/review/decisions/dec_1/conversation?why=audit"]);
    expect(all(element, ".here")).toEqual([]);
  });
  it("leads to the other decisions", async () => {
    const { element } = await panel();
    const opened = heard<string>(element, "candor-open");
    one(element, "a").click();
    expect(opened).toEqual(["dec_1"]);
  });
});

it("inOrder puts a decision between its own question and reply, also when turns follow closely", () => {
  const at = (moment: string) => ({ timestamp: `2026-11-23T10:00:00.${moment}Z`, created_at: `2026-11-23T10:00:00.${moment}Z` });
  const messages = [
    { ...message("m1", "visitor", "one", 0), ...at("100") },
    { ...message("m2", "assistant", "reply one", 0, "m1"), ...at("200") },
    { ...message("m3", "visitor", "two", 0), ...at("300") },
    { ...message("m4", "assistant", "reply two", 0, "m3"), ...at("400") },
  ];
  const decisions = [
    summary({ decision_id: "d1", ...at("210") }),
    summary({ decision_id: "d2", ...at("350") }),
    summary({ decision_id: "d3", ...at("410") }),
  ];
  const order = inOrder({ ...conversation, messages, decisions } as never).map((item) =>
    "message" in item ? item.message.id : item.decided.decision_id,
  );
  expect(order).toEqual(["m1", "d1", "m2", "m3", "d2", "d3", "m4"]);
});
