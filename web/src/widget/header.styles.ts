import { css } from "lit";

export const styles = css`
  .header {
    border-bottom: 1px solid var(--line);
    background: var(--surface);
  }
  .who {
    display: flex;
    align-items: center;
    gap: 11px;
    padding: 13px 10px 9px 16px;
  }
  .speaker {
    flex: 1;
    min-width: 0;
  }
  h2 {
    margin: 0;
    overflow-wrap: anywhere;
    font: 650 var(--text-l) / 1.3 var(--font);
  }
  .speaker p {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 2px 7px;
    margin: 2px 0 0;
    color: var(--muted);
    font-size: var(--text-s);
  }
  .ways {
    display: flex;
    flex-wrap: wrap;
    gap: 8px;
    padding: 0 16px 12px;
  }
  .ways .button {
    flex: 1 1 auto;
    max-width: 100%;
    min-height: 36px;
  }
  .ways .privacy:only-child {
    flex: 0 1 auto;
    border-color: var(--edge);
  }
  .state {
    display: inline-flex;
    flex: 1 1 auto;
    align-items: center;
    gap: 6px;
    min-height: 36px;
    padding: 3px 0;
    color: var(--human);
    font: 550 var(--text-s) / 1.3 var(--font);
  }
  .close {
    width: 40px;
    padding: 0;
  }
`;
