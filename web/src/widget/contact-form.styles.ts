import { css } from "lit";

export const styles = css`
  section {
    padding: 14px;
    border: 1px solid var(--line);
    border-inline-start: 4px solid var(--human);
    border-radius: var(--radius-s);
    background: var(--surface);
  }
  h3 {
    margin: 0 0 4px;
    font: 650 var(--text) / 1.35 var(--font);
  }
  p {
    margin: 0 0 10px;
    font-size: var(--text-s);
  }
  label {
    display: block;
    margin-bottom: 4px;
    font-weight: 600;
    font-size: var(--text-s);
  }
  .row {
    display: grid;
    grid-template-columns: 1fr 1fr;
    gap: 8px;
  }
  .row .field {
    grid-column: 1 / -1;
  }
  .wrong {
    margin: 6px 0 0;
    color: var(--danger);
  }
`;
