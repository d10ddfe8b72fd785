import { css } from "lit";

export const styles = css`
  :host {
    display: block;
    font: 400 0.8125rem/24px var(--mono);
    overflow-wrap: anywhere;
  }
  ul {
    margin: 0;
    padding-inline-start: 18px;
    list-style: none;
  }
  :host > ul {
    padding: 0;
  }
  summary {
    width: fit-content;
    margin-inline-start: -16px;
    border-radius: 4px;
    cursor: pointer;
  }
  details {
    padding-inline-start: 16px;
  }
  .key {
    color: var(--accent);
  }
  .size {
    color: var(--muted);
  }
  .text {
    color: var(--human);
    white-space: pre-wrap;
  }
  .other {
    color: var(--ai);
  }
`;
