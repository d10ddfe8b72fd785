/** Text that people wrote, ready to be shown. */
import { html, type TemplateResult } from "lit";

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

function link(url: string): TemplateResult {
  return html`<a href=${url} target="_blank" rel="noopener noreferrer nofollow">${url.replace(/^https?:\/\//i, "")}</a>`;
}

/** The number of characters as people and the server count them (an emoji is one). */
export const lengthOf = (text: string): number => [...text].length;
