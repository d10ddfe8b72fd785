import { describe, expect, it, vi } from "vitest";
import type { Message } from "../shared/api.ts";
import type { Contest } from "./contest.ts";
import { type Conversation, empty } from "./conversation.ts";
import { copies } from "./copy.ts";
import { Messages, nameOf } from "./messages.ts";
import { all, heard, message as sample, mount, one, said } from "../shared/testing.ts";

const message = (id: string, more: Partial<Message> = {}): Message => sample(id, { text: "Hello.", created_at: "", ...more });
const holding = (messages: Message[], more: Partial<Conversation> = {}): Conversation => ({
  ...empty,
  entries: messages.map((each, at) => ({ key: each.id, eventId: at + 1, message: each })),
  ...more,
});
const show = (messages: Message[], more: Partial<Conversation> = {}): Promise<Messages> =>
  mount(new Messages(), { conversation: holding(messages, more) });

describe("<candor-messages>", () => {
  it("puts the disclosure first", async () => {
    const disclosure = { version: "1", language: "en" as const, title: "You are talking to an AI", text: "One.\n\nTwo." };
    const list = await mount(new Messages(), { disclosure, conversation: holding([message("a")]) });
    expect(said(one(list, ".content"))).toMatch(/^You are talking to an AI\s?One\.\s?Two\.\s?AI\s?Assistant/);
  });
  it("names the author of every message in words", async () => {
    const list = await show([
      message("a"),
      message("b", { author: "human", author_name: "Mina" }),
      message("c", { author: "visitor", author_name: null }),
      message("d", { author: "system", author_name: null, text: "Mina has joined." }),
    ]);
    expect(all(list, ".author").map((who) => said(who).replace(" ", ""))).toEqual(["AIAssistant", "HumanMina", "You", "System"]);
    expect(said(one(list, ".system p"))).toBe("Mina has joined.");
  });
  it("sets several lines by the system as text, and a single one in the middle", async () => {
    const notice = (id: string, text: string): Message => message(id, { author: "system", author_name: null, text });
    const list = await show([notice("a", "Mina has joined."), notice("b", "Ruth has checked it.\n\nRuth writes:\n“It stands.”")]);
    expect(all(list, ".system").map((one) => one.classList.contains("several"))).toEqual([false, true]);
  });
  it("never lets an assistant's name hide the AI", () => {
    expect(nameOf(message("a", { author_name: "AI assistant" }), copies.zh)).toBe("助手");
    expect(nameOf(message("a", { author_name: "Fern" }), copies.en)).toBe("Fern");
  });
  it("keeps the field being written in in sight when the list grows", async () => {
    const list = await show([message("a")]);
    const contest = one<Contest>(list, "candor-contest");
    one(contest, "button").click();
    await contest.updateComplete;
    const field = one<HTMLTextAreaElement>(contest, "textarea");
    const scrolled = vi.spyOn(field, "scrollIntoView");
    field.focus();
    list.toEnd();
    expect(scrolled).toHaveBeenCalledOnce();
    field.blur();
    list.toEnd();
    expect(scrolled).toHaveBeenCalledOnce();
  });
  it("shows text and only web addresses as links", async () => {
    const text = "<b>x</b> javascript:alert(1) see https://a.example/b?c=1, or（https://b.example/路）。";
    const list = await show([message("a", { text })]);
    expect(said(one(list, ".text"))).toBe(text);
    expect(all<HTMLAnchorElement>(list, "a").map((link) => [link.getAttribute("href"), link.rel])).toEqual([
      ["https://a.example/b?c=1", "noopener noreferrer nofollow"],
      ["https://b.example/", "noopener noreferrer nofollow"],
    ]);
  });
  it("offers the newest message's buttons until the visitor has answered", async () => {
    const offer = message("a", { buttons: [{ title: "Track", payload: "/order_status" }] });
    const list = await show([offer]);
    const pressed = heard(list, "candor-press");
    one(list, ".buttons button").click();
    expect(pressed).toEqual([{ payload: "/order_status", title: "Track" }]);
    expect(all(await show([offer, message("b", { author: "visitor" })]), ".buttons").length).toBe(0);
  });
  it("marks the language of a text that is not the page's", async () => {
    const list = await show([message("a", { text: "您好" }), message("b")]);
    expect(all(list, ".text").map((text) => text.getAttribute("lang"))).toEqual(["zh", null]);
  });
  it("explains an answer below it, and closes the explanation again", async () => {
    const list = await show([message("a")]);
    list.explain = () => Promise.resolve("Because of the record.");
    one(list, ".why button").click();
    await vi.waitFor(() => expect(said(one(list, ".why .note"))).toBe("Because of the record."));
    one(list, ".why button").click();
    await list.updateComplete;
    expect(all(list, ".why .note").length).toBe(0);
  });
  it("lets a human be asked to check an answer of the assistant, and shows what became of it", async () => {
    const said_ = [message("a"), message("b", { author: "human" }), message("c"), message("d", { author: "system" })];
    const list = await show(said_, { contests: { c: "upheld" } });
    const asked: unknown[] = [];
    list.contest = (...given) => Promise.resolve(void asked.push(given));
    const checks = all<Contest>(list, "candor-contest");
    expect(checks.map((check) => check.state)).toEqual(["", "upheld"]);
    await checks[0]?.contest("Wrong.", "");
    expect(asked).toEqual([["a", "Wrong.", ""]]);
  });
  it("says what is being sent and what was not", async () => {
    const pending = [
      { clientMessageId: "c1", text: "x", shown: "x", status: "sending" as const },
      { clientMessageId: "c2", text: "y", shown: "y", status: "failed" as const, reason: "Too long." },
    ];
    const list = await mount(new Messages(), { conversation: holding([]), pending });
    expect(all(list, ".status").map(said)).toEqual(["Sending…", "Not sent: Too long. Try again Remove"]);
    const retried = heard(list, "candor-retry");
    one(list, ".status button").click();
    expect(retried).toEqual([{ clientMessageId: "c2" }]);
  });
  it("offers a human when no answer can be given", async () => {
    const list = await show([], { unavailable: "" });
    const asked = heard(list, "candor-human");
    one(list, ".unavailable button").click();
    expect(asked.length).toBe(1);
    expect(said(one(list, "[role=alert]"))).toContain("The assistant cannot answer now");
  });
});
