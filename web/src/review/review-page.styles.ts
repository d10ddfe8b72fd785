import { css } from "lit";

export const styles = css`
  main {
    position: relative; /* holds what is only for screen readers: the page itself never scrolls */
    min-width: 0;
    min-height: 0;
    overflow: clip;
  }
  main > .note {
    margin: 20px 28px;
  }
`;
