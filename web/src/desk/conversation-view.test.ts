import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { HandoffState, QueueEntry as Entry } from "../shared/api.ts";
import { message, queueEntry } from "../shared/testing.ts";
import { ConversationView } from "./conversation-view.ts";
import type { MessageLog } from "./message-log.ts";
import { OpenConversation } from "./open-conversation.ts";

describe("ConversationView", () => {
  let view: ConversationView;
  let conversation: OpenConversation;
  async function show(state: HandoffState, mine: boolean, change: Partial<Entry> = {}): Promise<string> {
    view.mine = mine;
    conversation.update(queueEntry("c", { agent_name: "Tom", state, ...change }));
    view.requestUpdate();
    await view.updateComplete;
    await log().updateComplete;
    return `${view.renderRoot.textContent}${log().renderRoot.textContent}`.replace(/\s+/g, " ");
  }
  const log = (): MessageLog => view.renderRoot.querySelector<MessageLog>("candor-message-log")!;
  const buttons = (): string[] =>
    [...view.renderRoot.querySelectorAll(".actions button:not(.back)")].map((button) => button.textContent?.trim() ?? "");

  beforeEach(() => {
    conversation = new OpenConversation("c");
    conversation.timeline.addMessage(message("1", { author: "visitor", text: "<b>my secret</b>" }), "1");
    conversation.timeline.addMessage(message("2", { text: "hello" }), "2");
    conversation.timeline.addMessage(message("3", { author: "human", author_name: "Mina", text: "good day" }), "3");
    view = document.body.appendChild(new ConversationView());
    view.conversation = conversation;
    view.me = "Mina";
  });
  afterEach(() => view.remove());

  it("labels every author in words and shows markup as text", async () => {
    const text = await show("accepted", true);
    ["Visitor", "AI assistant", "You (human)", "<b>my secret</b>"].forEach((part) => expect(text).toContain(part));
  });
  it("makes what a colleague sent clickable, and what the visitor sent not", async () => {
    const text = "see https://a.example/x";
    (["human", "visitor"] as const).forEach((author) => conversation.timeline.addMessage(message(`link ${author}`, { author, text }), "4"));
    await show("accepted", true);
    expect([...log().renderRoot.querySelectorAll("a")].map((link) => [link.href, link.rel])).toEqual([
      ["https://a.example/x", "noopener noreferrer nofollow"],
    ]);
  });
  it("sets several lines by the system as text", async () => {
    conversation.timeline.addMessage(message("4", { author: "system", text: "Mina has joined." }), "4");
    conversation.timeline.addMessage(message("5", { author: "system", text: "Ruth has checked it.\n\nRuth writes:\n“It stands.”" }), "5");
    await show("accepted", true);
    const notices = [...log().renderRoot.querySelectorAll("li.system")];
    expect(notices.map((one) => one.classList.contains("several"))).toEqual([false, true]);
  });
  it("lets one read and claim what waits, not write", async () => {
    expect(await show("queued", false)).toContain("my secret");
    expect(buttons()).toEqual(["Claim"]);
    expect(view.renderRoot.querySelector("candor-composer")).toBeNull();
  });
  it("lets one write in one's own, hand it back or close it", async () => {
    expect(await show("accepted", true)).toContain("you (human)");
    expect(buttons()).toEqual(["Hand back to the assistant", "Close"]);
    expect(view.renderRoot.querySelector("candor-composer")).not.toBeNull();
  });
  it("shows nothing more of what was said once a colleague has it", async () => {
    const text = await show("accepted", false);
    expect(text).not.toContain("my secret");
    expect(text).toContain("Tom has this conversation.");
  });
  it("offers the address of someone whom nobody reached", async () => {
    await show("expired", false, { contact: "ana@example.com" });
    expect(view.renderRoot.querySelector("footer a")?.getAttribute("href")).toBe("mailto:ana@example.com");
  });
});
