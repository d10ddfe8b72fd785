import { css } from "lit";

export const styles = css`
  :host {
    min-height: 100dvh;
  }
  header {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 8px 12px;
    padding: 12px max(16px, calc(50vw - 23rem));
    border-bottom: 1px solid var(--line);
    background: var(--surface);
  }
  .brand {
    display: flex;
    flex: 1;
    align-items: center;
    gap: 10px;
    font-weight: 650;
  }
  main {
    max-width: 48rem;
    margin: 0 auto;
    padding-block: 12px 48px;
  }
  .nobody {
    display: grid;
    gap: 10px;
    padding: 32px 16px;
  }
  h1 {
    font-size: var(--text-xl);
  }
  footer {
    max-width: 48rem;
    margin: 0 auto;
    padding: 16px;
    border-top: 1px solid var(--line);
    font-size: var(--text-s);
  }
  a {
    display: inline-block;
    padding-block: 4px;
  }
`;
