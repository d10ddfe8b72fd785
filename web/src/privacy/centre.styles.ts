import { css } from "lit";

export const styles = css`
  :host {
    position: relative; /* what only screen readers see must not scroll the chat around this */
  }
  .centre {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    gap: 14px;
    padding: 16px;
  }
  .ways {
    display: flex;
    flex-wrap: wrap;
    justify-content: space-between;
    gap: 8px;
  }
  #title {
    margin-bottom: 4px;
    font-size: var(--text-l);
  }
  h1#title {
    font-size: var(--text-xl);
  }
  .part > :first-child {
    margin-bottom: 4px;
  }
  .part > p {
    margin-bottom: 10px;
  }
  .gpc {
    border-inline-start: 4px solid var(--accent);
  }
  .sections {
    border-bottom: 1px solid var(--line);
  }
  .keeping {
    grid-template-columns: 1fr 1fr;
  }
  .after {
    margin-top: 10px;
  }
  .warn p + p {
    margin-top: 8px;
  }
  .loading {
    padding: 24px 0;
    color: var(--muted);
    text-align: center;
  }
  .said {
    position: sticky;
    inset-block-end: 0;
    z-index: 1;
    display: grid;
    gap: 6px;
  }
  .said .note {
    display: flex;
    align-items: center;
    gap: 10px;
    border: 1px solid var(--edge);
    box-shadow: 0 4px 16px var(--shadow);
  }
  .said span {
    flex: 1;
  }
`;
