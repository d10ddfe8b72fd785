import { css } from "lit";

export const styles = css`
  :host {
    display: grid;
    grid-template-rows: auto minmax(0, 1fr);
    height: 100%;
    min-height: 0;
  }
  header {
    display: flex;
    gap: 12px;
    justify-content: space-between;
    align-items: center;
    padding: 10px 14px;
    border-bottom: 1px solid var(--line);
  }
  h2 {
    width: fit-content;
    margin: 0 0 4px;
    border-radius: 4px;
    font: 650 var(--text-l) / 1.3 var(--font);
  }
  .about {
    color: var(--muted);
    font-size: var(--text-s);
  }
  .scroll {
    position: relative;
    min-height: 0;
    padding: 12px 14px 32px;
    overflow-y: auto;
  }
  .scroll:focus-visible {
    outline-offset: -3px;
  }
  ol {
    display: grid;
    gap: 8px;
    margin: 0;
    padding: 0;
    list-style: none;
  }
  .message {
    display: grid;
    gap: 2px;
    justify-items: start;
    padding: 6px 8px;
    border-inline-start: 3px solid transparent;
  }
  .message.here {
    border-color: var(--accent);
    border-radius: 0 var(--radius-s) var(--radius-s) 0;
    background: var(--accent-soft);
  }
  .here .meta {
    color: var(--on-accent-soft);
  }
  .meta {
    display: flex;
    flex-wrap: wrap;
    gap: 4px 8px;
    align-items: center;
    color: var(--muted);
    font-size: var(--text-s);
  }
  .text {
    overflow-wrap: anywhere;
    white-space: pre-wrap;
  }
  .text a {
    color: inherit;
  }
  .system .text {
    color: var(--muted);
    font-size: var(--text-s);
  }
  .here.system .text {
    color: var(--ink);
  }
  li > a {
    display: block;
    margin-inline-start: 11px;
    padding: 2px 8px;
    border-radius: 6px;
    color: var(--muted);
    font-size: var(--text-s);
    text-decoration: none;
  }
  li > a::before {
    content: "→ ";
  }
  li > a:not([aria-current]):hover {
    background: var(--raised);
  }
  li > a[aria-current] {
    background: var(--accent-soft);
    color: var(--on-accent-soft);
    font-weight: 600;
  }
  .kind {
    color: var(--ai);
    font-weight: 650;
  }
  a[aria-current] .kind {
    color: inherit;
  }
  .note {
    margin: 0 0 12px;
  }
`;
