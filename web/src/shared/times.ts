/** Times as people read them. Every function takes what it needs, so that tests need no clock. */
import { html, type TemplateResult } from "lit";
import type { Language } from "./language.ts";

const LOCALES = { en: "en-GB", zh: "zh-CN" };
const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** How long somebody has waited: "8 s", "4 min 05 s", "1 h 20 min", "2 d 3 h". Takes seconds; below zero counts as zero. */
export function waited(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  if (whole < MINUTE) return `${whole} s`;
  if (whole < HOUR) return `${Math.floor(whole / MINUTE)} min ${two(whole % MINUTE)} s`;
  if (whole < DAY) return `${Math.floor(whole / HOUR)} h ${two(Math.floor((whole % HOUR) / MINUTE))} min`;
  return `${Math.floor(whole / DAY)} d ${Math.floor((whole % DAY) / HOUR)} h`;
}

const two = (value: number): string => String(value).padStart(2, "0");

/**
 * A moment in the reader's own time zone, as short as it stays clear: "14:05", "3 Nov, 14:05", "3 Nov 2025, 14:05". Visitors and
 * staff read the same clock. What is no moment is returned as it came.
 */
export function when(moment: string, language: Language = "en", now: Date = new Date()): string {
  const date = new Date(moment);
  if (Number.isNaN(date.getTime())) return moment;
  const locale = LOCALES[language];
  const time = date.toLocaleTimeString(locale, { hour: "2-digit", minute: "2-digit" });
  if (date.toDateString() === now.toDateString()) return time;
  const year = date.getFullYear() === now.getFullYear() ? {} : ({ year: "numeric" } as const);
  const day = date.toLocaleDateString(locale, { day: "numeric", month: "short", ...year });
  return language === "zh" ? `${day} ${time}` : `${day}, ${time}`;
}

/** The same moment in full: "Monday 23 November 2026 at 14:05:33 GMT+1". */
export function fullTime(moment: string): string {
  const date = new Date(moment);
  if (Number.isNaN(date.getTime())) return moment;
  return date.toLocaleString("en-GB", { dateStyle: "full", timeStyle: "long" });
}

/** A `<time>` that is short on screen and full on hover. */
export function timeTag(moment: string, text: string = when(moment)): TemplateResult {
  return html`<time datetime=${moment} title=${fullTime(moment)}>${text}</time>`;
}

/** "zh" → "Chinese"; an unknown tag stays as it is. */
export function languageName(tag: string): string {
  try {
    return new Intl.DisplayNames(["en"], { type: "language" }).of(tag) ?? tag;
  } catch {
    return tag;
  }
}

/** A day and its time, or the text as it came when it is neither. */
export function moment(iso: string, language: Language): string {
  const date = new Date(iso);
  return Number.isNaN(date.getTime()) ? iso : date.toLocaleString(LOCALES[language], { dateStyle: "medium", timeStyle: "short" });
}

/** "23 December 2026", as the gateway writes days; what is no date is shown as it came. */
export function day(text: string, language: Language): string {
  const date = /^\d{4}-\d\d-\d\d/.test(text) ? new Date(text) : null;
  if (!date || Number.isNaN(date.getTime())) return text;
  return date.toLocaleDateString(LOCALES[language], { day: "numeric", month: "long", year: "numeric" });
}
