import { css } from "lit";

export const styles = css`
  :host {
    display: grid;
    place-items: center;
    min-height: 100dvh;
    padding: var(--gap-l);
  }
  form {
    display: grid;
    gap: var(--gap);
    width: min(100%, 23rem);
    padding: 28px;
    border: 1px solid var(--line);
    border-radius: var(--radius-l);
    background: var(--surface);
    box-shadow: 0 12px 40px -18px var(--shadow);
  }
  h1 {
    display: flex;
    align-items: center;
    gap: 10px;
    margin: 0;
    font: 650 var(--text-xl) / 1.3 var(--font);
  }
  h1 svg {
    color: var(--accent);
  }
  p {
    margin: 0;
    color: var(--muted);
  }
  p.note.danger {
    color: var(--danger);
  }
  label {
    display: grid;
    gap: 5px;
    font-weight: 550;
  }
  .button {
    margin-top: 4px;
  }
`;
