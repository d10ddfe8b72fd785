import { css } from "lit";

export const styles = css`
  .badge {
    border-radius: 99px;
    font-variant-numeric: tabular-nums;
    font-weight: 400;
  }
  .dot {
    width: 9px;
    height: 9px;
    border: 2px solid var(--edge);
    border-radius: 50%;
  }
  .sealed .dot {
    border-color: var(--accent);
    background: var(--accent);
  }
  .trouble {
    border-color: var(--warn);
    background: var(--warn-soft);
    color: var(--warn);
    font-weight: 600;
  }
  .trouble .dot {
    border-color: currentColor;
    border-radius: 2px;
    background: currentColor;
  }
  dialog {
    width: min(40rem, calc(100vw - 32px));
  }
  h2 {
    margin: 0 0 8px;
    font: 650 var(--text-l) / 1.3 var(--font);
  }
  p,
  p.note {
    margin: 0 0 12px;
  }
  pre {
    margin: 0 0 14px;
    padding: 8px 10px;
    border-radius: var(--radius-s);
    background: var(--raised);
    font: 400 var(--text-xs) / 1.5 var(--mono);
    overflow-wrap: anywhere;
    white-space: pre-wrap;
  }
  h3 {
    margin: 0 0 4px;
    font: 600 var(--text-s) / 1.4 var(--font);
  }
`;
