/** 128 random bits as hex. Not `crypto.randomUUID`, which browsers offer in secure contexts only: plain http has none. */
export function newId(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
