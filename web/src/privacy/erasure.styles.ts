import { css } from "lit";

export const styles = css`
  .step {
    display: grid;
    gap: 10px;
    margin-top: 10px;
    padding: 14px;
    border: 1px solid var(--edge);
    border-radius: var(--radius);
    background: var(--surface);
    font-size: var(--text-s);
  }
  .step ul {
    display: grid;
    gap: 4px;
    padding-inline-start: 1.2em;
    list-style: disc;
  }
  label {
    display: grid;
    gap: 4px;
    font-weight: 600;
  }
  .pair {
    align-items: stretch;
  }
`;
