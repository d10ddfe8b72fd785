/** Worked vectors: the checkpoint of the C2SP example, and what bot/transparency_log makes (tests/transparency_log/test_web_vectors.py writes the file). */
import { afterEach, describe, expect, it } from "vitest";
import vectors from "./proof.vectors.json";
import type { Proof } from "../shared/api.ts";
import { fromBase64, fromHex, toHex, utf8 } from "./bytes.ts";
import { compare, forget, recall, remember, type Remembered } from "./checkpoint-memory.ts";
import { checkSignature, readCheckpoint, readVerifierKey } from "./checkpoint.ts";
import { type Bytes, leafHash, nodeHash, rootOfPath } from "./merkle.ts";
import { check, type Part, type Sealed } from "./proof.ts";

const NOTE = `bot.example.com/decisions
2
sTeYX/SE+2ANuTEHx3sDZcgNePW0Kd7Q/Zc2HQd5mes=

— bot.example.com/decisions 8oysX3ywRkW+WwEHEs5VCfKfkApyCKUgTs4+N3M2eLJ6M84Wslkbeflqd667RxHYxTdWRBf0tEau2S4j8X29IPEzcAE=
`;
const KEY = "bot.example.com/decisions+f28cac5f+ATtqJ7zOtqQtYqOo0CpvDXNlMhV3HeJDpjrASKGLWdop";

const record: Sealed = { ...vectors.record, erasure: null };
const ERASED = { payload: null, salt: null, erasure: { at: "2026-11-23T14:05:33Z", reason: null, record_id: null } };
const proof: Proof = { decision_id: "dec_1", leaf_data: "", ...vectors.proof };

describe("the worked example of the checkpoint format", () => {
  it("has the root of its two leaves", async () => {
    const root = await nodeHash(await leafHash(utf8("a")), await leafHash(utf8("b")));
    expect(toHex(readCheckpoint(NOTE)!.root)).toBe(toHex(root));
  });
  it("is signed with its key", async () => {
    expect(await checkSignature(readCheckpoint(NOTE)!, (await readVerifierKey(KEY))!)).toBe("good");
  });
  it.each([
    ["another size", NOTE.replace("\n2\n", "\n3\n")],
    ["another root", NOTE.replace("sTeY", "sTeZ")],
    ["another signature", NOTE.replace("8oysX3yw", "8oysX3yx")],
    ["no signature", NOTE.slice(0, NOTE.indexOf("—"))],
  ])("is refused with %s", async (_what, note) => {
    expect(await checkSignature(readCheckpoint(note)!, (await readVerifierKey(KEY))!)).toBe("bad");
  });
  it("is refused under another name of the same key", async () => {
    expect(await readVerifierKey(KEY.replace("bot.", "bat."))).toBeNull();
  });
  it.each(["", "a\n1\n\n", "a\n01\nsTeYX/SE+2ANuTEHx3sDZcgNePW0Kd7Q/Zc2HQd5mes=\n\n", "a\n1\nshort\n\n"])("is not read from %j", (note) => {
    expect(readCheckpoint(note)).toBeNull();
  });
});

describe("rootOfPath", () => {
  const bytes = (hex: string): Bytes => fromHex(hex)!;

  it.each(vectors.paths)("leads from leaf $index of $size to the root", async ({ index, size, data, path, root }) => {
    const found = await rootOfPath(index, size, await leafHash(bytes(data)), path.map(bytes));
    expect(toHex(found!)).toBe(root);
  });
  it.each(vectors.paths.filter((one) => one.size > 1))(
    "refuses another place than $index of $size",
    async ({ index, size, data, path, root }) => {
      const found = await rootOfPath(index === 0 ? 1 : index - 1, size, await leafHash(bytes(data)), path.map(bytes));
      expect(found && toHex(found)).not.toBe(root);
    },
  );
  it("refuses a path that is too short, too long or beyond the tree", async () => {
    const leaf = await leafHash(utf8("x"));
    expect(await Promise.all([rootOfPath(0, 2, leaf, []), rootOfPath(0, 1, leaf, [leaf]), rootOfPath(3, 3, leaf, [leaf])])).toEqual([
      null,
      null,
      null,
    ]);
  });
});

describe("check", () => {
  const failing = async (one: Sealed, other: Proof, known: Remembered | null = null): Promise<Part[]> =>
    (await check(one, other, known)).checks.filter((part) => part.ok === false).map((part) => part.part);

  it("verifies a record that the sealer sealed", async () => {
    const finding = await check(record, proof, null);
    expect(finding.checks.filter((one) => one.ok !== true).map((one) => one.part)).toEqual(["memory"]);
    expect(finding).toMatchObject({
      state: "verified",
      size: 5,
      signed: true,
      seen: { size: 5, root: proof.root, key: proof.verifier_key },
    });
  });
  it("verifies what is left of an erased record, and says that it was erased", async () => {
    const finding = await check({ ...record, ...ERASED }, proof, null);
    expect(finding.state).toBe("erased");
    expect(finding.checks[0]).toMatchObject({ part: "content", ok: null });
  });
  it.each<[string, Partial<Sealed>, Part[]]>([
    ["a changed word", { payload: record.payload!.replace("哪", "那") }, ["content"]],
    ["another salt", { salt: "00".repeat(32) }, ["content"]],
    ["no salt", { salt: null }, ["content"]],
    ["content that is gone without an erasure", { payload: null, salt: null }, ["content"]],
    ["another record's identity", { decision_id: "dec_2" }, ["content", "header"]],
    ["a changed outcome in the header", { header: record.header.replace("zh", "en") }, ["root"]],
    ["a line more in the header", { header: `${record.header}x\n` }, ["header", "root"]],
  ])("finds %s", async (_what, change, parts) => {
    expect(await failing({ ...record, ...change }, proof)).toEqual(parts);
  });
  it.each<[string, Partial<Proof>, Part[]]>([
    ["another place", { leaf_index: 2 }, ["root"]],
    ["a path without its last hash", { path: proof.path.slice(0, -1) }, ["path", "root"]],
    ["a path that is no path", { path: ["zz"] }, ["path", "root"]],
    ["a checkpoint of another tree", { checkpoint: NOTE }, ["root", "signature"]],
    ["another key", { verifier_key: KEY }, ["signature"]],
    ["no checkpoint", { checkpoint: "" }, ["root", "signature"]],
  ])("finds %s", async (_what, change, parts) => {
    const finding = await check(record, { ...proof, ...change }, null);
    expect(finding.checks.filter((one) => one.ok === false).map((one) => one.part)).toEqual(parts);
    expect([finding.state, finding.seen]).toEqual(["broken", null]);
  });
  it.each<[string, Partial<Remembered>]>([
    ["became shorter", { size: 6 }],
    ["was rewritten", { root: "00".repeat(32) }],
    ["is signed with another key", { key: KEY }],
  ])("finds that the log %s since this browser last looked", async (_what, change) => {
    const known = { key: proof.verifier_key, size: 5, root: proof.root, at: "2026-11-23T14:05:33Z", ...change };
    expect(await failing(record, proof, known)).toEqual(["memory"]);
  });
});

describe("the browser's memory", () => {
  afterEach(forget);
  const seen = (size: number, root = "aa"): Remembered => ({ key: "k", size, root, at: "2026-11-23T14:05:33Z" });

  it("keeps the longest log it has seen", () => {
    [seen(3), seen(5), seen(4)].forEach(remember);
    expect(recall()).toEqual(seen(5));
  });
  it("does not let another log take the place of the one it knows", () => {
    remember(seen(3));
    remember({ ...seen(9), key: "other" });
    expect(recall()?.key).toBe("k");
  });
  it("is empty when it was cleared or cannot be read", () => {
    remember(seen(3));
    forget();
    expect(recall()).toBeNull();
    localStorage.setItem("candor.review.checkpoint", '{"size": "3"}');
    expect(recall()).toBeNull();
  });
  it("tells apart what can become of a log", () => {
    const now = { key: "k", size: 5, root: "aa" };
    expect([null, seen(5), seen(4), seen(6), seen(5, "bb"), { ...seen(5), key: "x" }].map((known) => compare(known, now))).toEqual([
      "first",
      "same",
      "grown",
      "shrunk",
      "changed",
      "other key",
    ]);
  });
});

it("bytes are read whole or not at all", () => {
  expect([fromHex("0"), fromHex("xy"), fromBase64("abc"), fromBase64("a?==")]).toEqual([null, null, null, null]);
  expect([...fromHex("00ff")!, ...fromBase64("AP8=")!]).toEqual([0, 255, 0, 255]);
});
