import { css } from "lit";

export const styles = css`
  :host {
    display: block;
    padding: 4px 8px 16px;
  }
  h3 {
    display: flex;
    justify-content: space-between;
    margin: 14px 8px 6px;
    color: var(--muted);
    font: 650 var(--text-s) / 1.4 var(--font);
  }
  ul {
    margin: 0;
    padding: 0;
    list-style: none;
  }
  .entry {
    display: grid;
    grid-template-columns: minmax(0, 1fr) auto;
    gap: 1px 10px;
    width: 100%;
    margin-bottom: 2px;
    padding: 9px 10px;
    border: 1px solid transparent;
    border-radius: var(--radius-s);
    background: none;
    color: var(--ink);
    font: 400 var(--text-s) / 1.45 var(--font);
    text-align: start;
    cursor: pointer;
  }
  .entry.closed {
    cursor: default;
  }
  .entry:not(.closed, [aria-current]):hover {
    background: var(--raised);
  }
  .entry[aria-current] {
    border-color: var(--accent);
    background: var(--accent-soft);
  }
  .waits {
    border-color: var(--line);
    background: var(--surface);
  }
  .reason {
    display: -webkit-box;
    overflow: hidden;
    font-size: var(--text);
    font-weight: 600;
    line-height: 1.35;
    -webkit-box-orient: vertical;
    -webkit-line-clamp: 2;
  }
  .time {
    color: var(--human);
    font-variant-numeric: tabular-nums;
    font-weight: 650;
  }
  .entry[aria-current] .quiet,
  .quiet {
    color: var(--muted);
  }
  .entry[aria-current] .quiet {
    color: var(--on-accent-soft);
  }
  .last,
  .facts {
    grid-column: 1 / -1;
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  .empty {
    margin: 0 8px;
    color: var(--muted);
    font-size: var(--text-s);
  }
  @media (forced-colors: active) {
    .entry[aria-current] {
      outline: 2px solid Highlight;
    }
  }
`;
