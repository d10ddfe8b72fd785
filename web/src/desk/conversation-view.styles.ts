import { css } from "lit";

export const styles = css`
  :host {
    display: grid;
    grid-template-rows: auto minmax(0, 1fr) auto;
    height: 100%;
    min-height: 0;
  }
  header {
    display: flex;
    flex-wrap: wrap;
    gap: 8px 16px;
    align-items: flex-start;
    padding: 12px 20px;
    border-bottom: 1px solid var(--line);
    background: var(--surface);
  }
  .what {
    flex: 1 1 18rem;
    min-width: 0;
  }
  h2 {
    margin: 0;
    width: fit-content;
    border-radius: 4px;
    font: 650 var(--text-l) / 1.35 var(--font);
    overflow-wrap: anywhere;
  }
  h2:focus-visible {
    outline-offset: 0;
  }
  .facts {
    display: flex;
    flex-wrap: wrap;
    gap: 2px 14px;
    margin: 2px 0 0;
    padding: 0;
    color: var(--muted);
    font-size: var(--text-s);
    list-style: none;
  }
  .facts strong {
    color: var(--ink);
    font-weight: 600;
  }
  .actions {
    display: flex;
    flex-wrap: wrap;
    gap: 8px;
  }
  .notes {
    flex: 1 0 100%;
    margin-top: -8px; /* takes no room while there is nothing to say; the regions must exist before their text */
  }
  .notes .note {
    margin-top: 8px;
  }
  footer {
    padding: 12px 20px;
    border-top: 1px solid var(--line);
    background: var(--surface);
  }
  footer > * {
    max-width: 52rem;
    margin-inline: auto;
  }
  footer a {
    color: var(--accent);
    font-weight: 600;
  }
  .read-only {
    margin-inline: auto;
    color: var(--muted);
  }
  .back {
    display: none;
  }
  @media (max-width: 760px) {
    .back {
      display: inline-flex;
    }
    header,
    footer {
      padding: 8px 12px;
    }
  }
`;
