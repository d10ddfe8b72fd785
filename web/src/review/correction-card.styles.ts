import { css } from "lit";

export const styles = css`
  article {
    display: grid;
    gap: 10px;
    padding: 14px 18px;
    border: 1px solid var(--line);
    border-radius: var(--radius);
    background: var(--surface);
  }
  h3,
  p {
    margin: 0;
  }
  h3 {
    font: 650 var(--text) / 1.4 var(--font);
  }
  .top,
  .buttons {
    display: flex;
    flex-wrap: wrap;
    gap: 4px 14px;
    justify-content: space-between;
    align-items: baseline;
  }
  .buttons {
    gap: 8px;
    justify-content: flex-start;
    align-items: center;
  }
  .meta {
    color: var(--muted);
    font-size: var(--text-s);
  }
  .meta.state {
    color: var(--ink);
  }
  .wrong {
    color: var(--muted);
    text-decoration: line-through;
  }
  blockquote {
    margin: 0;
    padding: 8px 12px;
    border-radius: var(--radius-s);
    background: var(--raised);
    overflow-wrap: anywhere;
  }
  form {
    display: grid;
    gap: 10px;
  }
  label {
    display: grid;
    gap: 3px;
    font-size: var(--text-s);
    font-weight: 600;
  }
  textarea {
    field-sizing: content;
    resize: vertical;
  }
  .link {
    color: var(--accent);
  }
  code {
    font: 600 0.92em var(--mono);
  }
`;
