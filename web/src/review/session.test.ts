import { expect, it } from "vitest";
import { ReviewSession } from "./session.ts";

it("a draft is kept under its name until it is emptied", () => {
  const ruth = new ReviewSession();
  ruth.keepDraft("contest", "Half a sentence");
  expect([ruth.draft("contest"), ruth.draft("other")]).toEqual(["Half a sentence", ""]);
  ruth.keepDraft("contest", "");
  expect(ruth.draft("contest")).toBe("");
});

it("a sample that the reader has seen is given once and in its queue alone", () => {
  const ruth = new ReviewSession();
  const seen = { queue: "random", title: "Random", explanation: "", decisions: [] };
  ruth.beginWith(seen);
  expect([ruth.takeSample("random"), ruth.takeSample("random")]).toEqual([seen, null]);
  ruth.beginWith(seen);
  expect([ruth.takeSample("second"), ruth.takeSample("random")]).toEqual([null, null]);
});
