import { css } from "lit";

export const styles = css`
  :host {
    height: auto;
    overflow: visible;
  }
  .card {
    display: grid;
    gap: 12px;
  }
  .top {
    display: flex;
    flex-wrap: wrap;
    gap: 6px 12px;
    justify-content: space-between;
    align-items: center;
  }
  .field {
    width: auto;
    min-height: 30px;
    padding: 3px 8px;
    font-size: var(--text-s);
  }
  p {
    margin: 0;
  }
  .share {
    font: 650 1.75rem / 1.2 var(--font);
    font-variant-numeric: tabular-nums;
  }
  .button {
    justify-self: start;
  }
  h4 {
    margin: 4px 0 0;
    font: 650 var(--text-s) / 1.4 var(--font);
  }
  ul {
    display: grid;
    gap: 8px;
    margin: 0;
    padding: 0;
    list-style: none;
    font-size: var(--text-s);
  }
`;
