import { css } from "lit";

export const styles = css`
  :host {
    display: block;
  }
  form {
    display: grid;
    grid-template-columns: 1fr auto;
    gap: 8px;
    align-items: end;
  }
  textarea {
    max-height: 12rem;
    resize: none;
    field-sizing: content;
  }
  .left {
    grid-column: 1 / -1;
    margin: 0;
    color: var(--muted);
    font-size: var(--text-s);
  }
`;
