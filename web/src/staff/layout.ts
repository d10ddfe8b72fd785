/** Looks that several of the staff's pages share: a dialog, and a list with what is open of it beside. */
import { css } from "lit";

export const dialogs = css`
  dialog {
    padding: 24px;
    border: 1px solid var(--edge);
    border-radius: var(--radius);
    background: var(--surface);
    color: var(--ink);
    box-shadow: 0 16px 48px var(--shadow);
  }
  dialog::backdrop {
    background: var(--shadow);
  }
`;

/** `.split` holds `.column`, the list, and `.pane`; where there is room for one, `.reading` says that it is the pane. */
export const split = css`
  .split {
    display: grid;
    grid-template-columns: minmax(18rem, 24rem) minmax(0, 1fr);
    min-height: 0;
  }
  .column,
  .pane {
    min-width: 0;
    min-height: 0;
  }
  .column {
    border-inline-end: 1px solid var(--line);
  }
  @media (max-width: 760px) {
    .split {
      grid-template-columns: minmax(0, 1fr);
    }
    .split.reading .column,
    .split:not(.reading) .pane {
      display: none;
    }
    .column {
      border: 0;
    }
  }
`;
