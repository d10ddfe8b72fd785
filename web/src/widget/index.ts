/**
 * The script tag's entry: makes one <candor-widget> on the page and `window.candor` for it.
 * Reads from its own tag: `data-language`, `data-position`, `data-identity-token`. Stores nothing, asks for nothing.
 */
import { languageOf } from "./copy.ts";
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
}

const script = document.currentScript instanceof HTMLScriptElement ? document.currentScript : null;

function embed(tag: HTMLScriptElement | null): void {
  if (window.candor) return;
  const widget = new Widget();
  widget.base = new URL(".", tag?.src || location.href).href.replace(/\/$/, "");
  widget.language = languageOf(tag?.dataset["language"] ?? document.documentElement.lang);
  widget.position = tag?.dataset["position"] === "left" ? "left" : "right";
  document.body.append(widget);
  const token = tag?.dataset["identityToken"];
  if (token !== undefined) widget.identify(token);
  window.candor = {
    open: () => widget.open(),
    close: () => void widget.close(),
    identify: (given) => widget.identify(given),
  };
  window.dispatchEvent(new Event("candor:ready"));
}

if (document.body) embed(script);
else document.addEventListener("DOMContentLoaded", () => embed(script));
