"""Checks an export by section 10 of docs/reference/spec/decision-record.md, with the standard library and Ed25519.

Written from the document; it uses none of our code.
"""

from __future__ import annotations

import base64
import json
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

REPEATED = {
    "decision_id": 1,
    "timestamp": 2,
    "kind": 3,
    "conversation_id": 4,
    "requested_by": 5,
    "turn_id": 6,
    "intent": 7,
    "outcome": 9,
    "language": 10,
    "revision": 11,
}
"""Members of a payload, and the header's line (from 0) that repeats them."""
LASTING = ("access", "stop", "erasure", "hold")


class Wrong(Exception):
    """The log is not as it was signed; says which step found it."""


def leaf_hash(header: str) -> bytes:
    return sha256(b"\x00" + sha256(header.encode()).digest()).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    return sha256(b"\x01" + left + right).digest()


def root(leaves: list[bytes]) -> bytes:
    """RFC 6962, section 2.1."""
    if len(leaves) < 2:
        return leaves[0] if leaves else sha256().digest()
    half = 1
    while half * 2 < len(leaves):
        half *= 2
    return node_hash(root(leaves[:half]), root(leaves[half:]))


def open_checkpoint(note: str, verifier_key: str) -> tuple[int, bytes]:
    """Steps 1 and 2: size and root."""
    name, key_id, encoded = verifier_key.split("+", 2)
    raw = base64.b64decode(encoded)
    if sha256(name.encode() + b"\n" + raw).digest()[:4].hex() != key_id or raw[:1] != b"\x01":
        raise Wrong("1")
    body, signatures = note.rsplit("\n\n", 1)
    signed = [line.split(" ") for line in signatures.splitlines()]
    own = [base64.b64decode(text)[4:] for dash, who, text in signed if (dash, who) == ("—", name)]
    if not own:
        raise Wrong("2")
    for signature in own:
        try:
            Ed25519PublicKey.from_public_bytes(raw[1:]).verify(signature, (body + "\n").encode())
        except InvalidSignature as error:
            raise Wrong("2") from error
    origin, size, encoded_root = body.split("\n")[:3]
    if origin != name:
        raise Wrong("2")
    return int(size), base64.b64decode(encoded_root)


def verify(export: str, verifier_key: str, *kept: str) -> int:
    """All steps over the text of an export; the number of erased records.

    Raises:
        Wrong: with the number of the step.
    """
    *records, last = (json.loads(line) for line in export.splitlines())
    size, signed_root = open_checkpoint(last["checkpoint"], verifier_key)
    if [record["leaf_index"] for record in records] != list(range(size)):
        raise Wrong("3")
    headers = [_fields(record["header"]) for record in records]
    leaves = [leaf_hash(record["header"]) for record in records]
    if root(leaves) != signed_root:
        raise Wrong("5")
    for note in kept:
        earlier, earlier_root = open_checkpoint(note, verifier_key)
        if earlier > size or root(leaves[:earlier]) != earlier_root:
            raise Wrong("5")
    erased = {fields[5] for fields in headers if fields[3] == "erasure"} - {""}
    missing = [fields for record, fields in zip(records, headers, strict=True) if not _has_payload(record, fields)]
    if any(fields[5] not in erased or fields[3] in LASTING for fields in missing):
        raise Wrong("6")
    _check_times([datetime.fromisoformat(fields[2]) for fields in headers])
    return len(missing)


def _check_times(moments: list[datetime]) -> None:
    newest = moments[0]
    for moment in moments:
        if moment < newest - timedelta(seconds=60):
            raise Wrong("7")
        newest = max(newest, moment)


def _fields(header: str) -> list[str]:
    fields = header.split("\n")
    if len(fields) != 14 or fields[0] != "candor/leaf/1" or fields[13] != "":
        raise Wrong("4")
    return fields


def _has_payload(record: dict[str, Any], fields: list[str]) -> bool:
    if record["payload"] is None:
        return False
    payload = json.loads(record["payload"])
    if sha256(bytes.fromhex(record["salt"]) + record["payload"].encode()).hexdigest() != fields[12]:
        raise Wrong("6")
    if any((payload[name] or "") != fields[line] for name, line in REPEATED.items()):
        raise Wrong("6")
    if payload["confidence"] != (float(fields[8]) if fields[8] else None):
        raise Wrong("6")
    return True
