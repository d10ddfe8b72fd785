import { render } from "lit";
import { describe, expect, it } from "vitest";
import type { Author } from "./api.ts";
import { languageOf, otherLanguage } from "./language.ts";
import { lengthOf, linked, wordsOf } from "./text.ts";
import { day, when } from "./times.ts";

function links(text: string, shown: unknown = linked(text)): (string | null)[] {
  const place = document.createElement("div");
  render(shown, place);
  expect(place.textContent).toBe(text);
  return [...place.querySelectorAll("a")].map((link) => link.getAttribute("href"));
}

describe("links in a text", () => {
  it.each([
    ["see https://a.example/x?y=1.", "https://a.example/x?y=1"],
    ["(https://a.example)", "https://a.example"],
    ["请看https://a.example/b，谢谢", "https://a.example/b"],
    ["HTTP://A.EXAMPLE/", "HTTP://A.EXAMPLE/"],
  ])("are found in %s", (text, url) => {
    expect(links(text)).toEqual([url]);
  });
  it.each(["javascript:alert(1)", "data:text/html,x", "ftp://a.example", "xhttps://a.example", '<a href="x">y</a>'])(
    "are not made of %s",
    (text) => {
      expect(links(text)).toEqual([]);
    },
  );
});

it("a message has links, but for a visitor's", () => {
  const text = "see https://a.example/x";
  const of = (author: Author): (string | null)[] => links(text, wordsOf({ author, text }));
  expect([of("human"), of("assistant"), of("visitor")]).toEqual([["https://a.example/x"], ["https://a.example/x"], []]);
});

describe("texts", () => {
  it("are counted as people count", () => {
    expect(lengthOf("🙂您a")).toBe(3);
  });
  it("know the page's language from its tag", () => {
    expect(["zh-CN", "ZH", "en-GB", "fr", "", null].map(languageOf)).toEqual(["zh", "zh", "en", "en", "en", "en"]);
  });
  it("are marked when they are in the other language", () => {
    expect([otherLanguage("您好", "en"), otherLanguage("Hello", "zh"), otherLanguage("Hello", "en"), otherLanguage("123", "zh")]).toEqual([
      "zh",
      "en",
      null,
      null,
    ]);
  });
});

describe("moments", () => {
  it("that cannot be read are shown as they came", () => {
    expect([day("when you withdraw", "en"), when("soon")]).toEqual(["when you withdraw", "soon"]);
  });
});
