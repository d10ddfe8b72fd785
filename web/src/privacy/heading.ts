/** A heading whose level depends on where the privacy centre stands: below the chat's own, or first on a page. */
import type { TemplateResult } from "lit";
import { html, literal, type StaticValue } from "lit/static-html.js";

const TAGS: readonly StaticValue[] = [literal`h1`, literal`h2`, literal`h3`, literal`h4`, literal`h5`, literal`h6`];

/** `level` counts from 1; deeper ones than 6 there are not. It can be given the focus by script. */
export function heading(level: number, content: unknown, id = ""): TemplateResult {
  const tag = TAGS[Math.min(level, 6) - 1] ?? literal`h6`;
  return html`<${tag} id=${id} tabindex="-1">${content}</${tag}>`;
}
