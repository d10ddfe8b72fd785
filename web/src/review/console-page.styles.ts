import { css } from "lit";

export const styles = css`
  :host {
    display: block;
    height: 100%;
    min-height: 0;
    overflow-y: auto;
  }
  .page {
    display: grid;
    gap: 20px;
    max-width: 76rem;
    padding: 20px 28px 48px;
  }
  h2 {
    width: fit-content;
    margin: 0 0 4px;
    font: 650 var(--text-xl) / 1.3 var(--font);
  }
  h2:focus-visible {
    border-radius: 4px;
  }
  h3 {
    margin: 0;
    font: 650 var(--text) / 1.4 var(--font);
  }
  .lead {
    max-width: 70ch;
    margin: 0;
    color: var(--muted);
  }
  .card {
    padding: 16px 18px;
    border: 1px solid var(--line);
    border-radius: var(--radius);
    background: var(--surface);
  }
  .link {
    color: var(--accent);
  }
  .quiet-text {
    color: var(--muted);
    font-size: var(--text-s);
  }
  @media (max-width: 760px) {
    .page {
      gap: 16px;
      padding: 14px 12px 32px;
    }
    .card {
      padding: 12px;
    }
  }
`;
