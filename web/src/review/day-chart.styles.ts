import { css } from "lit";

export const styles = css`
  figure {
    display: grid;
    gap: 8px;
    height: 100%;
    grid-template-rows: auto 1fr auto auto;
    margin: 0;
    padding: 14px 16px;
    border: 1px solid var(--line);
    border-radius: var(--radius);
    background: var(--surface);
  }
  .top {
    display: flex;
    gap: 4px 12px;
    justify-content: space-between;
    align-items: baseline;
  }
  h3,
  p {
    margin: 0;
  }
  h3 {
    font: 650 var(--text) / 1.4 var(--font);
  }
  .whole {
    font: 650 var(--text-l) / 1.3 var(--font);
    font-variant-numeric: tabular-nums;
    white-space: nowrap;
  }
  .about,
  .axis,
  .empty {
    color: var(--muted);
    font-size: var(--text-s);
  }
  .empty {
    display: grid;
    place-items: center;
    min-height: 130px;
    text-align: center;
  }
  .plot {
    display: grid;
    grid-template-columns: max-content minmax(0, 1fr);
    grid-template-rows: 130px auto;
    gap: 4px 8px;
  }
  .axis {
    display: flex;
    justify-content: space-between;
    font-size: var(--text-xs);
    font-variant-numeric: tabular-nums;
  }
  .axis.up {
    flex-direction: column;
    min-width: 2.2rem;
    text-align: end;
  }
  .axis.along {
    grid-column: 2;
  }
  svg {
    display: block;
    width: 100%;
    height: 100%;
    overflow: visible;
  }
  .grid {
    stroke: var(--line);
  }
  .bar {
    fill: var(--accent);
  }
  .line {
    fill: none;
    stroke: var(--accent);
    stroke-width: 2;
    stroke-linejoin: round;
    vector-effect: non-scaling-stroke;
  }
  .dot {
    fill: var(--accent);
  }
  .hover {
    fill: transparent;
  }
  .hover:hover {
    fill: var(--shadow);
  }
  details {
    font-size: var(--text-s);
  }
  summary {
    width: fit-content;
    color: var(--muted);
    cursor: pointer;
  }
  .scroll {
    max-height: 14rem;
    margin-top: 6px;
    overflow-y: auto;
  }
  table {
    width: 100%;
    border-collapse: collapse;
    font-variant-numeric: tabular-nums;
  }
  th,
  td {
    padding: 2px 6px;
    border-bottom: 1px solid var(--line);
    font-weight: 400;
    text-align: start;
  }
  td {
    text-align: end;
  }
  @media (forced-colors: active) {
    .bar,
    .dot {
      fill: CanvasText;
    }
    .line {
      stroke: CanvasText;
    }
  }
`;
