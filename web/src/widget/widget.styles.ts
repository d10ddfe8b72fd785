/** Plain text rather than Lit's `css`: the loader comes without Lit. */
import { sheet } from "../shared/tokens.ts";

/**
 * `all: initial` and the important declarations keep the host page's styles out, a page's own "* { … }" included. The element
 * is out of the page's flow. Text sizes do not shrink with a page that sets a small root font, but grow with a visitor who
 * asks for a larger one.
 */
export const styles = `
${sheet(":host")}
:host {
  all: initial;
  --text-xs: max(12px, 0.75rem);
  --text-s: max(13px, 0.8125rem);
  --text: max(15px, 0.9375rem);
  --text-l: max(17px, 1.0625rem);
  position: fixed !important;
  z-index: 2147483000 !important;
  inset: auto 0 0 auto !important;
  display: block !important;
  width: 0 !important;
  height: 0 !important;
  margin: 0 !important;
  padding: 0 !important;
  border: 0 !important;
  direction: ltr !important;
  color-scheme: light dark;
  color: var(--ink) !important;
  font: 400 var(--text) / 1.5 var(--font) !important;
  letter-spacing: normal !important;
  word-spacing: normal !important;
  text-align: start !important;
  text-indent: 0 !important;
  text-transform: none !important;
  text-shadow: none !important;
  white-space: normal !important;
  transform: none !important;
  filter: none !important;
}
button {
  position: fixed;
  inset: auto 20px 20px auto;
  box-sizing: border-box;
  display: flex;
  align-items: center;
  gap: 10px;
  min-width: 56px;
  max-width: calc(100vw - 40px);
  height: 56px;
  margin: 0;
  padding: 0 20px 0 16px;
  border: 0;
  border-radius: 28px;
  background: var(--accent);
  color: var(--on-accent);
  box-shadow: 0 6px 22px var(--shadow);
  font: 600 var(--text) / 1 var(--font);
  cursor: pointer;
  transition: transform var(--ease), background var(--ease);
}
:host([position="left"]) button {
  inset-inline: 20px auto;
}
button:hover {
  background: color-mix(in srgb, var(--accent) 88%, var(--ink));
}
button:active {
  transform: scale(0.98);
}
button:focus-visible {
  outline: 3px solid var(--focus);
  outline-offset: 2px;
}
button.open {
  justify-content: center;
  padding: 0;
}
svg {
  fill: none;
  stroke: currentColor;
}
.unread {
  position: absolute;
  top: -6px;
  inset-inline-end: -4px;
  min-width: 24px;
  padding: 4px 7px;
  border: 2px solid var(--bg);
  border-radius: 99px;
  background: var(--human);
  color: var(--human-soft);
  font: 700 12px/1.1 var(--font);
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
  button {
    border: 2px solid ButtonText;
  }
}
@media (max-width: 480px), (max-height: 480px) {
  button {
    inset-block-end: 14px;
  }
  button.open {
    display: none;
  }
}
@media print {
  :host {
    display: none !important;
  }
}
`;
