/** Days and periods in UTC, as the charts count them. Every function takes the present moment, so that tests need no clock. */

const DAY_MS = 86_400_000;

/** "2026-11-23" of a moment. */
export const dayOf = (moment: Date): string => moment.toISOString().slice(0, 10);

/** The day `days` days long ago that begins a period which ends today: 1 is today, 7 a week. */
export function daysAgo(days: number, now: Date = new Date()): string {
  return dayOf(new Date(now.getTime() - (days - 1) * DAY_MS));
}

/** Every day from `from` to `to`, both included; none when they are not days or in the wrong order. */
export function everyDay(from: string, to: string): string[] {
  const first = Date.parse(from);
  const last = Date.parse(to);
  const count = Math.floor((last - first) / DAY_MS) + 1;
  return count > 0 ? Array.from({ length: count }, (_, at) => dayOf(new Date(first + at * DAY_MS))) : [];
}

/** "2026-11-23" → "23 Nov"; with the year where it is not this one. */
export function shortDay(day: string, now: Date = new Date()): string {
  const date = new Date(day);
  if (Number.isNaN(date.getTime())) return day;
  const year = date.getUTCFullYear() === now.getUTCFullYear() ? {} : ({ year: "numeric" } as const);
  return date.toLocaleDateString("en-GB", { day: "numeric", month: "short", timeZone: "UTC", ...year });
}
