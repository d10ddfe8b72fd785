/** Styles that the privacy centre's parts share, on top of the widget's. */
import { css, type CSSResultGroup } from "lit";
import { inner } from "../shared/visitor.styles.ts";

export const sharedStyles: CSSResultGroup = [
  inner,
  css`
    h1,
    h2,
    h3,
    h4,
    h5,
    h6 {
      margin: 0;
      font: 650 var(--text) / 1.35 var(--font);
      overflow-wrap: anywhere;
    }
    h1:focus,
    h2:focus,
    h3:focus,
    h4:focus,
    h5:focus,
    h6:focus {
      outline: none;
    }
    p {
      margin: 0;
      overflow-wrap: anywhere;
    }
    .soft {
      color: var(--muted);
      font-size: var(--text-s);
    }
    dl {
      display: grid;
      grid-template-columns: minmax(6em, auto) 1fr;
      gap: 5px 14px;
      margin: 0;
      font-size: var(--text-s);
    }
    dt {
      color: var(--muted);
    }
    dd {
      margin: 0;
      overflow-wrap: anywhere;
    }
    ul,
    ol {
      margin: 0;
      padding: 0;
      list-style: none;
    }
    li:focus {
      outline: none;
    }
    li:focus-visible {
      outline: 3px solid var(--focus);
    }
    .listed > li {
      padding: 10px 0;
      border-top: 1px solid var(--line);
    }
    .listed > li:first-child {
      border-top: 0;
    }
    .value {
      overflow-wrap: anywhere;
      white-space: pre-wrap;
    }
    .over {
      display: flex;
      flex-wrap: wrap;
      align-items: center;
      gap: 2px 8px;
      margin-bottom: 3px;
      color: var(--muted);
      font-size: var(--text-s);
    }
    .all {
      margin-top: 8px;
    }
    .pair {
      display: grid;
      grid-template-columns: 1fr 1fr;
      gap: 8px;
    }
    .pair .button {
      min-height: 42px;
    }
    .problem {
      color: var(--danger);
      font-size: var(--text-s);
    }
    details {
      font-size: var(--text-s);
    }
    summary {
      min-height: 28px;
      padding: 4px 2px;
      border-radius: 6px;
      color: var(--ink);
      font: 400 var(--text-s) / 1.4 var(--font);
      cursor: pointer;
    }
    summary:hover {
      text-decoration: underline;
      text-underline-offset: 3px;
    }
    summary:focus-visible {
      outline: 3px solid var(--focus);
      outline-offset: 1px;
    }
    .field {
      font-size: var(--text);
    }
    @media (max-width: 340px) {
      .pair {
        grid-template-columns: 1fr;
      }
      dl {
        grid-template-columns: 1fr;
      }
      dd {
        margin-bottom: 4px;
      }
    }
  `,
];
