"""Opening what is sealed, for showing all of it: what cannot be opened is told and stops nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

from cryptography.exceptions import InvalidTag
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.core.i18n import copy
from bot.core.ids import Json
from bot.db import Keyring
from bot.db.keyring import KeyDestroyed, MasterKeyMissing
from bot.db.models import DecisionPayloadRow, DecisionRow
from bot.decisions import Recorder

AT_ONCE = 500
"""Records that are asked of the database in one query."""


class Gone(StrEnum):
    """Why a value cannot be shown: it was erased, or what is stored is not what was sealed."""

    ERASED = "erased"
    UNREADABLE = "unreadable"

    def told(self, language: str) -> str:
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
    """What was sealed; never raises for what cannot be opened."""
    try:
        return keyring.open(session, visitor_id, about, sealed)
    except KeyDestroyed:
        return Gone.ERASED
    except (InvalidTag, MasterKeyMissing, ValueError):
        return Gone.UNREADABLE


def open_records(session: Session, recorder: Recorder, rows: Sequence[DecisionRow]) -> Iterator[Record]:
    """The records of `rows`, in their order."""
    for part in (rows[at : at + AT_ONCE] for at in range(0, len(rows), AT_ONCE)):
        payloads = _payloads(session, (row.id for row in part))
        yield from (_record(session, recorder, row, payloads.get(row.id)) for row in part)


def shown(value: Opened, language: str) -> str:
    """The value as a text, or why there is none."""
    return value.told(language) if isinstance(value, Gone) else str(value)


def _payloads(session: Session, ids: Iterable[str]) -> dict[str, DecisionPayloadRow]:
    found = session.scalars(select(DecisionPayloadRow).where(DecisionPayloadRow.decision_id.in_(list(ids))))
    return {payload.decision_id: payload for payload in found}


def _record(session: Session, recorder: Recorder, row: DecisionRow, payload: DecisionPayloadRow | None) -> Record:
    if payload is None:
        return Record(row, None, Gone.UNREADABLE)
    try:
        content = recorder.read(session, row, payload)
    except (InvalidTag, MasterKeyMissing, ValueError):
        return Record(row, None, Gone.UNREADABLE)
    return Record(row, content, None if content is not None else Gone.ERASED)
