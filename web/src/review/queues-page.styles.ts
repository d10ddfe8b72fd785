import { css } from "lit";

export const styles = css`
  .page {
    max-width: 92rem;
  }
  .parts {
    display: grid;
    grid-template-columns: 15.5rem minmax(0, 1fr) 19rem;
    gap: 24px;
    align-items: start;
  }
  nav {
    display: grid;
    gap: 4px;
  }
  nav button {
    display: grid;
    grid-template-columns: minmax(0, 1fr) auto;
    gap: 0 8px;
    padding: 8px 10px;
    border: 1px solid transparent;
    border-radius: var(--radius-s);
    background: none;
    color: var(--ink);
    font: 600 var(--text) / 1.4 var(--font);
    text-align: start;
    cursor: pointer;
  }
  nav button:not([aria-current]):hover {
    background: var(--raised);
  }
  nav button[aria-current] {
    border-color: var(--accent);
    background: var(--accent-soft);
  }
  nav .for {
    grid-column: 1 / -1;
    color: var(--muted);
    font-size: var(--text-s);
    font-weight: 400;
  }
  nav .count {
    color: var(--muted);
    font-size: var(--text-s);
    font-variant-numeric: tabular-nums;
  }
  nav button[aria-current] :is(.for, .count) {
    color: var(--on-accent-soft);
  }
  .queue {
    display: grid;
    gap: 12px;
    min-width: 0;
  }
  .top {
    display: flex;
    flex-wrap: wrap;
    gap: 8px 16px;
    justify-content: space-between;
    align-items: center;
  }
  .top h3 {
    font-size: var(--text-l);
  }
  @media (max-width: 1180px) {
    .parts {
      grid-template-columns: 15.5rem minmax(0, 1fr);
    }
    candor-agreement-panel {
      grid-column: 1 / -1;
    }
  }
  @media (max-width: 760px) {
    .parts {
      grid-template-columns: minmax(0, 1fr);
      gap: 16px;
    }
  }
  @media (forced-colors: active) {
    nav button[aria-current] {
      outline: 2px solid Highlight;
    }
  }
`;
