import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { DeskQueue as Queue, QueueEntry as Entry } from "../shared/api.ts";
import { queueEntry } from "../shared/testing.ts";
import { QueueList } from "./queue-list.ts";
import { EMPTY_QUEUE } from "./queue.ts";

const entry = (id: string, change: Partial<Entry> = {}): Entry => queueEntry(id, { reason: `Reason ${id}`, language: "zh", ...change });

describe("QueueList", () => {
  let list: QueueList;
  const buttons = (): HTMLElement[] => [...list.renderRoot.querySelectorAll<HTMLElement>("button.entry")];
  const focused = (): string | undefined => (list.shadowRoot?.activeElement as HTMLElement | null)?.dataset["conversation"];
  async function show(queue: Partial<Queue>): Promise<void> {
    list.queue = { ...EMPTY_QUEUE, ...queue };
    await list.updateComplete;
  }

  beforeEach(async () => {
    list = document.body.appendChild(new QueueList());
    await show({ waiting: [entry("a"), entry("b"), entry("c")] });
  });
  afterEach(() => list.remove());

  it("keeps the focus on an entry when another one comes before it", async () => {
    buttons()[1]?.focus();
    await show({ waiting: [entry("z"), entry("a"), entry("b"), entry("c")] });
    expect(focused()).toBe("b");
  });
  it("lets the focus follow an entry into another group", async () => {
    buttons()[1]?.focus();
    await show({ waiting: [entry("a"), entry("c")], mine: [entry("b", { state: "accepted" })] });
    expect(focused()).toBe("b");
  });
  it("gives the focus to the neighbour of an entry that is gone", async () => {
    buttons()[1]?.focus();
    await show({ waiting: [entry("a"), entry("c")] });
    expect(focused()).toBe("c");
  });
  it("keeps the focus in the list when it becomes empty", async () => {
    buttons()[0]?.focus();
    await show({});
    expect(list.shadowRoot?.activeElement?.tagName).toBe("H3");
  });
  it("moves through all groups and stops at the end", async () => {
    await show({ waiting: [entry("a")], mine: [entry("b", { state: "accepted" })] });
    const seen = [1, 1, 1, -1].map((by) => {
      list.move(by as 1 | -1);
      return focused();
    });
    expect(seen).toEqual(["a", "b", "b", "a"]);
  });
  it("names the colleague and offers nothing to open", async () => {
    await show({ others: [entry("d", { state: "accepted", agent_name: "Tom" })] });
    expect(buttons().length).toBe(0);
    expect(list.renderRoot.textContent).toContain("with Tom");
  });
  it("numbers those who wait and says what an empty group means", async () => {
    expect(buttons()[1]?.textContent).toMatch(/2\. Reason b/);
    await show({});
    expect(list.renderRoot.textContent).toContain("Nobody is waiting.");
  });
  it("marks where a visitor has written", async () => {
    list.unread = new Set(["b"]);
    await show({ mine: [entry("b", { state: "accepted" })] });
    expect(buttons()[0]?.textContent).toContain("New message");
  });
});
