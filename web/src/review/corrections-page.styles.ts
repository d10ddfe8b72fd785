import { css } from "lit";

export const styles = css`
  .page {
    max-width: 56rem;
  }
  .states {
    display: flex;
    flex-wrap: wrap;
    gap: 6px;
  }
  .states .button[aria-pressed="true"] {
    border-color: var(--accent);
    background: var(--accent-soft);
    color: var(--on-accent-soft);
  }
  .list {
    display: grid;
    gap: 12px;
  }
  code {
    font: 600 0.92em var(--mono);
  }
`;
