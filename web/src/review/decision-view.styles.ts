/** How the parts of one decision look. */
import { css } from "lit";

export const styles = css`
  :host {
    display: block;
  }
  article {
    container-type: inline-size;
    display: grid;
    gap: 16px;
    max-width: 58rem;
    padding: 16px 24px 48px;
  }
  h2 {
    width: fit-content;
    margin: 6px 0 6px;
    font: 650 var(--text-xl) / 1.3 var(--font);
    overflow-wrap: anywhere;
  }
  h2:focus-visible {
    border-radius: 4px;
  }
  h3 {
    margin: 0 0 8px;
    font: 650 var(--text) / 1.4 var(--font);
  }
  .meta {
    display: flex;
    flex-wrap: wrap;
    gap: 4px 12px;
    align-items: center;
    color: var(--muted);
    font-size: var(--text-s);
  }
  .lead {
    margin: 0 0 10px;
    font-size: var(--text-l);
    white-space: pre-line;
  }
  candor-evidence-badge + .note,
  .note + .note {
    margin-top: 10px;
  }
  section {
    padding: 14px 18px;
    border: 1px solid var(--line);
    border-radius: var(--radius);
    background: var(--surface);
    scroll-margin-top: 8px;
  }
  dl {
    display: grid;
    grid-template-columns: minmax(7rem, max-content) minmax(0, 1fr);
    gap: 6px 20px;
    margin: 0;
  }
  dt {
    color: var(--muted);
  }
  dd {
    margin: 0;
    overflow-wrap: anywhere;
    white-space: pre-line;
  }
  ul {
    display: grid;
    gap: 8px;
    margin: 0;
    padding: 0;
    list-style: none;
  }
  ul .meta {
    gap: 0 12px;
  }
  ol {
    margin: 0;
    padding: 0;
    list-style: none;
  }
  ol li {
    position: relative;
    padding-inline-start: 24px;
  }
  ol li::before {
    position: absolute;
    inset-block: 0 0;
    inset-inline-start: 6px;
    border-inline-start: 2px solid var(--line);
    content: "";
  }
  ol li:first-child::before {
    top: 14px;
  }
  ol li:last-child::before {
    bottom: calc(100% - 14px);
  }
  ol li::after {
    position: absolute;
    top: 9px;
    inset-inline-start: 2px;
    width: 10px;
    height: 10px;
    border: 2px solid var(--edge);
    border-radius: 50%;
    background: var(--surface);
    content: "";
  }
  ol li.here::after {
    border-color: var(--accent);
    background: var(--accent);
  }
  ol a {
    display: block;
    padding: 3px 8px;
    border-radius: 6px;
    color: var(--ink);
    text-decoration: none;
  }
  ol a:not([aria-current]):hover {
    background: var(--raised);
  }
  ol a[aria-current] {
    background: var(--accent-soft);
  }
  .kind {
    margin-inline-end: 6px;
    color: var(--ai);
    font-size: var(--text-s);
    font-weight: 650;
  }
  candor-waterfall {
    display: block;
    margin-bottom: 14px;
  }
  details > summary {
    width: fit-content;
    font-weight: 650;
    cursor: pointer;
  }
  candor-json-tree {
    margin-top: 12px;
  }
  section > .meta {
    margin: 10px 0 0;
  }
  .link {
    color: var(--accent);
  }
  .top {
    display: flex;
    flex-wrap: wrap;
    gap: 6px 12px;
    justify-content: space-between;
    align-items: center;
  }
  .actions {
    display: flex;
    flex-wrap: wrap;
    gap: 6px;
  }
  .done {
    display: flex;
    flex-wrap: wrap;
    gap: 8px 12px;
    align-items: center;
    margin-bottom: 12px;
  }
  @media (max-width: 760px) {
    article {
      padding: 12px 12px 32px;
    }
    section {
      padding: 12px;
    }
  }
  /* Beside the list there is less room than the window has. */
  @container (max-width: 28rem) {
    dl {
      grid-template-columns: minmax(0, 1fr);
      gap: 0;
    }
    dd {
      margin-bottom: 8px;
    }
  }
`;
