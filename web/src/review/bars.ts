/** What horizontal bars look like, and a list of them: name, bar, number. A component sets the height of its bars. */
import { css } from "lit";

export const bars = css`
  svg {
    display: block;
    width: 100%;
  }
  .track {
    fill: var(--raised);
  }
  .bar {
    fill: var(--accent);
  }
  @media (forced-colors: active) {
    .bar {
      fill: CanvasText;
    }
  }
`;

export const barList = [
  bars,
  css`
    ol {
      display: grid;
      grid-template-columns: minmax(5rem, max-content) minmax(4rem, 1fr) max-content;
      gap: 0 12px;
      align-items: center;
      margin: 0;
      padding: 0;
      list-style: none;
      font-size: var(--text-s);
    }
    li {
      display: contents;
    }
    .number {
      color: var(--muted);
      font-variant-numeric: tabular-nums;
      text-align: end;
    }
    /* In narrow layouts the name is placed above its bar, which keeps the width. */
    @media (max-width: 480px) {
      ol {
        grid-template-columns: minmax(4rem, 1fr) max-content;
      }
      li > :first-child {
        grid-column: 1 / -1;
        margin-top: 4px;
      }
    }
  `,
];
