"""The worked example of docs/reference/spec: three records, sealed by our own code with a key that everybody may know.

`python -m tests.transparency_log.example` writes its files anew.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from hashlib import sha256
from types import SimpleNamespace
from typing import Any

from bot.decisions.recorder import SCHEMA, canonical_json
from bot.transparency_log import merkle
from bot.transparency_log.checkpoint import Signer
from bot.transparency_log.leaf import header_text, leaf_data
from tests.tools import ROOT
from tests.transparency_log.consistency import consistency_proof
from tests.transparency_log.trees import node_of

FOLDER = ROOT / "docs" / "reference" / "spec" / "example"
ORIGIN = "support.example.com/log"
SEED = bytes(range(32))
VISITOR, CONVERSATION, TURN = (
    "vis_019d1f2df2584c94485e0c21ae6c41ce",
    "con_019d1f2df2592e7d2c03a9507ae265ec",
    "msg_019d1f2e0e0662c66a7a5dd70c314661",
)
ASKED = {
    "input": {"source": "classifier", "text": "Where is my order [ORDER_1]? 我的订单在哪里？"},
    "turn_id": TURN,
    "conversation_id": CONVERSATION,
    "gen_ai.request.model": "20260320-101500.tar.gz",
    "revision": "5f1d9c0e4b7a2836",
    "masked": ["/input/text"],
    "intent": "order_status",
    "confidence": 0.9143,
    "alternatives": [{"name": "order_status", "confidence": 0.9143}, {"name": "delivery_time", "confidence": 0.05}],
    "threshold": 0.43,
    "disclosure_version": "1",
    "timing": {"wait": [0.0, 1.2], "mask": [1.3, 2.41], "think": [3.8, 14.02]},
}
PERSON = "decided by a person"
RECORDS: tuple[tuple[str, str, dict[str, Any]], ...] = (
    (
        "dec_019d1f2e0e1a6b86b273ff34fce19d6b",
        "2026-03-24T09:30:05.210734+00:00",
        {**ASKED, "kind": "understanding", "outcome": "order_status", "result": {"intent": "order_status"}},
    ),
    (
        "dec_019d1f2e0e1ad4735e3a265e16eee03f",
        "2026-03-24T09:30:05.210801+00:00",
        {
            **ASKED,
            "kind": "answer",
            "outcome": "utter_sign_in_first",
            "path": "order status",
            "policy": "NamedRulePolicy",
            "result": {
                "message_ids": ["msg_019d1f2e0e1aca978112ca1bbdcafac2"],
                "responses": ["utter_sign_in_first"],
                "slots": {},
                "texts": ["Please sign in first, then I can look it up. (Talk to a human)"],
            },
        },
    ),
    (
        "dec_019d1fe5d5714e07408562bedb8b60ce",
        "2026-03-24T12:50:49.329112+00:00",
        {
            "kind": "erasure",
            "outcome": "erased:visitor_request",
            "path": "erasure",
            "input": {"by": "olga", "reason": "visitor_request", "visitor_id": VISITOR},
            "automation_level": PERSON,
            "human_involvement": PERSON,
        },
    ),
)
ERASED = (0, 1)
"""The visitor's own records. That of the erasure outlives it."""


def files() -> dict[str, str]:
    """Each file's name and content."""
    records = [_record(number, *one) for number, one in enumerate(RECORDS)]
    notes = {size: _signer().sign(size, _root(records, size)) for size in (2, 3)}
    last = {"checkpoint": notes[3], "verifier_key": _signer().verifier_key}
    blank = [{**one, "salt": None, "payload": None} if one["leaf_index"] in ERASED else one for one in records]
    return {
        "records.jsonl": _lines([*records, last]),
        "records-after-erasure.jsonl": _lines([*blank, last]),
        "checkpoint-2.txt": notes[2],
        "checkpoint-3.txt": notes[3],
        "values.json": json.dumps(_values(records), indent=2) + "\n",
    }


def _record(number: int, decision_id: str, timestamp: str, fields: dict[str, Any]) -> dict[str, Any]:
    payload = canonical_json(_payload(decision_id, timestamp, fields)).decode()
    salt = sha256(f"salt {number}".encode()).digest()
    commitment = sha256(salt + payload.encode()).hexdigest()
    return {
        "header": _header(json.loads(payload), commitment),
        "salt": salt.hex(),
        "payload": payload,
        "leaf_index": number,
    }


def _payload(decision_id: str, timestamp: str, fields: dict[str, Any]) -> dict[str, Any]:
    return {
        "schema": SCHEMA,
        "decision_id": decision_id,
        "timestamp": timestamp,
        "service": "candor",
        "instance": "gateway-1",
        "version": "0.2.0",
        "path": None,
        "policy": None,
        "revision": None,
        "input": {},
        "result": {},
        "erased": [],
        "masked": [],
        "requested_by": VISITOR,
        "conversation_id": "",
        "turn_id": None,
        "gen_ai.operation.name": "chat",
        "gen_ai.request.model": None,
        "intent": None,
        "confidence": None,
        "alternatives": [],
        "threshold": None,
        "consent_record_id": None,
        "lawful_basis": None,
        "categories": [],
        "automation_level": "fully automated",
        "human_involvement": "none",
        "language": "en",
        "disclosure_version": None,
        "gpc": False,
        "timing": {},
        **fields,
    }


def _header(payload: dict[str, Any], commitment: str) -> str:
    return header_text(
        SimpleNamespace(
            id=payload["decision_id"],
            at=datetime.fromisoformat(payload["timestamp"]).astimezone(UTC),
            kind=payload["kind"],
            conversation_id=payload["conversation_id"],
            visitor_id=payload["requested_by"],
            turn_id=payload["turn_id"],
            intent=payload["intent"],
            confidence=payload["confidence"],
            outcome=payload["outcome"],
            language=payload["language"],
            model=payload["revision"],
            commitment=commitment,
        )
    )


def _values(records: Sequence[dict[str, Any]]) -> dict[str, Any]:
    leaves = _leaves(records)
    node = node_of(leaves)
    return {
        "seed": SEED.hex(),
        "verifier_key": _signer().verifier_key,
        "leaves": [
            {
                "commitment": record["header"].split("\n")[12],
                "leaf_data": leaf_data(record["header"]).hex(),
                "leaf_hash": leaf.hex(),
            }
            for record, leaf in zip(records, leaves, strict=True)
        ],
        "roots": [merkle.root(size, node).hex() for size in range(4)],
        "inclusion_of_leaf_1_in_3": [one.hex() for one in merkle.inclusion_proof(1, 3, node)],
        "consistency_of_2_and_3": [one.hex() for one in consistency_proof(2, 3, node)],
    }


def _leaves(records: Sequence[dict[str, Any]]) -> list[bytes]:
    return [merkle.leaf_hash(leaf_data(record["header"])) for record in records]


def _root(records: Sequence[dict[str, Any]], size: int) -> bytes:
    return merkle.root(size, node_of(_leaves(records)))


def _signer() -> Signer:
    return Signer(ORIGIN, SEED)


def _lines(values: Sequence[dict[str, Any]]) -> str:
    return "".join(json.dumps(one, ensure_ascii=False, separators=(",", ":")) + "\n" for one in values)


if __name__ == "__main__":
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, content in files().items():
        (FOLDER / name).write_text(content, encoding="utf-8")
