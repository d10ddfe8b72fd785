/** How the widget hands a conversation over to the page /privacy: in the address's fragment, which no server ever gets. */
import { type Language, languageOf } from "../shared/language.ts";
import type { Visit } from "../shared/visit.ts";

export interface HandedOver {
  visit: Visit;
  language: Language;
}

/** The page's address for a conversation, below the gateway's origin. */
export function pageFor(base: string, { visit, language }: HandedOver): string {
  return `${base}/privacy#${new URLSearchParams({ conversation: visit.id, token: visit.token, language })}`;
}

/** What the address hands over, or null. The address is cleaned at once, so that no copy of it opens anything. */
export function takeHandedOver(place: Location = location, past: History = history): HandedOver | null {
  const given = new URLSearchParams(place.hash.slice(1));
  if (place.hash) past.replaceState(null, "", place.pathname + place.search);
  const [id, token] = [given.get("conversation"), given.get("token")];
  return id && token ? { visit: { id, token }, language: languageOf(given.get("language")) } : null;
}
