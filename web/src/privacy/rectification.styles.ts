import { css } from "lit";

export const styles = css`
  :host {
    margin-top: 6px;
  }
  label {
    display: block;
    margin-bottom: 4px;
    font-weight: 600;
    font-size: var(--text-s);
  }
  .pair {
    margin-top: 8px;
  }
  .problem {
    margin-top: 6px;
  }
`;
