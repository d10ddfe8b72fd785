/** A log's signed state in the C2SP formats tlog-checkpoint and signed-note (docs/reference/spec/decision-record.md). */
import { fromBase64, same, toHex, utf8 } from "./bytes.ts";
import { sha256, type Bytes } from "./merkle.ts";

export interface Checkpoint {
  origin: string;
  size: number;
  root: Bytes;
  /** What is signed, the last line feed included. */
  body: string;
  signatures: { name: string; keyId: Bytes; signature: Bytes }[];
}

export interface VerifierKey {
  name: string;
  keyId: Bytes;
  publicKey: Bytes;
}

/** "unable": this browser cannot check Ed25519. */
export type Signature = "good" | "bad" | "unable";

const ED25519 = 1;
const KEY_ID = 4;
const HASH = 32;

/** The checkpoint in a signed note; null when it is none. Says nothing about its signature. */
export function readCheckpoint(note: string): Checkpoint | null {
  const end = note.lastIndexOf("\n\n");
  if (end < 0) return null;
  const body = note.slice(0, end + 1);
  const [origin, size, encoded] = body.split("\n");
  const root = fromBase64(encoded ?? "");
  if (!origin || !/^(?:0|[1-9][0-9]{0,14})$/.test(size ?? "") || root?.length !== HASH) return null;
  const signatures = note
    .slice(end + 2)
    .split("\n")
    .flatMap(readSignature);
  return { origin, size: Number(size), root, body, signatures };
}

function readSignature(line: string): Checkpoint["signatures"] {
  const [, name, encoded] = /^— (\S+) (\S+)$/.exec(line) ?? [];
  const raw = fromBase64(encoded ?? "");
  return name && raw && raw.length > KEY_ID ? [{ name, keyId: raw.slice(0, KEY_ID), signature: raw.slice(KEY_ID) }] : [];
}

/** The key in name+key id+base64; null when it is no Ed25519 key or its id does not fit. */
export async function readVerifierKey(text: string): Promise<VerifierKey | null> {
  const [, name, id, encoded] = /^([^+\s]+)\+([0-9a-f]{8})\+(\S+)$/.exec(text.trim()) ?? [];
  const raw = fromBase64(encoded ?? "");
  if (!name || raw?.length !== HASH + 1 || raw[0] !== ED25519) return null;
  const keyId = (await sha256(utf8(`${name}\n`), raw)).slice(0, KEY_ID);
  return toHex(keyId) === id ? { name, keyId, publicKey: raw.slice(1) } : null;
}

/** Whether the checkpoint bears a signature of this key. */
export async function checkSignature(checkpoint: Checkpoint, key: VerifierKey): Promise<Signature> {
  const held = checkpoint.signatures.find((one) => one.name === key.name && same(one.keyId, key.keyId));
  if (!held || checkpoint.origin !== key.name) return "bad";
  try {
    const imported = await crypto.subtle.importKey("raw", key.publicKey, { name: "Ed25519" }, false, ["verify"]);
    const good = await crypto.subtle.verify({ name: "Ed25519" }, imported, held.signature, utf8(checkpoint.body));
    return good ? "good" : "bad";
  } catch (error) {
    if (error instanceof DOMException && error.name === "NotSupportedError") return "unable";
    return "bad";
  }
}
