import { describe, expect, it } from "vitest";
import { Composer, LIMIT } from "./composer.ts";
import { all, heard, mount, one, said } from "../shared/testing.ts";

async function write(composer: Composer, text: string): Promise<HTMLTextAreaElement> {
  const field = one<HTMLTextAreaElement>(composer, "textarea");
  field.value = text;
  field.dispatchEvent(new Event("input"));
  await composer.updateComplete;
  return field;
}

const key = (more: KeyboardEventInit = {}): KeyboardEvent =>
  new KeyboardEvent("keydown", { key: "Enter", bubbles: true, cancelable: true, ...more });

describe("<candor-composer>", () => {
  it("cannot be used while it is locked", async () => {
    const composer = await mount(new Composer(), { locked: true });
    expect([one<HTMLTextAreaElement>(composer, "textarea").disabled, one<HTMLButtonElement>(composer, "button").disabled]).toEqual([
      true,
      true,
    ]);
  });
  it("sends on Enter and is empty afterwards", async () => {
    const composer = await mount(new Composer(), { locked: false });
    const sent = heard(composer, "candor-send");
    const field = await write(composer, "  where is it?\n");
    field.dispatchEvent(key());
    await composer.updateComplete;
    expect([sent, field.value]).toEqual([[{ text: "where is it?" }], ""]);
  });
  it("makes a new line on Shift+Enter", async () => {
    const composer = await mount(new Composer(), { locked: false });
    const sent = heard(composer, "candor-send");
    const event = key({ shiftKey: true });
    (await write(composer, "one")).dispatchEvent(event);
    expect([sent, event.defaultPrevented]).toEqual([[], false]);
  });
  it.each([{ isComposing: true }, { keyCode: 229 }])("does not send the Enter that chooses a Chinese word: %o", async (how) => {
    const composer = await mount(new Composer(), { locked: false });
    const sent = heard(composer, "candor-send");
    const event = key(how);
    // happy-dom leaves both out of the event's options
    for (const [name, value] of Object.entries(how)) Object.defineProperty(event, name, { value });
    (await write(composer, "wodedingdan")).dispatchEvent(event);
    expect([sent, event.defaultPrevented]).toEqual([[], false]);
  });
  it("sends no blanks", async () => {
    const composer = await mount(new Composer(), { locked: false });
    const sent = heard(composer, "candor-send");
    (await write(composer, " \n ")).dispatchEvent(key());
    expect(sent).toEqual([]);
  });
  it("counts near the end, an emoji as one, and does not send what is too long", async () => {
    const composer = await mount(new Composer(), { locked: false });
    const sent = heard(composer, "candor-send");
    await write(composer, "short");
    expect(all(composer, ".count").length).toBe(0);
    await write(composer, "🙂".repeat(LIMIT - 1));
    expect(said(one(composer, ".count"))).toBe("1 character left");
    const field = await write(composer, "a".repeat(LIMIT + 2));
    expect(said(one(composer, ".count"))).toBe("2 characters too many");
    field.dispatchEvent(key());
    expect(sent).toEqual([]);
  });
});
