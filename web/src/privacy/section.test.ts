import { expect, it } from "vitest";
import { mount, one, said } from "../shared/testing.ts";
import { Section } from "./section.ts";

it("opens and closes by the button in its heading", async () => {
  const section = await mount(new Section(), { name: "What is stored", gist: "3 entries", level: 4 });
  const button = one(section, "h4 button");
  const inside = (): [string | null, boolean] => [button.getAttribute("aria-expanded"), one(section, "#inside").hidden === true];
  expect([said(button), inside()]).toEqual(["What is stored 3 entries", ["false", true]]);
  button.click();
  await section.updateComplete;
  expect(inside()).toEqual(["true", false]);
  button.click();
  await section.updateComplete;
  expect(inside()).toEqual(["false", true]);
});
