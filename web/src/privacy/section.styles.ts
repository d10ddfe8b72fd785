import { css } from "lit";

export const styles = css`
  section {
    border-top: 1px solid var(--line);
  }
  .head {
    display: flex;
    align-items: center;
    gap: 6px 10px;
    width: 100%;
    min-height: 48px;
    padding: 10px 2px;
    border: 0;
    background: none;
    color: var(--ink);
    font: 650 var(--text) / 1.35 var(--font);
    text-align: start;
    cursor: pointer;
  }
  .name {
    flex: 1;
  }
  .head:hover .name {
    text-decoration: underline;
    text-underline-offset: 3px;
  }
  .head:focus-visible {
    outline-offset: -3px;
  }
  .gist {
    color: var(--muted);
    font: 400 var(--text-s) / 1.4 var(--font);
    text-align: end;
  }
  svg {
    flex: none;
    fill: none;
    stroke: currentColor;
    stroke-width: 2;
    stroke-linecap: round;
    stroke-linejoin: round;
    transition: transform var(--ease);
  }
  [aria-expanded="true"] svg {
    transform: rotate(90deg);
  }
  .inside {
    padding: 2px 2px 16px;
  }
`;
