"""The review console checks proofs by itself; its tests read vectors that are made here, by the code that seals.

`python -m tests.transparency_log.test_web_vectors` writes them anew.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from datetime import UTC, datetime
from types import SimpleNamespace

from bot.core.ids import Json
from bot.decisions.recorder import canonical_json
from bot.transparency_log import merkle
from bot.transparency_log.checkpoint import Signer
from bot.transparency_log.leaf import header_text, leaf_data
from tests.tools import ROOT

FILE = ROOT / "web" / "src" / "review" / "proof.vectors.json"
PLACES = ((0, 1), (0, 2), (1, 2), (2, 3), (4, 7), (6, 7), (7, 8), (255, 257), (256, 257), (299, 300))
SALT = bytes(range(32))
AT = datetime(2026, 11, 23, 14, 5, 33, 123456, UTC)


def test_the_console_is_tested_with_what_the_sealer_makes() -> None:
    assert json.loads(FILE.read_text("utf-8")) == vectors()


def vectors() -> dict[str, Json]:
    """Audit paths in trees of several sizes, and one whole record with its proof."""
    return {"paths": [_path(index, size) for index, size in PLACES], "record": _record(), "proof": _proof()}


def _path(index: int, size: int) -> dict[str, Json]:
    data = [f"leaf {i}".encode() for i in range(size)]
    return {"index": index, "size": size, "data": data[index].hex(), **_proved(index, data)}


def _proved(index: int, data: Sequence[bytes]) -> dict[str, Json]:
    leaves = [merkle.leaf_hash(one) for one in data]
    node = lambda level, number: merkle.fold(leaves[number << level : (number + 1) << level])  # noqa: E731
    path = merkle.inclusion_proof(index, len(leaves), node)
    return {"path": [one.hex() for one in path], "root": merkle.root(len(leaves), node).hex()}


def _record() -> dict[str, Json]:
    payload = canonical_json(
        {"decision_id": "dec_1", "input": {"text": "我的订单 [ORDER_1] 在哪里？"}, "confidence": 0.9143}
    )
    row = SimpleNamespace(
        id="dec_1",
        at=AT,
        kind="understanding",
        conversation_id="con_1",
        visitor_id="vis_1",
        turn_id="msg_1",
        intent="order_status",
        confidence=0.9143,
        outcome="order_status",
        language="zh",
        model=None,
        commitment=hashlib.sha256(SALT + payload).hexdigest(),
    )
    return {"decision_id": "dec_1", "header": header_text(row), "salt": SALT.hex(), "payload": payload.decode()}


def _proof() -> dict[str, Json]:
    index, data = 3, [hashlib.sha256(bytes([i])).digest() for i in range(5)]
    data[index] = leaf_data(_record()["header"])
    proved, signer = _proved(index, data), Signer("127.0.0.1:8000/log", bytes(32))
    return {
        "leaf_index": index,
        "tree_size": len(data),
        "leaf_hash": merkle.leaf_hash(data[index]).hex(),
        **proved,
        "checkpoint": signer.sign(len(data), bytes.fromhex(proved["root"])),
        "verifier_key": signer.verifier_key,
    }


if __name__ == "__main__":
    FILE.write_text(json.dumps(vectors(), indent=1, ensure_ascii=False) + "\n", "utf-8")
