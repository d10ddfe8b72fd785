import { css } from "lit";

export const styles = css`
  section {
    display: grid;
    gap: 12px;
    padding: 14px;
    border: 1px solid var(--edge);
    border-radius: var(--radius);
    background: var(--surface);
  }
  .state {
    color: var(--ink);
    font-weight: 600;
  }
  .listed {
    font-size: var(--text-s);
  }
  .pending .state {
    color: var(--warn);
  }
  .text {
    margin-top: 2px;
  }
  @media (max-width: 480px) {
    dl {
      grid-template-columns: 1fr;
    }
  }
`;
