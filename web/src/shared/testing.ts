/** For tests: elements on a page, and a server that answers them. */
import type { LitElement } from "lit";
import { vi } from "vitest";
import type { Message, QueueEntry } from "./api.ts";

/** happy-dom's own fails, instead of giving null, where the focus is in another shadow tree. */
const focused = Object.getOwnPropertyDescriptor(ShadowRoot.prototype, "activeElement");
Object.defineProperty(ShadowRoot.prototype, "activeElement", {
  configurable: true,
  get(this: ShadowRoot): Element | null {
    try {
      return focused?.get?.call(this) as Element | null;
    } catch {
      return null;
    }
  },
});

export const message = (id: string, more: Partial<Message> = {}): Message => ({
  id,
  author: "assistant",
  author_name: "AI assistant",
  text: `text of ${id}`,
  buttons: [],
  consent_request: null,
  created_at: "2026-11-23T17:00:00Z",
  client_message_id: null,
  reply_to: null,
  ...more,
});

export const queueEntry = (id: string, more: Partial<QueueEntry> = {}): QueueEntry => ({
  handoff_id: `h-${id}`,
  conversation_id: id,
  state: "queued",
  reason: "Asked for a person.",
  trigger: "button",
  queued_at: "2026-11-23T10:00:00Z",
  waiting_seconds: 5,
  expires_at: "2026-11-23T10:10:00Z",
  agent_name: null,
  language: "en",
  last_message: null,
  contact: null,
  ...more,
});

export async function mount<T extends LitElement>(element: T, properties: Partial<T> = {}): Promise<T> {
  Object.assign(element, properties);
  document.body.replaceChildren(element);
  await element.updateComplete;
  return element;
}

export function all<T extends Element = HTMLElement>(element: LitElement, selector: string): T[] {
  return [...element.renderRoot.querySelectorAll<T>(selector)];
}

export function one<T extends Element = HTMLElement>(element: LitElement, selector: string): T {
  const found = element.renderRoot.querySelector<T>(selector);
  if (!found) throw new Error(`There is no ${selector}.`);
  return found;
}

/** The text of `element` as it is read, white space drawn together. */
export const said = (element: Element | null): string => (element?.textContent ?? "").replace(/\s+/g, " ").trim();

/** Collects the details of the events called `name`. */
export function heard<T>(element: LitElement, name: string): T[] {
  const details: T[] = [];
  element.addEventListener(name, (event) => details.push((event as CustomEvent<T>).detail));
  return details;
}

export interface Asked {
  method: string;
  path: string;
  query: URLSearchParams;
  body: unknown;
}

type Answer = (asked: Asked) => unknown;

/** Refuses a call with this status, code and sentence. */
export class Refusal {
  constructor(
    readonly status: number,
    readonly code: string,
    readonly message: string,
  ) {}
}

/** Answers `"GET /api/…"` by the functions given; anything else is a 404. Gives the list of calls, which grows. */
export function serve(answers: Record<string, Answer>): Asked[] {
  const calls: Asked[] = [];
  vi.stubGlobal("fetch", (url: string, init: RequestInit) => {
    const { pathname, searchParams } = new URL(url, "http://127.0.0.1");
    const body: unknown = init.body ? JSON.parse(init.body as string) : undefined;
    const asked: Asked = { method: init.method ?? "GET", path: pathname, query: searchParams, body };
    calls.push(asked);
    const answer = answers[`${asked.method} ${pathname}`]?.(asked) ?? new Refusal(404, "not_found", "There is no such thing.");
    if (!(answer instanceof Refusal)) return Promise.resolve(Response.json(answer));
    return Promise.resolve(Response.json({ error: { code: answer.code, message: answer.message } }, { status: answer.status }));
  });
  return calls;
}

/** Puts the element on the page and waits until its first answers are shown. */
export async function shown<E extends HTMLElement & { updateComplete: Promise<boolean> }>(element: E): Promise<E> {
  document.body.append(element);
  await settled(element);
  return element;
}

/** Waits until what was asked is answered and drawn. */
export async function settled(element: { updateComplete: Promise<boolean> }): Promise<void> {
  await new Promise((done) => setTimeout(done, 20));
  await element.updateComplete;
}

/** All text on the screen below the element, shadow roots included. */
export function textOf(node: Node): string {
  if (node instanceof HTMLStyleElement) return "";
  if (node.nodeType === Node.TEXT_NODE) return node.textContent ?? "";
  const inside = node instanceof HTMLElement && node.shadowRoot ? node.shadowRoot : node;
  return [...inside.childNodes].map(textOf).join(" ").replace(/\s+/g, " ");
}
