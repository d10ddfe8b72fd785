import { css } from "lit";

export const styles = css`
  :host {
    display: contents;
  }
  form,
  .state {
    flex: 1 0 100%;
  }
  form {
    box-sizing: border-box;
    padding: 12px 14px;
    border: 1px solid var(--line);
    border-inline-start: 4px solid var(--human);
    border-radius: var(--radius-s);
    background: var(--surface);
    font-size: var(--text-s);
  }
  p {
    margin: 0 0 10px;
  }
  label {
    display: block;
    margin-bottom: 4px;
    font-weight: 600;
  }
  textarea,
  input {
    margin-bottom: 10px;
  }
  textarea {
    min-height: 4.5em;
    resize: vertical;
  }
  .answers {
    display: grid;
    grid-template-columns: 1fr 1fr;
    gap: 8px;
  }
  .problem {
    color: var(--danger);
  }
  .state {
    margin: 2px 4px 0;
    border-radius: 4px;
    color: var(--muted);
    font: 550 var(--text-s) / 1.4 var(--font);
  }
`;
