import { css } from "lit";

export const styles = css`
  :host {
    display: grid;
    gap: 8px;
    min-width: 0;
  }
  .line {
    display: flex;
    flex-wrap: wrap;
    gap: 6px;
    align-items: center;
  }
  .line form {
    flex: 1 1 12rem;
    max-width: 26rem;
  }
  .gap {
    flex: 1;
  }
  .panel {
    display: grid;
    grid-template-columns: repeat(auto-fill, minmax(10.5rem, 1fr));
    gap: 8px 10px;
    padding: 10px 12px 12px;
    border: 1px solid var(--line);
    border-radius: var(--radius-s);
    background: var(--surface);
  }
  label {
    display: grid;
    gap: 2px;
    min-width: 0;
    color: var(--muted);
    font-size: var(--text-s);
    font-weight: 550;
  }
  .spans {
    display: flex;
    flex-wrap: wrap;
    grid-column: 1 / -1;
    gap: 4px;
    align-items: center;
    color: var(--muted);
    font-size: var(--text-s);
  }
  .field {
    min-width: 0;
    min-height: 32px;
    padding: 4px 8px;
    font-size: var(--text-s);
  }
  .chip {
    border-radius: 99px;
  }
`;
