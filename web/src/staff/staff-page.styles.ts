import { css } from "lit";

export const styles = css`
  :host {
    display: grid;
    grid-template: auto minmax(0, 1fr) / minmax(0, 1fr);
    height: 100dvh;
    color: var(--ink);
    font: 400 var(--text) / 1.5 var(--font);
  }
  header.bar {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 4px 16px;
    min-height: 50px;
    padding: 6px 16px;
    border-bottom: 1px solid var(--line);
    background: var(--surface);
  }
  .brand {
    display: flex;
    align-items: center;
    gap: 8px;
    font-weight: 700;
    letter-spacing: -0.01em;
  }
  .brand svg {
    color: var(--accent);
  }
  nav {
    display: flex;
    flex-wrap: wrap;
    gap: 2px;
  }
  .pages + nav {
    padding-inline-start: 16px;
    border-inline-start: 1px solid var(--line);
  }
  .gap {
    flex: 1;
  }
  nav a {
    padding: 5px 12px;
    border-radius: var(--radius-s);
    color: var(--muted);
    font-weight: 550;
    text-decoration: none;
  }
  nav a:hover {
    background: var(--raised);
    color: var(--ink);
  }
  nav a[aria-current] {
    background: var(--accent-soft);
    color: var(--on-accent-soft);
  }
  .who {
    overflow: hidden;
    color: var(--muted);
    font-size: var(--text-s);
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  a.button {
    text-decoration: none;
  }
  .middle {
    display: grid;
    place-items: center;
    align-content: center;
    gap: var(--gap);
    padding: var(--gap-l);
    text-align: center;
  }
  .middle :is(h1, h2) {
    margin: 0;
    font: 650 var(--text-xl) / 1.3 var(--font);
  }
  .middle p {
    max-width: 42ch;
    margin: 0;
    color: var(--muted);
  }
  dialog {
    width: min(28rem, calc(100vw - 32px));
  }
  dialog h2 {
    margin: 0 0 12px;
    font: 650 var(--text-l) / 1.3 var(--font);
  }
  dialog dl {
    display: grid;
    grid-template-columns: auto 1fr;
    gap: 8px 16px;
    margin: 0 0 16px;
  }
  dialog dd {
    margin: 0;
  }
  dialog label {
    display: flex;
    gap: 8px;
    align-items: baseline;
    margin-bottom: 16px;
  }
  kbd {
    display: inline-block;
    min-width: 1.8em;
    padding: 1px 6px;
    border: 1px solid var(--edge);
    border-radius: 5px;
    background: var(--bg);
    font: 600 var(--text-s) / 1.4 var(--mono);
    text-align: center;
  }
  @media (max-width: 760px) {
    header.bar {
      padding: 4px 8px 4px 12px;
      gap: 4px 6px;
    }
    .brand span,
    .who {
      display: none;
    }
    nav:last-of-type {
      flex: 1 1 calc(100% - 48px);
    }
    nav a {
      padding: 4px 8px;
      font-size: var(--text-s);
    }
  }
`;
