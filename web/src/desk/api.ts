/** The desk's calls. All throw `ApiError`. */
import type { DeskConversation as Conversation, DeskQueue as Queue, QueueEntry as Entry } from "../shared/api.ts";
import { staffCall } from "../shared/http.ts";

const handoff = (id: string, verb: string): Promise<Entry> =>
  staffCall<Entry>("POST", `/api/desk/handoffs/${encodeURIComponent(id)}/${verb}`);
const conversationUrl = (id: string): string => `/api/desk/conversations/${encodeURIComponent(id)}`;

export const QUEUE_EVENTS = "/api/desk/events";
export const conversationEvents = (id: string): string => `${conversationUrl(id)}/events`;

export const fetchQueue = (): Promise<Queue> => staffCall("GET", "/api/desk/queue");
export const claim = (handoffId: string): Promise<Entry> => handoff(handoffId, "claim");
export const handBack = (handoffId: string): Promise<Entry> => handoff(handoffId, "return");
export const close = (handoffId: string): Promise<Entry> => handoff(handoffId, "close");
export const fetchConversation = (id: string): Promise<Conversation> => staffCall("GET", conversationUrl(id));

/** A resend with the same client message id is harmless: the server answers as it did before. */
export const postMessage = (id: string, clientMessageId: string, text: string): Promise<unknown> =>
  staffCall("POST", `${conversationUrl(id)}/messages`, { body: { client_message_id: clientMessageId, text } });
