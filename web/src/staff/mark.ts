/** Candor's mark: an open speech bubble, drawn so that one can see through it. */
import { svg, html, type TemplateResult } from "lit";

/** The mark as decoration, `size` pixels square, in the current colour. */
export function mark(size: number): TemplateResult {
  return html`<svg width=${size} height=${size} viewBox="0 0 24 24" fill="none" aria-hidden="true" focusable="false">
    ${svg`<path d="M20.2 8.2A8.8 8.8 0 1 0 12 20.8h8.8l-2.3-2.9" stroke="currentColor" stroke-width="2.4"
      stroke-linecap="round" stroke-linejoin="round" /><circle cx="12" cy="12" r="2.6" fill="currentColor" />`}
  </svg>`;
}
