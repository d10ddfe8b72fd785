"""A record's leaf in the log: the SHA-256 of its header, which holds a salted commitment to all the rest.

The header is text, one field a line, so that it can be made again from the open columns in any language, also when the
record's content was erased (docs/reference/spec/decision-record.md).
"""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import Protocol

SCHEMA = "candor/leaf/1"
FIELDS = (
    "decision_id",
    "timestamp",
    "kind",
    "conversation_id",
    "visitor_id",
    "turn_id",
    "intent",
    "confidence",
    "outcome",
    "language",
    "model",
    "commitment",
)
"""The header's lines after the first, which is `SCHEMA`."""


class Header(Protocol):
    """A row of the table `decision`, or the same columns of a query."""

    @property
    def id(self) -> str: ...
    @property
    def at(self) -> datetime: ...
    @property
    def kind(self) -> str: ...
    @property
    def conversation_id(self) -> str: ...
    @property
    def visitor_id(self) -> str: ...
    @property
    def turn_id(self) -> str | None: ...
    @property
    def intent(self) -> str | None: ...
    @property
    def confidence(self) -> float | None: ...
    @property
    def outcome(self) -> str: ...
    @property
    def language(self) -> str: ...
    @property
    def model(self) -> str | None: ...
    @property
    def commitment(self) -> str: ...


def header_text(row: Header) -> str:
    """The header: `SCHEMA` and each of `FIELDS`, each followed by a line feed; an absent value is an empty line."""
    confidence = "" if row.confidence is None else repr(float(row.confidence))
    return (
        f"{SCHEMA}\n{row.id}\n{row.at.isoformat(timespec='microseconds')}\n{row.kind}\n{row.conversation_id}\n"
        f"{row.visitor_id}\n{row.turn_id or ''}\n{row.intent or ''}\n{confidence}\n{row.outcome}\n{row.language}\n"
        f"{row.model or ''}\n{row.commitment}\n"
    )


def leaf_data(header: str) -> bytes:
    """The 32 bytes that stand in the log for this header."""
    return hashlib.sha256(header.encode()).digest()
