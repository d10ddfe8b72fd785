import { css } from "lit";

export const styles = css`
  ul {
    display: grid;
    gap: 10px;
  }
  li {
    padding: 12px 14px;
    border: 1px solid var(--line);
    border-radius: var(--radius);
    background: var(--surface);
  }
  .head {
    display: flex;
    align-items: center;
    justify-content: space-between;
    gap: 12px;
  }
  p {
    margin-top: 4px;
  }
  .stand {
    font-weight: 550;
    font-size: var(--text-s);
  }
  button.switch {
    display: inline-flex;
    flex: none;
    align-items: center;
    gap: 8px;
    min-height: 38px;
    padding: 0 4px;
    border: 0;
    border-radius: var(--radius-s);
    background: none;
    color: var(--ink);
    font: 550 var(--text-s) / 1 var(--font);
    cursor: pointer;
  }
  .track {
    width: 42px;
    height: 24px;
    padding: 2px;
    border: 1.5px solid var(--edge);
    border-radius: 99px;
    background: var(--raised);
    transition: background var(--ease);
  }
  .knob {
    display: block;
    width: 17px;
    height: 17px;
    border-radius: 50%;
    background: var(--edge);
    transition: transform var(--ease);
  }
  [aria-checked="true"] .track {
    border-color: var(--accent);
    background: var(--accent);
  }
  [aria-checked="true"] .knob {
    background: var(--on-accent);
    transform: translateX(18px);
  }
  .objection {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 6px 12px;
    margin-top: 8px;
  }
  .objection p {
    flex: 1 1 14em;
    margin: 0;
  }
  details {
    margin-top: 4px;
    color: var(--muted);
  }
  dd {
    color: var(--ink);
  }
  dl {
    padding: 6px 0 2px;
  }
  @media (forced-colors: active) {
    .track,
    .knob {
      forced-color-adjust: none;
    }
    .track {
      border-color: ButtonText;
      background: ButtonFace;
    }
    .knob {
      background: ButtonText;
    }
    [aria-checked="true"] .track {
      border-color: Highlight;
      background: Highlight;
    }
    [aria-checked="true"] .knob {
      background: HighlightText;
    }
  }
`;
