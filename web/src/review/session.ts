/**
 * What the console keeps of the person signed in while its page is open: what they were writing, which a sign-in that ends or
 * another page must not lose, and where they were. Another person gets another one.
 */
import type { ReviewQueue, Role, StaffMember } from "../shared/api.ts";

export class ReviewSession implements StaffMember {
  readonly name: string;
  readonly login: string;
  readonly roles: Role[];
  /** The queue chosen last. */
  queue = "";
  readonly #drafts = new Map<string, string>();
  #sample: ReviewQueue | null = null;

  constructor({ name, login, roles }: StaffMember = { name: "", login: "", roles: [] }) {
    this.name = name;
    this.login = login;
    this.roles = roles;
  }

  /** The draft under this name; "" when there is none. */
  draft(name: string): string {
    return this.#drafts.get(name) ?? "";
  }

  /** Keeps a draft until it is empty. */
  keepDraft(name: string, text: string): void {
    if (text) this.#drafts.set(name, text);
    else this.#drafts.delete(name);
  }

  /** The next list of this queue begins with `page`, as the reader has seen it: drawn again it would be another sample. */
  beginWith(page: ReviewQueue): void {
    this.#sample = page;
  }

  /** The sample to begin with, once and in its own queue alone. */
  takeSample(queue: string): ReviewQueue | null {
    const sample = this.#sample?.queue === queue ? this.#sample : null;
    this.#sample = null;
    return sample;
  }
}
