/** The privacy centre's calls, one function each, with the conversation's token in hand. Every function may throw `ApiError`. */
import type { Choice, ConsentChange, NewErasureReceipt, StoredItem, PrivacyOverview, ErasureReceipt, What } from "../shared/api.ts";
import { call, type Fetched, fetchFile } from "../shared/http.ts";
import type { Visit } from "../shared/visit.ts";

export type Format = "json" | "html";

export class PrivacyClient {
  /** `base` is the gateway's origin, without a slash at its end; the visit is the conversation's id and token. */
  constructor(
    private readonly base: string,
    private readonly visit: Visit,
  ) {}

  overview(language: string): Promise<PrivacyOverview> {
    return this.#in("GET", `/privacy?language=${language}`);
  }

  choose(purpose: string, choice: Choice): Promise<ConsentChange> {
    return this.#in("POST", "/consent", { purpose, choice });
  }

  async correct(itemId: string, value: string): Promise<StoredItem> {
    return (await this.#in<{ item: StoredItem }>("PUT", `/privacy/values/${encodeURIComponent(itemId)}`, { value })).item;
  }

  erase(what: What, conversationId: string, language: string): Promise<NewErasureReceipt> {
    const body = what === "everything" ? { what } : { what, conversation_id: conversationId };
    return this.#in("POST", `/privacy/erasure?language=${language}`, body);
  }

  export(format: Format, language: string): Promise<Fetched> {
    return this.#file(`/privacy/export?format=${format}&language=${language}`, `my-data.${format}`);
  }

  records(): Promise<Fetched> {
    return this.#file("/privacy/consents", "consent-records.jsonld");
  }

  choiceReceipt(recordId: string, format: Format, language: string): Promise<Fetched> {
    const path = `/privacy/consents/${encodeURIComponent(recordId)}/receipt?format=${format}&language=${language}`;
    return this.#file(path, `consent-receipt-${recordId}.${format}`);
  }

  /** The current receipt of an erasure. */
  receipt({ request_id, receipt_token }: NewErasureReceipt, language: string): Promise<ErasureReceipt> {
    return call("GET", this.#receiptUrl(request_id, "json", language), { headers: bearer(receipt_token) });
  }

  receiptFile({ request_id, receipt_token }: NewErasureReceipt, format: Format, language: string): Promise<Fetched> {
    const name = `erasure-receipt-${request_id}.${format}`;
    return fetchFile(this.#receiptUrl(request_id, format, language), name, { headers: bearer(receipt_token) });
  }

  /** An address of the gateway that it gave as a path, such as a policy's. */
  address(path: string): string {
    return new URL(path, `${this.base || location.origin}/`).href;
  }

  #in<T>(method: string, path: string, body?: unknown): Promise<T> {
    return call<T>(method, this.#url(path), { body, headers: bearer(this.visit.token) });
  }

  #file(path: string, name: string): Promise<Fetched> {
    return fetchFile(this.#url(path), name, { headers: bearer(this.visit.token) });
  }

  #url(path: string): string {
    return `${this.base}/api/conversations/${encodeURIComponent(this.visit.id)}${path}`;
  }

  #receiptUrl(id: string, format: Format, language: string): string {
    return `${this.base}/api/erasures/${encodeURIComponent(id)}?format=${format}&language=${language}`;
  }
}

const bearer = (token: string): Record<string, string> => ({ Authorization: `Bearer ${token}` });
