import { css } from "lit";

export const styles = css`
  :host {
    display: block;
  }
  .badge {
    justify-content: start;
    max-width: 100%;
    border-radius: 99px;
    text-align: start;
  }
  .sign {
    display: inline-grid;
    place-items: center;
    flex: none;
    width: 1.4em;
    height: 1.4em;
    border-radius: 50%;
    background: var(--raised);
    font-weight: 700;
    line-height: 1;
  }
  .verified .sign,
  .erased .sign,
  li.ok .sign {
    background: var(--accent);
    color: var(--on-accent);
  }
  .broken .sign,
  li.bad .sign {
    background: var(--warn);
    color: var(--bg);
  }
  .waiting .sign {
    background: var(--ai-soft);
    color: var(--ai);
  }
  .how {
    color: var(--muted);
    font-weight: 400;
  }
  .proof {
    margin-top: 8px;
    padding: 14px 16px;
    border: 1px solid var(--line);
    border-radius: var(--radius);
    background: var(--surface);
  }
  .proof:focus-visible {
    outline-offset: 0;
  }
  h3 {
    margin: 0 0 8px;
    font: 650 var(--text) / 1.4 var(--font);
  }
  ol {
    display: grid;
    gap: 6px;
    margin: 0;
    padding: 0;
    list-style: none;
    font-size: var(--text-s);
  }
  li {
    display: grid;
    grid-template-columns: auto minmax(0, 1fr);
    gap: 8px;
  }
  .note {
    margin-top: 10px;
  }
  details {
    margin-top: 10px;
    font-size: var(--text-s);
  }
  summary {
    width: fit-content;
    cursor: pointer;
  }
  pre {
    margin: 6px 0 0;
    padding: 8px 10px;
    border-radius: var(--radius-s);
    background: var(--raised);
    font: 400 var(--text-xs) / 1.5 var(--mono);
    overflow-wrap: anywhere;
    white-space: pre-wrap;
  }
  .line {
    display: flex;
    flex-wrap: wrap;
    gap: 8px;
    margin-top: 10px;
  }
`;
