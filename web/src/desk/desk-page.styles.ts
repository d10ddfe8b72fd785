import { css } from "lit";

export const styles = css`
  .column {
    display: grid;
    grid-template-rows: auto minmax(0, 1fr);
    background: var(--bg);
  }
  .top {
    display: flex;
    flex-wrap: wrap;
    justify-content: space-between;
    align-items: center;
    padding: 10px 10px 0 16px;
  }
  .top h2 {
    margin: 0;
    font: 650 var(--text-l) / 1.3 var(--font);
  }
  .top .note {
    flex: 1 0 100%;
    margin: 8px 6px 0 0;
  }
  .scroll {
    min-height: 0;
    overflow-y: auto;
  }
  .middle {
    height: 100%;
  }
`;
