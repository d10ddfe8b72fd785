/** Styles that every element of the widget shares: the design's values, proof against the host page's own, and icons. */
import { css, type CSSResultGroup } from "lit";
import { parts } from "./parts.styles.ts";

/** For the inner elements: they inherit the custom properties from <candor-widget> or the page. */
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
