import { css } from "lit";

export const styles = css`
  p {
    margin: 0 0 10px;
    color: var(--muted);
    font-size: var(--text-s);
  }
  svg {
    height: 24px;
  }
`;
