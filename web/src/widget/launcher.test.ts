import { describe, expect, it } from "vitest";
import { Launcher } from "./launcher.ts";
import { heard, mount, one, said } from "./testing.ts";

describe("<candor-launcher>", () => {
  it("says whether the chat is open", async () => {
    const launcher = await mount(new Launcher());
    const pressed = heard(launcher, "toggle");
    one(launcher, "button").click();
    expect([pressed.length, one(launcher, "button").getAttribute("aria-expanded")]).toEqual([1, "false"]);
    await mount(launcher, { open: true });
    expect(one(launcher, "button").getAttribute("aria-label")).toBe("Close the chat");
  });
  it("says in words how many messages are new", async () => {
    const launcher = await mount(new Launcher(), { unread: 2 });
    expect(said(one(launcher, "button"))).toContain("2 new messages");
  });
});
