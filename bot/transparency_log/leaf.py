"""A record's leaf in the log: the SHA-256 of its header, which holds a salted commitment to all the rest.

The header is text, one field a line, so that it can be made again from the open columns in any language, also when the
record's content was erased (docs/reference/spec/decision-record.md).
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Any, TypeAlias

from sqlalchemy import Row

from bot.db.models import DecisionRow

Header: TypeAlias = DecisionRow | Row[*tuple[Any, ...]]
"""A row of the table `decision`, or the columns of one that make a header."""
SCHEMA = "candor/leaf/1"
FIELDS = {
    "decision_id": "id",
    "timestamp": "at",
    "kind": "kind",
    "conversation_id": "conversation_id",
    "visitor_id": "visitor_id",
    "turn_id": "turn_id",
    "intent": "intent",
    "confidence": "confidence",
    "outcome": "outcome",
    "language": "language",
    "model": "model",
    "commitment": "commitment",
}
"""The header's lines after the first, which is `SCHEMA`, each with its column in the table `decision`."""


def header_text(row: Header) -> str:
    """The header: `SCHEMA` and each of `FIELDS`, each followed by a line feed; an absent value is an empty line."""
    values = [getattr(row, column) for column in FIELDS.values()]
    values[1] = row.at.isoformat(timespec="microseconds")
    return header_bytes(values).decode("utf-8", "surrogateescape")


def header_bytes(fields: Sequence[Any]) -> bytes:
    """The same from bare columns, the moment as text already.

    Raises:
        TypeError, ValueError: these are no columns of a record.
    """
    ident, at, kind, conversation, visitor, turn, intent, confidence, outcome, language, model, commitment = fields
    sureness = "" if confidence is None else repr(float(confidence))
    return (
        f"{SCHEMA}\n{ident}\n{at}\n{kind}\n{conversation}\n{visitor}\n{turn or ''}\n{intent or ''}\n{sureness}\n"
        f"{outcome}\n{language}\n{model or ''}\n{commitment}\n"
    ).encode("utf-8", "surrogateescape")


def leaf_data(header: str) -> bytes:
    """The 32 bytes that stand in the log for this header."""
    return hashlib.sha256(header.encode()).digest()
