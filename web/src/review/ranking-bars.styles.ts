import { css } from "lit";

export const styles = css`
  p {
    margin: 0 0 10px;
  }
  .name {
    overflow-wrap: anywhere;
  }
  .first {
    font-weight: 650;
  }
  svg {
    height: 26px;
  }
  .bar {
    fill: var(--edge);
  }
  .bar.enough {
    fill: var(--ai);
  }
  line {
    stroke: var(--ink);
    stroke-width: 2;
    stroke-dasharray: 4 3;
  }
  .key {
    display: flex;
    gap: 8px;
    align-items: center;
    margin: 8px 0 0;
    color: var(--muted);
    font-size: var(--text-s);
  }
  .key svg {
    width: 14px;
  }
  @media (forced-colors: active) {
    .bar,
    .bar.enough {
      fill: CanvasText;
    }
    line {
      stroke: Highlight;
    }
  }
`;
