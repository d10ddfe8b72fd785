/** What somebody was writing, kept while the page is open: a sign-in that ends or another page loses no words. */

const kept = new Map<string, string>();
let owner = "";

/** The draft of this person under this name; "" when there is none. */
export function draft(login: string, name: string): string {
  return login === owner ? (kept.get(name) ?? "") : "";
}

/** Keeps a draft. Another person's drafts are forgotten first. */
export function keepDraft(login: string, name: string, text: string): void {
  if (login !== owner) kept.clear();
  owner = login;
  if (text) kept.set(name, text);
  else kept.delete(name);
}
