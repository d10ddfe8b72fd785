/**
 * The newest checkpoint this browser has seen, kept so that a log that lost records is noticed here, whatever its server says.
 * One log a browser and site; a window that keeps nothing notices nothing.
 */
import { keep, setting } from "../staff/shortcuts.ts";
import { isRecord } from "../shared/http.ts";

const SETTING = "candor.review.checkpoint";

export interface Remembered {
  /** The verifier key. */
  key: string;
  size: number;
  /** Hex. */
  root: string;
  /** When it was seen, ISO 8601. */
  at: string;
}

export type Compared = "first" | "same" | "grown" | "shrunk" | "changed" | "other key";

export function recall(): Remembered | null {
  try {
    const kept: unknown = JSON.parse(setting(SETTING) ?? "null");
    return isRemembered(kept) ? kept : null;
  } catch {
    return null;
  }
}

/** Keeps `seen` unless a longer log of the same key is known already. */
export function remember(seen: Remembered): void {
  const known = recall();
  if (known && (known.key !== seen.key || known.size >= seen.size)) return;
  keep(SETTING, JSON.stringify(seen));
}

/** For a log that was set up anew on purpose. */
export const forget = (): void => keep(SETTING, "null");

/** What has become of the log since it was `known`. */
export function compare(known: Remembered | null, seen: Omit<Remembered, "at">): Compared {
  if (!known) return "first";
  if (known.key !== seen.key) return "other key";
  if (seen.size < known.size) return "shrunk";
  if (seen.size > known.size) return "grown";
  return seen.root === known.root ? "same" : "changed";
}

function isRemembered(value: unknown): value is Remembered {
  return (
    isRecord(value) &&
    typeof value["size"] === "number" &&
    [value["key"], value["root"], value["at"]].every((one) => typeof one === "string")
  );
}
