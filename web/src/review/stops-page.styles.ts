import { css } from "lit";

export const styles = css`
  .page {
    max-width: 50rem;
  }
  section {
    display: grid;
    gap: 10px;
  }
  h3 {
    justify-self: start;
  }
  h3:focus-visible {
    border-radius: 4px;
  }
  p {
    margin: 0;
  }
  ul {
    display: grid;
    gap: 10px;
    margin: 0;
    padding: 0;
    list-style: none;
  }
  li {
    display: flex;
    flex-wrap: wrap;
    gap: 8px 20px;
    justify-content: space-between;
    align-items: center;
  }
  li > div {
    flex: 1 1 16rem;
    min-width: 0;
    overflow-wrap: anywhere;
  }
  .running {
    border-color: var(--warn);
  }
  .what {
    font-weight: 600;
  }
  form {
    display: grid;
    gap: 14px;
  }
  label {
    display: grid;
    gap: 4px;
    font-weight: 600;
  }
  select {
    max-width: 24rem;
  }
  textarea.field {
    min-height: 4.5rem;
    resize: vertical;
  }
  form .button {
    justify-self: start;
  }
  blockquote {
    margin: 4px 0 6px;
    padding: 8px 12px;
    border-radius: var(--radius-s);
    background: var(--raised);
  }
`;
