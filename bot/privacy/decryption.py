"""Decrypts values and records to show all of them: one that cannot be decrypted is marked and stops nothing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

from cryptography.exceptions import InvalidTag
from sqlalchemy.orm import Session

from bot.core.i18n import copy
from bot.core.ids import Json
from bot.db import Keyring
from bot.db.keyring import KeyDestroyed, MasterKeyMissing
from bot.db.models import DecisionPayloadRow, DecisionRow
from bot.decisions import Recorder
from bot.decisions.repository import payloads

BATCH = 500
"""Records whose payloads are read with one query."""


class Gone(StrEnum):
    """Why a value cannot be shown: it was erased, or what is stored is not what was sealed."""

    ERASED = "erased"
    UNREADABLE = "unreadable"

    def in_words(self, language: str) -> str:
        """The same in words."""
        return copy(f"privacy.{self}", language)


Opened: TypeAlias = Json | Gone


@dataclass(frozen=True)
class Record:
    """A decision record as far as it can be opened."""

    row: DecisionRow
    content: dict[str, Json] | None
    gone: Gone | None = None


def open_value(session: Session, keyring: Keyring, visitor_id: str, about: str, sealed: bytes) -> Opened:
    """The decrypted value; never raises for one that cannot be decrypted."""
    try:
        return keyring.open(session, visitor_id, about, sealed)
    except KeyDestroyed:
        return Gone.ERASED
    except (InvalidTag, MasterKeyMissing, ValueError):
        return Gone.UNREADABLE


def open_records(session: Session, recorder: Recorder, rows: Sequence[DecisionRow]) -> Iterator[Record]:
    """The records of `rows`, in their order."""
    for part in (rows[at : at + BATCH] for at in range(0, len(rows), BATCH)):
        found = payloads(session, [row.id for row in part])
        yield from (_record(session, recorder, row, found.get(row.id)) for row in part)


def shown(value: Opened, language: str) -> str:
    """The value as a text, or why there is none."""
    return value.in_words(language) if isinstance(value, Gone) else str(value)


def _record(session: Session, recorder: Recorder, row: DecisionRow, payload: DecisionPayloadRow | None) -> Record:
    if payload is None:
        return Record(row, None, Gone.UNREADABLE)
    try:
        content = recorder.read(session, row, payload)
    except (InvalidTag, MasterKeyMissing, ValueError):
        return Record(row, None, Gone.UNREADABLE)
    return Record(row, content, None if content is not None else Gone.ERASED)
