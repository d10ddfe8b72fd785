import { css } from "lit";

export const styles = css`
  li {
    font-size: var(--text-s);
  }
  .what {
    font-size: var(--text);
  }
  .receipts {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 4px 10px;
    margin-top: 4px;
  }
  .records {
    margin-top: 10px;
  }
`;
