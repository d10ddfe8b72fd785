/** Text that people wrote, ready to be shown. */
import { html, type TemplateResult } from "lit";
import type { Author } from "./api.ts";

/** ASCII only, so that Chinese text may follow without a space; ends before closing punctuation. */
const LINK = /\bhttps?:\/\/[\w.~:/?#[\]@!$&*+,;=%-]*[\w/=&#%~+-]/gi;

/** Text with its web addresses made into links. Nothing is read as HTML, and no other scheme becomes a link. */
export function linked(text: string): (string | TemplateResult)[] {
  const parts: (string | TemplateResult)[] = [];
  let from = 0;
  for (const match of text.matchAll(LINK)) {
    parts.push(text.slice(from, match.index), link(match[0]));
    from = match.index + match[0].length;
  }
  return [...parts, text.slice(from)].filter((part) => part !== "");
}

/** What a message says. Links that a visitor sends stay text, since nobody vouches for them. */
export const wordsOf = ({ author, text }: { author: Author; text: string }): unknown => (author === "visitor" ? text : linked(text));

function link(url: string): TemplateResult {
  return html`<a href=${url} target="_blank" rel="noopener noreferrer nofollow">${url}</a>`;
}

/** The number of characters as people and the server count them (an emoji is one). */
export const lengthOf = (text: string): number => [...text].length;
