import { css } from "lit";

export const styles = css`
  form {
    padding: 10px 12px 12px;
    border-top: 1px solid var(--line);
    background: var(--surface);
  }
  .box {
    display: flex;
    align-items: flex-end;
    gap: 6px;
    padding: 4px;
    border: 1px solid var(--edge);
    border-radius: var(--radius);
    background: var(--surface);
  }
  .box:focus-within {
    border-color: var(--focus);
    outline: 2px solid var(--focus);
  }
  .box.locked {
    border-style: dashed;
  }
  textarea {
    flex: 1;
    min-width: 0;
    min-height: 38px;
    max-height: 132px;
    padding: 8px 9px;
    border: 0;
    background: none;
    color: var(--ink);
    font: 400 max(16px, var(--text)) / 1.4 var(--font); /* below 16px iOS zooms in on focus */
    resize: none;
    field-sizing: content;
  }
  textarea:focus {
    outline: none;
  }
  textarea::placeholder {
    color: var(--muted);
    opacity: 1;
  }
  button {
    width: 40px;
    padding: 0;
  }
  .count {
    margin: 6px 4px 0;
    color: var(--muted);
    font: 400 var(--text-s) / 1.4 var(--font);
    text-align: end;
  }
  .count.over {
    color: var(--danger);
    font-weight: 600;
  }
`;
