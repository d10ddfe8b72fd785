import { css } from "lit";

export const styles = css`
  :host {
    display: block;
    position: relative;
    min-height: 0;
  }
  .scroll {
    height: 100%;
    padding: 16px 20px;
    overflow-y: auto;
    overscroll-behavior: contain;
  }
  .scroll:focus-visible {
    outline-offset: -3px;
  }
  ol {
    display: flex;
    flex-direction: column;
    gap: 12px;
    max-width: 52rem;
    margin: 0 auto;
    padding: 0;
    list-style: none;
  }
  li {
    display: grid;
    gap: 3px;
    justify-items: start;
    max-width: min(85%, 40rem);
  }
  li.human {
    align-self: flex-end;
    justify-items: end;
  }
  .meta {
    display: flex;
    gap: 8px;
    align-items: center;
    color: var(--muted);
    font-size: var(--text-s);
  }
  .text {
    padding: 8px 12px;
    border: 1px solid var(--line);
    border-radius: 4px 14px 14px;
    background: var(--surface);
    overflow-wrap: anywhere;
    white-space: pre-wrap;
  }
  .text a {
    color: inherit;
  }
  .visitor .text {
    background: var(--raised);
  }
  .assistant .text {
    border-color: transparent;
    background: var(--ai-soft);
  }
  .human .text {
    border-color: transparent;
    border-radius: 14px 4px 14px 14px;
    background: var(--human-soft);
  }
  li.system,
  li.speaker {
    align-self: center;
    max-width: 34rem;
    color: var(--muted);
    font-size: var(--text-s);
    text-align: center;
    white-space: pre-wrap;
  }
  li.system {
    justify-items: center;
  }
  li.system.several {
    align-self: flex-start;
    justify-items: start;
    color: var(--ink);
    text-align: start;
  }
  li.system .text {
    padding: 0;
    border: 0;
    background: none;
  }
  li.speaker {
    display: flex;
    gap: 12px;
    align-items: center;
    align-self: stretch;
    max-width: none;
  }
  li.speaker::before,
  li.speaker::after {
    flex: 1;
    border-top: 1px solid var(--line);
    content: "";
  }
  .pending .text {
    opacity: 0.75;
  }
  .failed .text {
    border: 1px dashed var(--danger);
    opacity: 1;
  }
  .trouble {
    color: var(--danger);
    font-size: var(--text-s);
  }
  @media (max-width: 760px) {
    .scroll {
      padding: 12px;
    }
  }
`;
