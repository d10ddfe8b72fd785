import { css } from "lit";

export const styles = css`
  .listed {
    margin-top: 6px;
    font-size: var(--text-s);
  }
  .what {
    font-size: var(--text);
  }
  .who {
    color: var(--ink);
    font-weight: 600;
  }
`;
