/** A heading whose level depends on where the privacy centre is shown: below the chat's own heading, or first on a page. */
import { html, type TemplateResult } from "lit";

/** `level` counts from 1; beyond 5 it stays at 5. It can be given the focus by script. */
export function heading(level: number, content: unknown, id = ""): TemplateResult {
  if (level === 1) return html`<h1 id=${id} tabindex="-1">${content}</h1>`;
  if (level === 2) return html`<h2 id=${id} tabindex="-1">${content}</h2>`;
  if (level === 3) return html`<h3 id=${id} tabindex="-1">${content}</h3>`;
  if (level === 4) return html`<h4 id=${id} tabindex="-1">${content}</h4>`;
  return html`<h5 id=${id} tabindex="-1">${content}</h5>`;
}
