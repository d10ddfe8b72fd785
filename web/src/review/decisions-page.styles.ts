/** How the decisions page divides its room. */
import { css } from "lit";

export const styles = css`
  :host {
    display: grid;
    grid-template-rows: auto minmax(0, 1fr);
    height: 100%;
    min-height: 0;
  }
  .tools {
    padding: 8px 16px;
    border-bottom: 1px solid var(--line);
  }
  .why {
    display: flex;
    flex-wrap: wrap;
    gap: 4px 8px;
    align-items: center;
    min-height: 32px;
    color: var(--muted);
    font-size: var(--text-s);
  }
  .why .field {
    width: auto;
    min-height: 32px;
    padding: 4px 8px;
    font-size: var(--text-s);
  }
  .split {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    min-height: 0;
  }
  .split.reading {
    grid-template-columns: minmax(18rem, 25rem) minmax(0, 1fr);
  }
  .column,
  .pane {
    position: relative;
    min-width: 0;
    min-height: 0;
    overflow-y: auto;
  }
  .reading .column {
    border-inline-end: 1px solid var(--line);
  }
  aside {
    min-width: 0;
    min-height: 0;
    border-inline-start: 1px solid var(--line);
    background: var(--surface);
  }
  .top {
    display: flex;
    flex-wrap: wrap;
    gap: 2px 10px;
    align-items: center;
    padding: 8px 12px 4px 16px;
  }
  h2 {
    margin: 0;
    border-radius: 4px;
    font: 650 var(--text-l) / 1.3 var(--font);
  }
  .count {
    flex: 1;
    color: var(--muted);
    font-size: var(--text-s);
    font-variant-numeric: tabular-nums;
  }
  .export {
    display: flex;
    gap: 8px;
    color: var(--muted);
    font-size: var(--text-s);
  }
  .link {
    color: var(--accent);
    font-size: var(--text-s);
  }
  .about {
    margin: 0 16px 8px;
    color: var(--muted);
    font-size: var(--text-s);
  }
  .note {
    margin: 8px 16px;
  }
  .pane > .note {
    margin: 16px 24px;
  }
  @media (min-width: 1440px) {
    .split.talking {
      grid-template-columns: minmax(18rem, 22rem) minmax(0, 1fr) minmax(20rem, 27rem);
    }
  }
  @media (max-width: 1439.9px) {
    .split.talking .pane {
      display: none;
    }
  }
  @media (max-width: 760px) {
    :host {
      display: block;
      overflow-y: auto;
    }
    .split.reading {
      height: 100%;
    }
    .split:not(.reading) .column {
      overflow-y: visible;
    }
    .tools.reading,
    .split.reading .column {
      display: none;
    }
    .split.reading {
      grid-template-columns: minmax(0, 1fr);
    }
    .why {
      min-height: 0;
    }
  }
`;
