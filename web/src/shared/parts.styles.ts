/**
 * The small parts that widget, desk, review and privacy centre share: `static override styles = [parts, styles]`.
 * The custom properties they use come from tokens.ts: set on :root by a page, on its host by the widget.
 */
import { css, type CSSResult } from "lit";

/**
 * Classes for use inside any element: `.button` (with `.primary`, `.quiet`, `.small`), `.field`, `.tag` (with `.ai`, `.human`),
 * `.note` (with `.danger`, `.warn`), `.hidden` (seen by screen readers only), and the focus ring for everything.
 */
export const parts: CSSResult = css`
  *,
  *::before,
  *::after {
    box-sizing: border-box;
  }
  [hidden] {
    display: none !important;
  }
  :focus-visible {
    outline: 3px solid var(--focus);
    outline-offset: 2px;
  }
  .button {
    display: inline-flex;
    align-items: center;
    justify-content: center;
    gap: 6px;
    min-height: 38px;
    padding: 7px 14px;
    border: 1px solid var(--edge);
    border-radius: var(--radius-s);
    background: var(--surface);
    color: var(--ink);
    font: 550 var(--text) / 1.3 var(--font);
    text-align: center;
    cursor: pointer;
    transition: background var(--ease), border-color var(--ease);
  }
  .button:hover:not(:disabled) {
    background: var(--raised);
    border-color: var(--ink);
  }
  .button.primary {
    border-color: var(--accent);
    background: var(--accent);
    color: var(--on-accent);
  }
  .button.primary:hover:not(:disabled) {
    border-color: var(--ink);
    background: color-mix(in srgb, var(--accent) 88%, var(--ink));
  }
  .button.quiet {
    border-color: transparent;
    background: transparent;
  }
  .button.small {
    min-height: 30px;
    padding: 3px 10px;
    font-size: var(--text-s);
  }
  .button:disabled {
    cursor: default;
    opacity: 0.55;
  }
  .field {
    width: 100%;
    min-height: 38px;
    padding: 7px 10px;
    border: 1px solid var(--edge);
    border-radius: var(--radius-s);
    background: var(--surface);
    color: var(--ink);
    font: 400 var(--text) / 1.4 var(--font);
  }
  .field::placeholder {
    color: var(--muted);
    opacity: 1;
  }
  .tag {
    display: inline-block;
    padding: 1px 7px;
    border: 1px solid currentColor;
    border-radius: 5px;
    background: var(--raised);
    color: var(--muted);
    font: 650 var(--text-xs) / 1.45 var(--font);
    white-space: nowrap;
  }
  .tag.ai {
    background: var(--ai-soft);
    color: var(--ai);
  }
  .tag.human {
    border-radius: 99px;
    background: var(--human-soft);
    color: var(--human);
  }
  .note {
    margin: 0;
    padding: 9px 12px;
    border-radius: var(--radius-s);
    background: var(--raised);
    color: var(--ink);
    font: 400 var(--text-s) / 1.5 var(--font);
  }
  .note.danger {
    background: var(--danger-soft);
    color: var(--danger);
  }
  .note.warn {
    background: var(--warn-soft);
    color: var(--warn);
  }
  .hidden {
    position: absolute;
    width: 1px;
    height: 1px;
    margin: -1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }
  @media (forced-colors: active) {
    .button,
    .field,
    .tag,
    .note {
      border: 1px solid CanvasText;
    }
  }
`;
