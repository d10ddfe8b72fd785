import { css } from "lit";

export const styles = css`
  :host {
    display: contents;
  }
  .panel {
    position: fixed;
    inset: auto 20px 92px auto;
    display: flex;
    flex-direction: column;
    width: min(400px, calc(100vw - 40px));
    height: min(660px, calc(100dvh - 112px));
    max-width: none;
    max-height: none;
    margin: 0;
    padding: 0;
    overflow: hidden;
    border: 1px solid var(--line);
    border-radius: var(--radius-l);
    background: var(--bg);
    color: inherit;
    box-shadow: 0 18px 60px var(--shadow);
    animation: rise 180ms cubic-bezier(0.2, 0, 0, 1);
  }
  @media (min-width: 481px) and (min-height: 481px) {
    .panel.wide {
      width: min(520px, calc(100vw - 40px));
    }
  }
  .panel:focus {
    outline: none;
  }
  .panel:not([open]) {
    display: none;
  }
  :host([position="left"]) .panel {
    inset-inline: 20px auto;
  }
  .banner {
    display: flex;
    align-items: center;
    gap: 10px;
    padding: 8px 16px;
    border-bottom: 1px solid var(--line);
    border-radius: 0;
  }
  .banner span {
    flex: 1;
  }
  candor-privacy-centre {
    flex: 1;
    min-height: 0;
    overflow-y: auto;
    overscroll-behavior: contain;
    scrollbar-width: thin;
    scrollbar-color: var(--edge) transparent;
  }
  .starting {
    display: grid;
    flex: 1;
    align-content: center;
    gap: 12px;
    margin: 0;
    padding: 24px;
    place-items: center;
    color: var(--muted);
    text-align: center;
  }
  @keyframes rise {
    from {
      opacity: 0;
      transform: translateY(10px);
    }
  }
  @media (prefers-reduced-motion: reduce) {
    .panel {
      animation: none;
    }
  }
  @media (max-width: 480px), (max-height: 480px) {
    .panel,
    :host([position="left"]) .panel {
      inset: 0;
      width: 100%;
      height: 100dvh;
      border: 0;
      border-radius: 0;
    }
  }
  @media (max-height: 420px) {
    .panel {
      overflow-y: auto;
    }
  }
`;
