"""Proves that a record is in the signed log, in forms that others' tools check: RFC 9162 and C2SP tlog-proof."""

from __future__ import annotations

import base64
from collections.abc import Mapping

from sqlalchemy.orm import Session

from bot.core.errors import Conflict, NotFound
from bot.core.ids import Json
from bot.transparency_log import repository
from bot.transparency_log.checkpoint import CheckpointInvalid, Signer, Verifier
from bot.transparency_log.leaf import header_text, leaf_data
from bot.transparency_log.merkle import leaf_hash, verify_inclusion
from bot.transparency_log.sequencer import LogBroken
from bot.transparency_log.tiles import Tree

FORMAT = "c2sp.org/tlog-proof@v1"


def prove(session: Session, signer: Signer, decision_id: str) -> dict[str, Json]:
    """The proof that a record's header is in the log that the newest checkpoint signs.

    Gives `{decision_id, leaf_index, tree_size, leaf_data (base64), leaf_hash, path: [hash], root, checkpoint,
    verifier_key}`, hashes in hex. The leaf is made from the record as it is now and the path from the log's tree, so
    that the proof of an altered record does not lead to the root.

    Raises:
        NotFound: there is no such record.
        Conflict: `not_sealed_yet`.
        LogBroken: the tree lacks what the proof is made from.
    """
    row = repository.header(session, decision_id)
    if row is None:
        raise NotFound("There is no such record.")
    checkpoint = repository.newest(session)
    if row.leaf_index is None or checkpoint is None:
        raise Conflict("This record is not sealed yet. Ask again in a few seconds.", code="not_sealed_yet")
    data = leaf_data(header_text(row))
    try:
        path = Tree(session, checkpoint.size).inclusion(row.leaf_index)
    except (LookupError, ValueError) as error:
        raise LogBroken("The log's tree is not whole. Run 'candor log verify'.") from error
    return {
        "decision_id": decision_id,
        "leaf_index": row.leaf_index,
        "tree_size": checkpoint.size,
        "leaf_data": base64.b64encode(data).decode(),
        "leaf_hash": leaf_hash(data).hex(),
        "path": [node.hex() for node in path],
        "root": checkpoint.root,
        "checkpoint": checkpoint.note,
        "verifier_key": signer.verifier_key,
    }


def holds(proof: Mapping[str, Json]) -> bool:
    """Whether a proof leads from its leaf to the root of a checkpoint that its key signed."""
    try:
        signed = Verifier(proof["verifier_key"]).open(proof["checkpoint"])
    except CheckpointInvalid:
        return False
    leaf, path = bytes.fromhex(proof["leaf_hash"]), [bytes.fromhex(node) for node in proof["path"]]
    return signed.size == proof["tree_size"] and verify_inclusion(
        proof["leaf_index"], signed.size, leaf, path, signed.root
    )


def tlog_proof(proof: Mapping[str, Json]) -> str:
    """The same proof as text in the format C2SP tlog-proof. What it proves is `leaf_data`."""
    path = "".join(base64.b64encode(bytes.fromhex(node)).decode() + "\n" for node in proof["path"])
    return f"{FORMAT}\nindex {proof['leaf_index']}\n{path}\n{proof['checkpoint']}"
