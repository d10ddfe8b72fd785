import { css } from "lit";

export const styles = css`
  ol {
    margin: 0;
    padding: 0;
    border-top: 1px solid var(--line);
    list-style: none;
  }
  li {
    border-bottom: 1px solid var(--line);
  }
  a {
    display: grid;
    grid-template-columns: minmax(0, 1fr) auto;
    gap: 0 16px;
    align-items: baseline;
    padding: 5px 10px;
    border-radius: var(--radius-s);
    color: var(--ink);
    text-decoration: none;
  }
  a:hover {
    background: var(--raised);
  }
  a:focus-visible {
    outline-offset: -2px;
  }
  .what {
    line-height: 1.4;
    overflow-wrap: anywhere;
  }
  .kind {
    margin-inline-end: 4px;
    color: var(--ai);
    font-size: var(--text-s);
    font-weight: 650;
  }
  time,
  .facts {
    color: var(--muted);
    font-size: var(--text-s);
    font-variant-numeric: tabular-nums;
  }
  .summary {
    margin-inline-end: 6px;
  }
`;
