/**
 * The script tag's entry: puts one <candor-widget> on the page and `window.candor` for it.
 * Reads from its own tag: `data-language`, `data-position`, `data-identity-token`. Stores nothing, requests nothing.
 */
import { type Language, languageOf } from "../shared/language.ts";
import type { Identity } from "./session.ts";
import { Widget } from "./widget.ts";

export interface Candor {
  open(): void;
  close(): void;
  /** A token made by the site's server, a function that fetches a fresh one, or null when nobody is signed in. */
  identify(identity: Identity): void;
}

declare global {
  interface Window {
    candor?: Candor;
  }
  /** The chat's scripts, relative to this one; set by the build. */
  const CANDOR_CHAT: Record<Language, string>;
}

/** A module script has no `currentScript`: then the tag is found by its address. */
function ownTag(): HTMLScriptElement | null {
  const { currentScript } = document;
  if (currentScript instanceof HTMLScriptElement && currentScript.src) return currentScript;
  return [...document.scripts].find(({ src }) => /\/widget\.js(?:[?#]|$)/.test(src)) ?? null;
}

function embed(tag: HTMLScriptElement): void {
  const widget = new Widget();
  widget.base = new URL(".", tag.src).href.replace(/\/$/, "");
  widget.language = languageOf(tag.dataset["language"] ?? document.documentElement.lang);
  widget.position = tag.dataset["position"] === "left" ? "left" : "right";
  widget.load = () => loadScript(new URL(CANDOR_CHAT[widget.language], tag.src).href, tag);
  const token = tag.dataset["identityToken"];
  if (token !== undefined) widget.identify(token);
  const attach = stay(widget);
  window.candor = { open: () => (attach(), widget.open()), close: () => void widget.close(), identify: (given) => widget.identify(given) };
  window.dispatchEvent(new Event("candor:ready"));
}

/** Keeps `widget` on the page when its `<body>`, or what is in it, is exchanged. Returns a function that attaches it now. */
function stay(widget: Widget): () => void {
  const observer = new MutationObserver(() => void setTimeout(attach)); // later, so that a page that removes it is not fought in a tight loop
  observer.observe(document.documentElement, { childList: true });
  function attach(): void {
    if (widget.isConnected) return;
    document.body.append(widget);
    observer.observe(document.body, { childList: true });
  }
  attach();
  return attach;
}

/** A classic script, which needs no CORS headers; it carries what the page's policies asked of this one's tag. */
function loadScript(src: string, { crossOrigin, nonce }: HTMLScriptElement): Promise<void> {
  return new Promise((resolve, reject) => {
    const script = Object.assign(document.createElement("script"), { src, crossOrigin, nonce });
    script.onload = () => {
      script.remove();
      resolve();
    };
    script.onerror = () => reject(new Error("The chat's script could not be loaded."));
    document.head.append(script);
  });
}

function main(): void {
  const tag = ownTag();
  if (!tag) console.error('candor: embed the chat with <script src="https://YOUR-GATEWAY/widget.js" defer></script>.');
  else if (window.candor)
    return; // the tag ran again: what it made the first time stays on the page by itself
  else if (document.body) embed(tag);
  else document.addEventListener("DOMContentLoaded", () => embed(tag));
}

main();
