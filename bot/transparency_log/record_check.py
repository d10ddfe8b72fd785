"""Checks one record as it lies in the database or in an export: its leaf, its content, and that they agree."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from operator import itemgetter
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from pydantic_core import from_json

from bot.db import Keyring
from bot.db.keyring import MasterKeyMissing
from bot.decisions.kinds import Kind
from bot.transparency_log.leaf import FIELDS

SALT = 32
"""Bytes of salt before each payload."""
OPERATOR = "operator"
"""Holds the key of records about no visitor and of those that outlive an erasure."""
LASTING = frozenset(kind.value for kind in Kind if kind.lasting)
"""Kinds of record whose content outlives an erasure."""
KEYS = 4096
"""Visitors' keys that are kept open."""
LINES = len(FIELDS) + 1

OPEN_FIELDS = itemgetter(
    "decision_id",
    "timestamp",
    "kind",
    "conversation_id",
    "requested_by",
    "turn_id",
    "intent",
    "confidence",
    "outcome",
    "language",
    "revision",
)
"""The fields of a payload that its header repeats, in the header's order."""


def well_formed(header: bytes) -> bool:
    """Whether it has its lines and no more: a line feed within a field would shift the others."""
    return header.count(b"\n") == LINES


def contradicts(fields: tuple[Any, ...], payload: bytes) -> bool:
    """Whether a payload says something else than its record's open fields (all but the commitment)."""
    try:
        return bool(OPEN_FIELDS(from_json(payload, cache_strings="keys")) != fields)
    except (ValueError, KeyError, TypeError):
        return True


UNOPENED = (InvalidTag, MasterKeyMissing, ValueError, TypeError, AttributeError)


class Unreadable(Exception):
    """A content that cannot be opened; `code` says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class Contents:
    """Opens records' contents and checks them.

    Args:
        masters: the operator's keys, the current one first.
        erased: the visitors whose erasure is on record, and whether it is some time ago.
    """

    def __init__(self, masters: Sequence[bytes], erased: Mapping[str, bool]) -> None:
        self._keyring = Keyring(lambda: masters, b"")
        self._erased = erased
        self._keys: dict[tuple[str, bytes], AESGCM] = {}
        self.absent = 0
        """Records whose content is erased, as it should be."""

    def fault(self, fields: tuple[Any, ...], holder: str | None, sealed: bytes | None, wrapped: bytes | None) -> str:
        """The code of what is wrong with a record's content; empty when nothing is.

        Args:
            fields: the record's open columns in the header's order.
            holder: whose key the content is sealed with; None when there is no row for it.
            sealed: salt and payload, sealed.
            wrapped: the holder's key, wrapped.
        """
        visitor = fields[4]
        if holder is None:
            return "payload_removed"
        if holder != visitor and holder != OPERATOR:
            return "payload_altered"
        if holder != OPERATOR and holder in self._erased and fields[2] not in LASTING:
            # What another process was writing meanwhile is cleared a moment after the key was destroyed.
            back = bool(sealed) and (bool(wrapped) or self._erased[holder])
            self.absent += not back
            return "payload_is_back" if back else ""
        if not sealed or not wrapped:
            return "payload_removed"
        try:
            return content_fault(fields, self._decrypt(fields[0], holder, sealed, wrapped))
        except Unreadable as error:
            return error.code

    def salted(
        self, fields: tuple[Any, ...], holder: str | None, sealed: bytes | None, wrapped: bytes | None
    ) -> bytes | None:
        """A record's salt and payload; None where they cannot be had."""
        if holder is None or not sealed or not wrapped:
            return None
        try:
            return self._decrypt(fields[0], holder, sealed, wrapped)
        except Unreadable:
            return None

    def _decrypt(self, decision_id: str, holder: str, sealed: bytes, wrapped: bytes) -> bytes:
        try:
            key = self._keys.get((holder, wrapped)) or self._open(holder, wrapped)
        except UNOPENED as error:
            raise Unreadable("payload_locked") from error
        try:
            return key.decrypt(sealed[:12], sealed[12:], decision_id.encode())
        except UNOPENED as error:
            raise Unreadable("payload_altered") from error

    def _open(self, holder: str, wrapped: bytes) -> AESGCM:
        if len(self._keys) >= KEYS:
            self._keys.clear()
        key = self._keys[holder, wrapped] = AESGCM(self._keyring.unwrap(holder, wrapped))
        return key


def content_fault(fields: tuple[Any, ...], salted: bytes) -> str:
    """The code of what is wrong between a record's header and its opened content; empty when nothing is."""
    if hashlib.sha256(salted).hexdigest() != fields[11]:
        return "payload_differs"
    return "payload_contradicts" if contradicts(fields[:11], salted[SALT:]) else ""
