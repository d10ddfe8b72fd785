import { css } from "lit";

export const styles = css`
  section {
    margin-top: 8px;
    padding: 14px;
    border: 1px solid var(--edge);
    border-radius: var(--radius);
    background: var(--surface);
  }
  h3 {
    margin: 0 0 8px;
    font: 650 var(--text) / 1.35 var(--font);
  }
  dl {
    display: grid;
    grid-template-columns: auto 1fr;
    gap: 3px 12px;
    margin: 0;
    font-size: var(--text-s);
  }
  dt,
  legend {
    color: var(--muted);
  }
  dd {
    margin: 0;
    overflow-wrap: anywhere;
  }
  fieldset {
    min-width: 0;
    margin: 8px 0 0;
    padding: 0;
    border: 0;
    font-size: var(--text-s);
  }
  legend {
    padding: 0;
  }
  label {
    display: flex;
    align-items: flex-start;
    gap: 8px;
    min-height: 28px;
    padding: 4px 0;
    cursor: pointer;
  }
  input {
    flex: none;
    width: 18px;
    height: 18px;
    margin: 1px 0 0;
    accent-color: var(--accent);
    cursor: pointer;
  }
  .choices {
    display: grid;
    grid-template-columns: 1fr 1fr;
    gap: 8px;
    margin-top: 12px;
  }
  .choices .button {
    min-height: 42px;
  }
  .outcome {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    justify-content: space-between;
    gap: 8px;
    margin: 10px 0 0;
    font-weight: 550;
    font-size: var(--text-s);
  }
`;
