import { css } from "lit";

export const styles = css`
  .bar {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 4px 12px;
    padding: 9px 12px 9px 16px;
    border-top: 1px solid var(--line);
    background: var(--human-soft);
    color: var(--human);
    font-size: var(--text-s);
  }
  p {
    flex: 1;
    min-width: 12em;
    margin: 0;
  }
  strong {
    font-weight: 650;
  }
`;
