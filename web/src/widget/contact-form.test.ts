import { describe, expect, it } from "vitest";
import { ContactForm } from "./contact-form.ts";
import { all, heard, mount, one } from "../shared/testing.ts";

async function leave(address: string): Promise<{ left: unknown[]; wrong: number }> {
  const form = await mount(new ContactForm());
  const left = heard(form, "candor-leave");
  one<HTMLInputElement>(form, "input").value = address;
  one(form, "form").dispatchEvent(new Event("submit", { cancelable: true }));
  await form.updateComplete;
  return { left, wrong: all(form, "[role=alert]").length };
}

describe("<candor-contact-form>", () => {
  it.each(["ada@example.com", " +44 20 7946 0018 ", "010-12345678"])("takes %s", async (address) => {
    expect(await leave(address)).toEqual({ left: [{ address: address.trim() }], wrong: 0 });
  });
  it.each(["", "ada", "ada@", "12"])("says what is wanted instead of '%s'", async (address) => {
    expect(await leave(address)).toEqual({ left: [], wrong: 1 });
  });
  it("can be left empty", async () => {
    const form = await mount(new ContactForm());
    const later = heard(form, "candor-later");
    all(form, "button").at(-1)?.click();
    expect(later.length).toBe(1);
  });
});
