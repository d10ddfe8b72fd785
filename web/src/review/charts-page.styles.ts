import { css } from "lit";

export const styles = css`
  .page {
    max-width: 92rem;
  }
  form {
    display: flex;
    flex-wrap: wrap;
    gap: 8px 14px;
    align-items: end;
  }
  label {
    display: grid;
    gap: 2px;
    color: var(--muted);
    font-size: var(--text-s);
    font-weight: 550;
  }
  .field {
    width: auto;
    max-width: 15rem;
    min-height: 34px;
    padding: 4px 8px;
    font-size: var(--text-s);
  }
  .charts {
    display: grid;
    grid-template-columns: repeat(auto-fill, minmax(min(100%, 21rem), 1fr));
    gap: 14px;
  }
`;
