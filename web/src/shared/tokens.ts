/**
 * The design's values as custom properties. Plain text, so that the widget's loader can use them without Lit.
 *
 * Every pair of text on ground named here has a contrast of 4.5 or more, borders of controls and the focus ring 3 or more
 * (tokens.test.ts computes it). Colour never carries a meaning alone.
 */
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

/** A style sheet that sets the properties on `selector`, for light and dark, with and without motion. */
export const sheet = (selector: string): string => `
${selector} { color-scheme: light dark; ${sizes} ${variables(light)} }
@media (prefers-color-scheme: dark) { ${selector} { ${variables(dark)} } }
@media (prefers-reduced-motion: reduce) { ${selector} { --ease: 0ms } }`;

/** Gives a whole page the variables, its ground and its type. Call once, before the first element renders. */
export function installPageStyles(page: Document = document): void {
  const style = page.createElement("style");
  style.textContent = `${sheet(":root")}
    *, *::before, *::after { box-sizing: border-box }
    body { margin: 0; background: var(--bg); color: var(--ink); font: 400 var(--text)/1.5 var(--font); }
    :focus-visible { outline: 3px solid var(--focus); outline-offset: 2px }`;
  page.head.append(style);
}
