import { css } from "lit";

export const styles = css`
  :host {
    height: auto;
    overflow: visible;
  }
  article {
    display: grid;
    gap: 18px;
    max-width: 46rem;
    padding: 20px 28px 48px;
  }
  h3 {
    margin-bottom: 8px;
  }
  blockquote {
    margin: 0;
    padding: 10px 14px;
    border-inline-start: 3px solid var(--ai);
    border-radius: 0 var(--radius-s) var(--radius-s) 0;
    background: var(--ai-soft);
    overflow-wrap: anywhere;
    white-space: pre-line;
  }
  blockquote.visitor {
    border-color: var(--edge);
    background: var(--raised);
  }
  blockquote.reviewer {
    border-color: var(--human);
    background: var(--human-soft);
  }
  p {
    margin: 0;
  }
  .meta {
    display: flex;
    flex-wrap: wrap;
    gap: 4px 12px;
    align-items: center;
    margin-bottom: 6px;
    color: var(--muted);
    font-size: var(--text-s);
  }
  .links {
    display: flex;
    flex-wrap: wrap;
    gap: 4px 20px;
    margin-top: 10px;
    font-size: var(--text-s);
  }
  form {
    display: grid;
    gap: 14px;
  }
  fieldset {
    display: flex;
    flex-wrap: wrap;
    gap: 8px 20px;
    margin: 0;
    padding: 0;
    border: 0;
  }
  legend {
    margin-bottom: 6px;
    padding: 0;
    font-weight: 600;
  }
  .choice {
    display: flex;
    gap: 8px;
    align-items: baseline;
  }
  .text {
    display: grid;
    gap: 4px;
    font-weight: 600;
  }
  textarea.field {
    min-height: 7rem;
    resize: vertical;
  }
  .button {
    justify-self: start;
  }
  .back {
    display: none;
    margin-bottom: 8px;
  }
  @media (max-width: 760px) {
    article {
      padding: 12px 12px 32px;
    }
    .back {
      display: inline-flex;
    }
  }
`;
