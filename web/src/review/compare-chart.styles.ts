import { css } from "lit";

export const styles = css`
  section {
    display: grid;
    gap: 8px;
    align-content: start;
    height: 100%;
    padding: 14px 16px;
    border: 1px solid var(--line);
    border-radius: var(--radius);
    background: var(--surface);
  }
  h3,
  p {
    margin: 0;
  }
  h3 {
    font: 650 var(--text) / 1.4 var(--font);
  }
  .about {
    color: var(--muted);
    font-size: var(--text-s);
  }
  table {
    width: 100%;
    table-layout: fixed;
    border-collapse: collapse;
    font-size: var(--text-s);
    font-variant-numeric: tabular-nums;
  }
  th,
  td {
    padding: 3px 0;
    font-weight: 400;
    text-align: start;
  }
  th {
    padding-inline-end: 10px;
    overflow-wrap: anywhere;
  }
  col.name {
    width: 36%;
  }
  col.number {
    width: 5.6rem;
  }
  .number {
    padding-inline-start: 10px;
    text-align: end;
    white-space: nowrap;
  }
  svg {
    height: 14px;
  }
`;
