import { css } from "lit";

export const styles = css`
  :host {
    overflow: hidden;
  }
  .split {
    height: 100%;
  }
  .column,
  .pane {
    overflow-y: auto;
  }
  .column {
    padding: 20px 12px 32px;
  }
  .column > :is(h2, h3, p) {
    margin-inline: 10px;
  }
  .column h3 {
    margin-block: 20px 6px;
    color: var(--muted);
    font-size: var(--text-s);
  }
  .column .lead {
    font-size: var(--text-s);
  }
  ul {
    margin: 0;
    padding: 0;
    list-style: none;
  }
  ul button {
    display: grid;
    grid-template-columns: minmax(0, 1fr) auto;
    gap: 1px 10px;
    width: 100%;
    margin-bottom: 2px;
    padding: 8px 10px;
    border: 1px solid transparent;
    border-radius: var(--radius-s);
    background: none;
    color: var(--ink);
    font: 400 var(--text) / 1.45 var(--font);
    text-align: start;
    cursor: pointer;
  }
  ul button:not([aria-current]):hover {
    background: var(--raised);
  }
  ul button[aria-current] {
    border-color: var(--accent);
    background: var(--accent-soft);
  }
  .wait {
    font-weight: 600;
    font-variant-numeric: tabular-nums;
  }
  .facts {
    color: var(--muted);
    font-size: var(--text-s);
  }
  button[aria-current] .facts {
    color: var(--on-accent-soft);
  }
  .middle {
    display: grid;
    place-items: center;
    height: 100%;
    padding: var(--gap-l);
    color: var(--muted);
    text-align: center;
  }
  @media (max-width: 760px) {
    .column {
      padding: 14px 4px 32px;
    }
  }
  @media (forced-colors: active) {
    ul button[aria-current] {
      outline: 2px solid Highlight;
    }
  }
`;
