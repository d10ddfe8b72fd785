/** Styles that every element of the widget shares: the design's values, proof against the host page's own, and icons. */
import { css, type CSSResultGroup } from "lit";
import { parts, tokens } from "../ui/tokens.ts";

/** For the inner elements: they inherit the values from <candor-widget>. */
export const inner: CSSResultGroup = [
  parts,
  css`
    :host {
      display: block;
    }
    .icon {
      flex: none;
      fill: none;
      stroke: currentColor;
      stroke-width: 1.9;
      stroke-linecap: round;
      stroke-linejoin: round;
    }
    .small .icon {
      width: 17px;
      height: 17px;
    }
    .badge {
      display: inline-grid;
      flex: none;
      width: 40px;
      height: 40px;
      place-items: center;
      border: 1.5px solid currentColor;
      border-radius: 11px;
      background: var(--ai-soft);
      color: var(--ai);
      font: 650 17px/1 var(--font);
    }
    .badge.human {
      border-radius: 50%;
      background: var(--human-soft);
      color: var(--human);
    }
    .quiet {
      min-height: 28px;
      padding: 2px 4px;
      border: 0;
      border-radius: 6px;
      background: none;
      color: var(--muted);
      font: 550 var(--text-s) / 1.3 var(--font);
      text-align: start;
      text-decoration: underline;
      text-underline-offset: 3px;
      cursor: pointer;
    }
    .quiet:hover {
      color: var(--ink);
    }
    a {
      color: var(--accent);
      text-underline-offset: 2px;
    }
  `,
];

/**
 * For the widget itself. `all: initial` keeps the host page's inherited styles out; sizes do not shrink with a page that
 * sets a small root font, but grow with a visitor who asks for a larger one.
 */
export const outer: CSSResultGroup = [
  tokens,
  parts,
  css`
    :host {
      all: initial;
      --text-xs: max(12px, 0.75rem);
      --text-s: max(13px, 0.8125rem);
      --text: max(15px, 0.9375rem);
      --text-l: max(17px, 1.0625rem);
      color-scheme: light dark;
      /* Important, because a page's own "* { … }" would otherwise win on this element and be inherited by all inside. */
      color: var(--ink) !important;
      font: 400 var(--text) / 1.5 var(--font) !important;
      letter-spacing: normal !important;
      word-spacing: normal !important;
      text-align: start !important;
      text-indent: 0 !important;
      text-transform: none !important;
      text-shadow: none !important;
      white-space: normal !important;
    }
  `,
];
