/** The visitor's API (docs/explanation/architecture.md), one function a call. Every function may throw `ApiError`. */
import type {
  Choice,
  ConsentChange,
  ContestState,
  Disclosure,
  Handoff,
  AcceptedMessage,
  Scope,
  ConversationState,
  OpenedConversation,
  Widget,
} from "../shared/api.ts";
import type { FollowOptions, Stream } from "../shared/events.ts";
import { call } from "../shared/http.ts";
import { followShared } from "../shared/shared-stream.ts";
import type { Visit } from "../shared/visit.ts";

export class Client {
  /** `base` is the gateway's origin, without a slash at its end. */
  constructor(private readonly base: string) {}

  info(language: string): Promise<Widget> {
    return call("GET", `${this.base}/api/widget?language=${encodeURIComponent(language)}`);
  }

  start(language: string, identityToken: string | null): Promise<OpenedConversation> {
    const body = { language, ...(identityToken && { identity_token: identityToken }), ...(askedForPrivacy() && { gpc: true }) };
    return call("POST", `${this.base}/api/conversations`, { body });
  }

  state(visit: Visit): Promise<ConversationState> {
    return this.#in(visit, "GET", askedForPrivacy() ? "?gpc=1" : "");
  }

  confirmDisclosure(visit: Visit, disclosure: Disclosure): Promise<void> {
    return this.#in(visit, "POST", "/disclosure", { version: disclosure.version, language: disclosure.language });
  }

  post(visit: Visit, clientMessageId: string, text: string): Promise<AcceptedMessage> {
    return this.#in(visit, "POST", "/messages", { client_message_id: clientMessageId, text });
  }

  /** `scope` is for how long a yes is to hold; the server's own when left out. */
  consent(visit: Visit, purpose: string, choice: Choice, scope?: Scope): Promise<ConsentChange> {
    return this.#in(visit, "POST", "/consent", { purpose, choice, ...(scope && { scope }) });
  }

  /** Whether the choices made before signing in are the customer's from now on. */
  merge(visit: Visit, keep: boolean): Promise<ConversationState> {
    return this.#in(visit, "PUT", "/merge", { keep });
  }

  requestHuman(visit: Visit): Promise<Handoff> {
    return this.#in(visit, "POST", "/handoff", {});
  }

  stopWaiting(visit: Visit): Promise<Handoff> {
    return this.#in(visit, "DELETE", "/handoff");
  }

  leaveContact(visit: Visit, address: string): Promise<void> {
    return this.#in(visit, "POST", "/contact", { address });
  }

  identify(visit: Visit, identityToken: string | null): Promise<ConversationState> {
    return this.#in(visit, "PUT", "/identity", { identity_token: identityToken });
  }

  why(visit: Visit, messageId: string): Promise<{ text: string }> {
    return this.#in(visit, "GET", `/messages/${encodeURIComponent(messageId)}/why`);
  }

  /** Asks a human to check a reply; what is "" is left out. */
  contest(visit: Visit, messageId: string, reason: string, contact: string): Promise<{ state: ContestState }> {
    const body = { ...(reason && { reason }), ...(contact && { contact }) };
    return this.#in(visit, "POST", `/messages/${encodeURIComponent(messageId)}/contest`, body);
  }

  events(visit: Visit, options: Omit<FollowOptions, "headers">): Stream {
    return followShared(this.#url(visit, "/events"), { ...options, headers: bearer(visit) });
  }

  #in<T>(visit: Visit, method: string, path: string, body?: unknown): Promise<T> {
    return call<T>(method, this.#url(visit, path), { body, headers: bearer(visit) });
  }

  #url(visit: Visit, path: string): string {
    return `${this.base}/api/conversations/${encodeURIComponent(visit.id)}${path}`;
  }
}

/** Global Privacy Control, for browsers that set the property and send no header. */
function askedForPrivacy(): boolean {
  return (navigator as { globalPrivacyControl?: unknown }).globalPrivacyControl === true;
}

const bearer = (visit: Visit): Record<string, string> => ({ Authorization: `Bearer ${visit.token}` });
