/**
 * The design's values and the few small parts that widget, desk and review share.
 *
 * In a Lit element:  `static override styles = [tokens, parts, css`…`]`  (variables land on :host)
 * On a page:         `installPageStyles()` once (variables land on :root, body gets ground, ink and type)
 *
 * Every pair of text on ground named here has a contrast of 4.5 or more, borders of controls and the focus ring 3 or more
 * (tokens.test.ts computes it). Colour never carries a meaning alone.
 */
import { css, unsafeCSS, type CSSResult } from "lit";

export const light = {
  bg: "#f8f7f3", // a page's or a panel's ground
  surface: "#ffffff", // cards, messages, fields
  raised: "#efede6", // quiet fill: visitor's message, hover
  line: "#dfdbd1", // hairlines that carry no meaning
  edge: "#858177", // borders of fields and quiet buttons
  ink: "#1c211f",
  muted: "#575d59",
  accent: "#0f5c4d",
  "on-accent": "#ffffff",
  "accent-soft": "#dfeee8",
  "on-accent-soft": "#0b4439",
  ai: "#4a3f8f", // whatever the assistant says or decides
  "ai-soft": "#eceaf8",
  human: "#86400f", // a person speaks
  "human-soft": "#fbeadd",
  danger: "#9c241b",
  "danger-soft": "#fbe8e6",
  warn: "#6f4a00",
  "warn-soft": "#fbf0d3",
  focus: "#1b5fc1",
  shadow: "rgb(38 34 24 / 0.16)",
};

export const dark: typeof light = {
  bg: "#131614",
  surface: "#1b1f1d",
  raised: "#262b29",
  line: "#363c39",
  edge: "#7f8782",
  ink: "#edf0ee",
  muted: "#abb3ae",
  accent: "#83d3bc",
  "on-accent": "#06231c",
  "accent-soft": "#1f362f",
  "on-accent-soft": "#b9e9da",
  ai: "#c6bef7",
  "ai-soft": "#2c2848",
  human: "#f3ba8f",
  "human-soft": "#3b291c",
  danger: "#f6a8a0",
  "danger-soft": "#402321",
  warn: "#eec673",
  "warn-soft": "#372c15",
  focus: "#8ab8ff",
  shadow: "rgb(0 0 0 / 0.5)",
};

const sizes = `
  --font: ui-sans-serif, system-ui, -apple-system, "Segoe UI", Roboto, "PingFang SC", "Hiragino Sans GB", "Microsoft YaHei",
    "Noto Sans CJK SC", "Noto Sans SC", sans-serif;
  --mono: ui-monospace, "SF Mono", "Cascadia Mono", Menlo, Consolas, monospace;
  --text-xs: 0.75rem;
  --text-s: 0.8125rem;
  --text: 0.9375rem;
  --text-l: 1.0625rem;
  --text-xl: 1.375rem;
  --radius-s: 8px;
  --radius: 12px;
  --radius-l: 18px;
  --gap-s: 8px;
  --gap: 12px;
  --gap-l: 20px;
  --ease: 160ms cubic-bezier(0.2, 0, 0, 1);
`;

const variables = (values: typeof light): string =>
  Object.entries(values)
    .map(([name, value]) => `--${name}:${value};`)
    .join("");

const sheet = (selector: string): string => `
${selector} { color-scheme: light dark; ${sizes} ${variables(light)} }
@media (prefers-color-scheme: dark) { ${selector} { ${variables(dark)} } }
@media (prefers-reduced-motion: reduce) { ${selector} { --ease: 0ms } }`;

/** The variables, on an element's host. */
export const tokens: CSSResult = unsafeCSS(sheet(":host"));

/**
 * Classes for use inside any element: `.button` (with `.primary`, `.quiet`, `.small`), `.field`, `.tag` (with `.ai`, `.human`),
 * `.note` (with `.danger`, `.warn`), `.hidden` (seen by screen readers only), and the focus ring for everything.
 */
export const parts: CSSResult = css`
  *,
  *::before,
  *::after {
    box-sizing: border-box;
  }
  [hidden] {
    display: none !important;
  }
  :focus-visible {
    outline: 3px solid var(--focus);
    outline-offset: 2px;
  }
  .button {
    display: inline-flex;
    align-items: center;
    justify-content: center;
    gap: 6px;
    min-height: 38px;
    padding: 7px 14px;
    border: 1px solid var(--edge);
    border-radius: var(--radius-s);
    background: var(--surface);
    color: var(--ink);
    font: 550 var(--text) / 1.3 var(--font);
    text-align: center;
    cursor: pointer;
    transition: background var(--ease), border-color var(--ease);
  }
  .button:hover:not(:disabled) {
    background: var(--raised);
    border-color: var(--ink);
  }
  .button.primary {
    border-color: var(--accent);
    background: var(--accent);
    color: var(--on-accent);
  }
  .button.primary:hover:not(:disabled) {
    border-color: var(--ink);
    background: color-mix(in srgb, var(--accent) 88%, var(--ink));
  }
  .button.quiet {
    border-color: transparent;
    background: transparent;
  }
  .button.small {
    min-height: 30px;
    padding: 3px 10px;
    font-size: var(--text-s);
  }
  .button:disabled {
    cursor: default;
    opacity: 0.55;
  }
  .field {
    width: 100%;
    min-height: 38px;
    padding: 7px 10px;
    border: 1px solid var(--edge);
    border-radius: var(--radius-s);
    background: var(--surface);
    color: var(--ink);
    font: 400 var(--text) / 1.4 var(--font);
  }
  .field::placeholder {
    color: var(--muted);
    opacity: 1;
  }
  .tag {
    display: inline-block;
    padding: 1px 7px;
    border: 1px solid currentColor;
    border-radius: 5px;
    background: var(--raised);
    color: var(--muted);
    font: 650 var(--text-xs) / 1.45 var(--font);
    white-space: nowrap;
  }
  .tag.ai {
    background: var(--ai-soft);
    color: var(--ai);
  }
  .tag.human {
    border-radius: 99px;
    background: var(--human-soft);
    color: var(--human);
  }
  .note {
    margin: 0;
    padding: 9px 12px;
    border-radius: var(--radius-s);
    background: var(--raised);
    color: var(--ink);
    font: 400 var(--text-s) / 1.5 var(--font);
  }
  .note.danger {
    background: var(--danger-soft);
    color: var(--danger);
  }
  .note.warn {
    background: var(--warn-soft);
    color: var(--warn);
  }
  .hidden {
    position: absolute;
    width: 1px;
    height: 1px;
    margin: -1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }
  @media (forced-colors: active) {
    .button,
    .field,
    .tag,
    .note {
      border: 1px solid CanvasText;
    }
  }
`;

/** Gives a whole page the variables, its ground and its type. Call once, before the first element renders. */
export function installPageStyles(page: Document = document): void {
  const style = page.createElement("style");
  style.textContent = `${sheet(":root")}
    *, *::before, *::after { box-sizing: border-box }
    body { margin: 0; background: var(--bg); color: var(--ink); font: 400 var(--text)/1.5 var(--font); }
    :focus-visible { outline: 3px solid var(--focus); outline-offset: 2px }`;
  page.head.append(style);
}
