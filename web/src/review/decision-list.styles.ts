import { css } from "lit";

export const styles = css`
  :host {
    display: block;
    container-type: inline-size;
  }
  ol {
    display: grid;
    grid-template-columns: max-content minmax(0, 1fr) max-content max-content;
    margin: 0;
    padding: 0 8px;
    list-style: none;
  }
  li {
    display: grid;
    grid-column: 1 / -1;
    grid-template-columns: subgrid;
    border-bottom: 1px solid var(--line);
  }
  a {
    display: grid;
    grid-column: 1 / -1;
    grid-template-columns: subgrid;
    gap: 0 10px;
    align-items: baseline;
    padding: 5px 8px;
    border-radius: 6px;
    color: var(--ink);
    font-size: var(--text-s);
    text-decoration: none;
  }
  a:focus-visible {
    outline-offset: -2px;
  }
  a:not([aria-current]):hover {
    background: var(--raised);
  }
  a[aria-current] {
    background: var(--accent-soft);
    box-shadow: inset 3px 0 var(--accent);
  }
  .what {
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  time,
  .number,
  .fact {
    color: var(--muted);
    font-variant-numeric: tabular-nums;
    white-space: nowrap;
  }
  .fact {
    display: none;
    overflow: hidden;
    text-overflow: ellipsis;
  }
  .id {
    font-family: var(--mono);
    font-size: var(--text-xs);
  }
  .number {
    text-align: end;
  }
  a[aria-current] :is(time, .number, .fact) {
    color: var(--on-accent-soft);
  }
  .kind {
    color: var(--ai);
    font-weight: 650;
  }
  a[aria-current] .kind {
    color: inherit;
  }
  .marks {
    display: flex;
    gap: 3px;
    min-width: 1.4em;
  }
  .mark {
    display: inline-grid;
    place-items: center;
    width: 1.4em;
    height: 1.4em;
    border-radius: 50%;
    background: var(--raised);
    color: var(--muted);
    font-weight: 700;
    line-height: 1;
  }
  .right {
    background: var(--accent-soft);
    color: var(--on-accent-soft);
  }
  .wrong,
  .overturned {
    background: var(--danger-soft);
    color: var(--danger);
  }
  .unsure,
  .open {
    background: var(--warn-soft);
    color: var(--warn);
  }
  .contest {
    border-radius: 4px;
  }
  .end {
    display: flex;
    flex-wrap: wrap;
    gap: 8px;
    justify-content: center;
    align-items: center;
    padding: 12px 12px 20px;
  }
  @container (min-width: 56rem) {
    ol {
      grid-template-columns:
        max-content minmax(0, 1fr) minmax(0, 12rem) max-content max-content max-content max-content
        max-content;
    }
    .fact {
      display: block;
    }
    a {
      gap: 0 18px;
    }
  }
  @media (forced-colors: active) {
    a[aria-current] {
      outline: 2px solid Highlight;
    }
  }
`;
