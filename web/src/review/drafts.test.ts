import { expect, it } from "vitest";
import { draft, keepDraft } from "./drafts.ts";

it("a draft is kept under its name until it is emptied", () => {
  keepDraft("ruth", "contest", "Half a sentence");
  expect([draft("ruth", "contest"), draft("ruth", "other")]).toEqual(["Half a sentence", ""]);
  keepDraft("ruth", "contest", "");
  expect(draft("ruth", "contest")).toBe("");
});

it("nobody reads another person's draft, nor after that person has written", () => {
  keepDraft("ruth", "contest", "Ruth's words");
  expect(draft("sam", "contest")).toBe("");
  keepDraft("sam", "stop", "Sam's words");
  expect([draft("sam", "contest"), draft("ruth", "contest")]).toEqual(["", ""]);
  keepDraft("ruth", "stop", "x");
  expect(draft("ruth", "contest")).toBe("");
});
