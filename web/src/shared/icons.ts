/** Drawings of the widget and the privacy centre. */
import { html, svg, type TemplateResult } from "lit";

const paths = {
  close: svg`<path d="M6 6l12 12M18 6L6 18" />`,
  send: svg`<path d="M5 12h13M12 5l7 7-7 7" />`,
  back: svg`<path d="M19 12H6M12 5l-7 7 7 7" />`,
  person: svg`<circle cx="12" cy="8" r="3.6" /><path d="M4.8 20c.6-4 3.5-6 7.2-6s6.6 2 7.2 6" />`,
  privacy: svg`<path d="M12 3.500l7 2.600v5.400c0 4.400-2.800 7.600-7 9-4.200-1.400-7-4.600-7-9V6.100z" /><path d="M9 11.900l2.200 2.200 3.900-4.300" />`,
};

/** A line drawing; decoration only, next to words. */
export function icon(name: keyof typeof paths): TemplateResult {
  return html`<svg class="icon" viewBox="0 0 24 24" width="20" height="20" aria-hidden="true" focusable="false">${paths[name]}</svg>`;
}

/** Candor's mark: a square (the machine) and a circle (a person), speaking together. */
export function mark(): TemplateResult {
  return html`<svg viewBox="0 0 28 28" width="26" height="26" aria-hidden="true" focusable="false">
    <path d="M6.5 3h9A3.5 3.5 0 0 1 19 6.500v6a3.5 3.5 0 0 1-3.5 3.500H9.800L5 19.600V16A3.5 3.5 0 0 1 3 12.500v-6A3.5 3.5 0 0 1 6.5 3z" fill="currentColor" />
    <circle cx="18.6" cy="17.4" r="6.6" fill="var(--accent)" stroke="currentColor" stroke-width="2" />
  </svg>`;
}

/** Who speaks, as a shape: a square for the machine, a circle with the first letter of the name for a person. */
export function badge(owner: "assistant" | "human", name: string): TemplateResult {
  if (owner === "human") return html`<span class="badge human" aria-hidden="true">${name.slice(0, 1) || icon("person")}</span>`;
  return html`<span class="badge ai" aria-hidden="true"
    ><svg viewBox="0 0 24 24" width="22" height="22" fill="currentColor">
      <path d="M5.5 4h13A2.5 2.5 0 0 1 21 6.500v8a2.5 2.5 0 0 1-2.5 2.500H11l-5 3.700V17h-.5A2.5 2.5 0 0 1 3 14.500v-8A2.5 2.5 0 0 1 5.5 4z" />
      <g fill="var(--ai-soft)"><rect x="6.7" y="9" width="2.6" height="2.6" rx="0.6" /><rect x="10.7" y="9" width="2.6" height="2.6" rx="0.6" /><rect x="14.7" y="9" width="2.6" height="2.6" rx="0.6" /></g>
    </svg></span
  >`;
}
