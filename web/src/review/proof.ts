/**
 * The live proof behind the integrity badge: recomputed here from the record itself, so that nobody has to take the server's
 * word for it (docs/reference/spec/decision-record.md, "Checking a record").
 */
import type { Decision, Proof } from "../shared/api.ts";
import { fromHex, same, toHex, utf8 } from "./bytes.ts";
import { compare, type Remembered } from "./checkpoint-memory.ts";
import { type Checkpoint, checkSignature, readCheckpoint, readVerifierKey } from "./checkpoint.ts";
import { type Bytes, leafHash, rootOfPath, sha256 } from "./merkle.ts";

export type Sealed = Pick<Decision, "decision_id" | "header" | "salt" | "payload" | "erasure">;
export type Part = "content" | "header" | "path" | "root" | "signature" | "memory";
/** `ok` is null where nothing could be or had to be checked. */
export type Check = { part: Part; ok: boolean | null; text: string };

export interface Finding {
  state: "verified" | "erased" | "broken";
  checks: Check[];
  /** How many records the checkpoint holds; 0 when there is no readable checkpoint. */
  size: number;
  signed: boolean;
  /** To be remembered; null unless everything fits. */
  seen: Remembered | null;
}

const SCHEMA = "candor/leaf/1";
const LINES = 13;

/** False where the page came over plain HTTP from another machine: browsers then offer no cryptography. */
export const canCheck = (): boolean => globalThis.crypto?.subtle !== undefined;

/** Checks one sealed record. `known` is what this browser remembered before it asked for the proof. */
export async function check(record: Sealed, proof: Proof, known: Remembered | null): Promise<Finding> {
  const checkpoint = readCheckpoint(proof.checkpoint);
  const root = await leadsTo(record.header, proof);
  const checks = [
    await checkContent(record),
    checkHeader(record),
    checkPath(proof, root),
    checkRoot(root, proof, checkpoint),
    await checkSigned(proof, checkpoint),
    checkMemory(known, proof, checkpoint),
  ];
  const whole = checks.every((one) => one.ok !== false);
  return {
    state: !whole ? "broken" : record.payload === null ? "erased" : "verified",
    checks,
    size: checkpoint?.size ?? 0,
    signed: checks.some((one) => one.part === "signature" && one.ok === true),
    seen: whole && checkpoint ? seenNow(proof, checkpoint) : null,
  };
}

const seenNow = (proof: Proof, { size, root }: Checkpoint): Remembered => ({
  key: proof.verifier_key.trim(),
  size,
  root: toHex(root),
  at: new Date().toISOString(),
});

/** Header → leaf data → leaf hash → root. */
async function leadsTo(header: string, proof: Proof): Promise<Bytes | null> {
  const path = proof.path.map(fromHex);
  if (!path.every((hash): hash is Bytes => hash?.length === 32)) return null;
  const leaf = await leafHash(await sha256(utf8(header)));
  return rootOfPath(proof.leaf_index, proof.tree_size, leaf, path);
}

async function checkContent({ header, salt, payload, erasure, decision_id }: Sealed): Promise<Check> {
  if (payload === null && erasure)
    return { part: "content", ok: null, text: "The content was erased. The header, which stays, is checked below." };
  if (payload === null) return { part: "content", ok: false, text: "The content cannot be opened, and no erasure explains it." };
  const salted = fromHex(salt ?? "");
  const committed = header.split("\n").at(LINES - 1);
  const ok = salted?.length === 32 && toHex(await sha256(salted, utf8(payload))) === committed && names(payload, decision_id);
  return ok
    ? { part: "content", ok, text: "The content, with its salt, gives the hash that the record's header commits to." }
    : { part: "content", ok: false, text: "The content does not give the hash that the record's header commits to." };
}

function names(payload: string, decision: string): boolean {
  try {
    return (JSON.parse(payload) as { decision_id?: unknown } | null)?.decision_id === decision;
  } catch {
    return false;
  }
}

function checkHeader({ header, decision_id }: Sealed): Check {
  const lines = header.split("\n");
  const ok = lines[0] === SCHEMA && lines[1] === decision_id && lines.length === LINES + 1 && lines[LINES] === "";
  return ok
    ? { part: "header", ok, text: "The header is this record's." }
    : { part: "header", ok, text: "The header is not this record's, or is not whole." };
}

function checkPath(proof: Proof, root: Bytes | null): Check {
  const place = `place ${grouped(proof.leaf_index + 1)} of ${grouped(proof.tree_size)}`;
  return root
    ? { part: "path", ok: true, text: `The header's hash stands in the log at ${place}; ${hashes(proof.path.length)} from it to the root.` }
    : { part: "path", ok: false, text: `The proof does not lead from the header's hash, at ${place}, to a root.` };
}

const hashes = (count: number): string => (count === 1 ? "one hash leads" : `${count} hashes lead`);

function checkRoot(root: Bytes | null, proof: Proof, checkpoint: Checkpoint | null): Check {
  if (!checkpoint) return { part: "root", ok: false, text: "The checkpoint cannot be read." };
  const size = grouped(checkpoint.size);
  return same(root, checkpoint.root) && checkpoint.size === proof.tree_size
    ? { part: "root", ok: true, text: `That root is the one in the checkpoint of ${size} records.` }
    : { part: "root", ok: false, text: `That root is not the one in the checkpoint of ${size} records.` };
}

async function checkSigned(proof: Proof, checkpoint: Checkpoint | null): Promise<Check> {
  const part = "signature";
  const key = await readVerifierKey(proof.verifier_key);
  if (!key || !checkpoint) return { part, ok: false, text: "The checkpoint's signature cannot be read." };
  const signature = await checkSignature(checkpoint, key);
  if (signature === "unable") return { part, ok: null, text: "The signature was not checked: this browser knows no Ed25519." };
  return signature === "good"
    ? { part, ok: true, text: `The checkpoint is signed with the key of ${key.name}.` }
    : { part, ok: false, text: `The checkpoint is not signed with the key of ${key.name}.` };
}

function checkMemory(known: Remembered | null, proof: Proof, checkpoint: Checkpoint | null): Check {
  const part = "memory";
  if (!checkpoint) return { part, ok: null, text: "Nothing to compare with what this browser saw before." };
  const { size, root } = checkpoint;
  return { part, ...remembered(known, { key: proof.verifier_key.trim(), size, root: toHex(root) }) };
}

/** How the log relates to what this browser saw before, in words. */
export function remembered(known: Remembered | null, seen: Omit<Remembered, "at">): Omit<Check, "part"> {
  const before = grouped(known?.size ?? 0);
  const now = grouped(seen.size);
  switch (compare(known, seen)) {
    case "first":
      return { ok: null, text: "This browser sees the log for the first time and remembers its length from now on." };
    case "same":
      return { ok: true, text: `The log is as this browser saw it before: ${before} records, the same root.` };
    case "grown":
      return { ok: true, text: `The log has grown since this browser last looked, from ${before} records to ${now}.` };
    case "shrunk":
      return { ok: false, text: `This browser has seen ${before} records in this log; now it holds ${now}.` };
    case "changed":
      return { ok: false, text: `This browser has seen another root for the same ${before} records.` };
    default:
      return { ok: false, text: "This browser has seen this log signed with another key." };
  }
}

/** 1234 → "1,234". */
export const grouped = (number: number): string => number.toLocaleString("en-GB");
