import { css } from "lit";

export const styles = css`
  section {
    padding: 14px;
    border: 1px solid var(--edge);
    border-radius: var(--radius);
    background: var(--surface);
  }
  h3 {
    margin: 0 0 6px;
    font: 650 var(--text) / 1.35 var(--font);
  }
  p,
  ul {
    margin: 0 0 8px;
    font-size: var(--text-s);
  }
  ul {
    padding-inline-start: 1.2em;
  }
  .choices {
    display: grid;
    grid-template-columns: 1fr 1fr;
    gap: 8px;
  }
  .choices .button {
    min-height: 42px;
  }
`;
