/** The hashes of an RFC 6962 Merkle tree, made by the browser itself (WebCrypto). */

export type Bytes = Uint8Array<ArrayBuffer>;

export async function sha256(...parts: Bytes[]): Promise<Bytes> {
  const whole = await new Blob(parts).arrayBuffer();
  return new Uint8Array(await crypto.subtle.digest("SHA-256", whole));
}

/** SHA-256(0x00 ‖ data). */
export const leafHash = (data: Bytes): Promise<Bytes> => sha256(Uint8Array.of(0), data);

/** SHA-256(0x01 ‖ left ‖ right). */
export const nodeHash = (left: Bytes, right: Bytes): Promise<Bytes> => sha256(Uint8Array.of(1), left, right);

/**
 * The root that an audit path leads to from the leaf with hash `leaf` at `index` in a tree of `size` leaves (RFC 9162, 2.1.3.2);
 * null when the path does not fit such a tree. Halves instead of shifts: a log may outgrow 32 bits.
 */
export async function rootOfPath(index: number, size: number, leaf: Bytes, path: Bytes[]): Promise<Bytes | null> {
  if (!Number.isSafeInteger(index) || !Number.isSafeInteger(size) || index < 0 || index >= size) return null;
  let [number, last, found] = [index, size - 1, leaf];
  for (const sibling of path) {
    if (last === 0) return null;
    if (isOdd(number) || number === last) {
      found = await nodeHash(sibling, found);
      while (!isOdd(number) && number > 0) [number, last] = [half(number), half(last)];
    } else {
      found = await nodeHash(found, sibling);
    }
    [number, last] = [half(number), half(last)];
  }
  return last === 0 ? found : null;
}

const isOdd = (number: number): boolean => number % 2 === 1;
const half = (number: number): number => Math.floor(number / 2);
