import { css } from "lit";

export const styles = css`
  form {
    display: grid;
    gap: 12px;
  }
  fieldset {
    display: flex;
    flex-wrap: wrap;
    gap: 8px;
    margin: 0;
    padding: 0;
    border: 0;
  }
  legend {
    float: left;
    width: 100%;
    margin-bottom: 6px;
    padding: 0;
    font-weight: 550;
  }
  .verdict {
    display: inline-flex;
    gap: 8px;
    align-items: center;
    min-height: 38px;
    padding: 6px 14px 6px 12px;
    border: 1px solid var(--edge);
    border-radius: var(--radius-s);
    font-weight: 550;
    cursor: pointer;
  }
  .verdict:has(:checked) {
    border-color: var(--accent);
    background: var(--accent-soft);
    color: var(--on-accent-soft);
  }
  .verdict:has(:focus-visible) {
    outline: 3px solid var(--focus);
    outline-offset: 2px;
  }
  .verdict input {
    margin: 0;
    accent-color: var(--accent);
    outline: none;
  }
  kbd {
    padding: 0 5px;
    border: 1px solid var(--edge);
    border-radius: 4px;
    font: 600 var(--text-xs) / 1.4 var(--mono);
  }
  .two {
    display: grid;
    grid-template-columns: repeat(auto-fit, minmax(13rem, 1fr));
    gap: 12px;
  }
  label:not(.verdict) {
    display: grid;
    gap: 4px;
    align-content: start;
    font-weight: 550;
  }
  .hint {
    color: var(--muted);
    font-size: var(--text-s);
    font-weight: 400;
  }
  textarea.field {
    min-height: 3.6rem;
    resize: vertical;
  }
  .end {
    display: flex;
    flex-wrap: wrap;
    gap: 8px 14px;
    align-items: center;
  }
  p {
    margin: 0;
  }
  @media (forced-colors: active) {
    .verdict:has(:checked) {
      outline: 2px solid Highlight;
    }
  }
`;
