import { expect, it } from "vitest";
import { contactLink } from "./contact.ts";

it("contactLink knows mail from phone, and lets no address add to the link", () => {
  expect(contactLink("ana@example.com")).toBe("mailto:ana@example.com");
  expect(contactLink("+49 (30) 1234")).toBe("tel:+49301234");
  expect(contactLink("a?cc=b@example.com")).toBe("mailto:a%3Fcc%3Db@example.com");
});
