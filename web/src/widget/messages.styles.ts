import { css } from "lit";

export const styles = css`
  :host {
    position: relative;
    flex: 1;
    min-height: 0;
  }
  .scroll {
    position: absolute;
    inset: 0;
    overflow-y: auto;
    padding: 16px;
    overscroll-behavior: contain;
    scrollbar-width: thin;
    scrollbar-color: var(--edge) transparent;
  }
  .scroll:focus-visible {
    outline-offset: -3px;
  }
  ol {
    display: flex;
    flex-direction: column;
    gap: 16px;
    margin: 0;
    padding: 0;
    list-style: none;
  }
  .disclosure {
    margin-bottom: 18px;
    padding: 14px 16px;
    border: 1px solid var(--ai);
    border-radius: var(--radius-s);
    background: var(--ai-soft);
    color: var(--ink);
    font-size: var(--text-s);
  }
  .disclosure h3 {
    margin: 0 0 6px;
    color: var(--ai);
    font: 650 var(--text) / 1.35 var(--font);
  }
  .disclosure p {
    margin: 0;
  }
  .disclosure p + p {
    margin-top: 6px;
  }
  .message {
    max-width: 88%;
  }
  .author {
    display: flex;
    align-items: center;
    gap: 6px;
    margin-bottom: 4px;
    color: var(--muted);
    font: 550 var(--text-s) / 1.3 var(--font);
  }
  time {
    font-weight: 400;
  }
  .text {
    width: fit-content;
    max-width: 100%;
    padding: 10px 13px;
    border: 1px solid var(--line);
    border-radius: 4px 12px 12px 12px;
    background: var(--surface);
    overflow-wrap: anywhere;
    white-space: pre-wrap;
  }
  .human .text {
    border-color: var(--human);
    border-radius: 4px 18px 18px 18px;
  }
  .visitor {
    align-self: flex-end;
  }
  .visitor .author {
    justify-content: flex-end;
  }
  .visitor .text {
    margin-inline-start: auto;
    border-color: transparent;
    border-radius: 14px 4px 14px 14px;
    background: var(--accent-soft);
    color: var(--on-accent-soft);
  }
  .pending .text {
    border: 1px dashed var(--edge);
  }
  .status {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    justify-content: flex-end;
    gap: 4px 8px;
    margin-top: 4px;
    color: var(--muted);
    font-size: var(--text-s);
  }
  .status.failed {
    color: var(--danger);
    font-weight: 550;
  }
  .system {
    display: flex;
    flex-direction: column;
    align-items: center;
    align-self: stretch;
    color: var(--muted);
    font-size: var(--text-s);
    text-align: center;
  }
  .system p {
    flex: 0 1 auto;
    max-width: 100%;
    margin: 0;
    padding: 7px 14px;
    border-radius: var(--radius-s);
    background: var(--raised);
    overflow-wrap: anywhere;
    white-space: pre-wrap;
  }
  .system.several {
    align-items: start;
    color: var(--ink);
    font-size: var(--text);
    text-align: start;
  }
  .buttons {
    display: flex;
    flex-wrap: wrap;
    gap: 8px;
    margin-top: 8px;
  }
  .buttons .button {
    min-height: 36px;
    border-radius: 99px;
    text-align: start;
  }
  .why {
    display: flex;
    flex-wrap: wrap;
    gap: 4px 12px;
    margin-top: 4px;
  }
  .why [role="status"] {
    flex: 1 0 100%;
  }
  .why .note {
    border-inline-start: 3px solid var(--ai);
    background: var(--ai-soft);
    white-space: pre-wrap;
    overflow-wrap: anywhere;
  }
  .working {
    display: flex;
    align-items: center;
    gap: 8px;
    margin: 16px 0 0;
    color: var(--muted);
    font-size: var(--text-s);
  }
  .dots {
    display: inline-flex;
    gap: 4px;
  }
  .dots i {
    width: 6px;
    height: 6px;
    border-radius: 2px;
    background: var(--ai);
    animation: breathe 1.4s infinite ease-in-out;
  }
  .dots i:nth-child(2) {
    animation-delay: 0.2s;
  }
  .dots i:nth-child(3) {
    animation-delay: 0.4s;
  }
  .unavailable {
    display: grid;
    gap: 8px;
    justify-items: start;
    margin-top: 16px;
  }
  .unavailable p {
    margin: 0;
  }
  .unavailable strong {
    display: block;
  }
  slot {
    display: block;
    margin-top: 16px;
  }
  @keyframes breathe {
    0%,
    60%,
    100% {
      opacity: 0.3;
    }
    30% {
      opacity: 1;
    }
  }
  @media (prefers-reduced-motion: reduce) {
    .dots i {
      animation: none;
    }
  }
  @media (max-height: 420px) {
    :host {
      min-height: 180px;
    }
  }
`;
