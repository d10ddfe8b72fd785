/** A link that opens the mail program or the phone for an address that a visitor left. */
export function contactLink(contact: string): string {
  if (contact.includes("@")) return `mailto:${encodeURIComponent(contact).replace("%40", "@")}`;
  return `tel:${contact.replace(/[^+\d]/g, "")}`;
}
