import { css } from "lit";

export const styles = css`
  summary {
    display: flex;
    align-items: baseline;
    gap: 8px;
    min-height: 38px;
    padding: 8px 2px;
    font-size: var(--text);
  }
  summary::before {
    flex: none;
    content: "▸" / "";
    color: var(--muted);
  }
  [open] > summary::before {
    content: "▾" / "";
  }
  .title {
    flex: 1;
  }
  .inside {
    padding: 0 2px 14px;
  }
  .listed {
    margin-top: 6px;
  }
  .note {
    margin-top: 8px;
  }
  .value {
    font-size: var(--text);
  }
`;
