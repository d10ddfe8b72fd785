"""Queries over decision records. Lists read the open columns only; sealed payloads are opened one at a time."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, or_, select
from sqlalchemy.orm import Session

from bot.decisions.recorder import Recorder
from bot.messages import Json
from bot.storage.tables import DecisionPayloadRow, DecisionRow


@dataclass(frozen=True)
class Filters:
    """What a reviewer looks for; None means any. `start` is included, `end` is not; confidences are included."""

    start: datetime | None = None
    end: datetime | None = None
    kind: str | None = None
    intent: str | None = None
    min_confidence: float | None = None
    max_confidence: float | None = None
    conversation: str | None = None


@dataclass(frozen=True)
class Place:
    """A place in the list: after this record, newest first."""

    at: datetime
    decision_id: str


def list_decisions(session: Session, filters: Filters, after: Place | None, limit: int) -> Sequence[DecisionRow]:
    """At most `limit` records that pass `filters`, newest first, from `after` on."""
    query = _filtered(select(DecisionRow), filters)
    if after is not None:
        older = and_(DecisionRow.at == after.at, DecisionRow.id < after.decision_id)
        query = query.where(or_(DecisionRow.at < after.at, older))
    return session.scalars(query.order_by(DecisionRow.at.desc(), DecisionRow.id.desc()).limit(limit)).all()


def intents(session: Session) -> list[str]:
    """Every intent that is on record, by name."""
    query = select(DecisionRow.intent).where(DecisionRow.intent.is_not(None)).distinct().order_by(DecisionRow.intent)
    return [name for name in session.scalars(query) if name is not None]


def find_decision(session: Session, decision_id: str) -> DecisionRow | None:
    """One record's open columns."""
    return session.get(DecisionRow, decision_id)


def of_turn(session: Session, conversation_id: str, turn_id: str | None) -> Sequence[DecisionRow]:
    """All records of one turn, in the order in which they were written."""
    if turn_id is None:
        return []
    return session.scalars(
        select(DecisionRow)
        .where(DecisionRow.turn_id == turn_id, DecisionRow.conversation_id == conversation_id)
        .order_by(DecisionRow.at, DecisionRow.id)
    ).all()


def read_record(session: Session, recorder: Recorder, row: DecisionRow) -> dict[str, Json] | None:
    """The whole record, or None when it was erased."""
    payload = session.get(DecisionPayloadRow, row.id)
    return None if payload is None else recorder.read(session, row, payload)


def _filtered(query: Select[DecisionRow], filters: Filters) -> Select[DecisionRow]:
    wanted: tuple[tuple[object, Callable[[Any], ColumnElement[bool]]], ...] = (
        (filters.start, DecisionRow.at.__ge__),
        (filters.end, DecisionRow.at.__lt__),
        (filters.kind, DecisionRow.kind.__eq__),
        (filters.intent, DecisionRow.intent.__eq__),
        (filters.min_confidence, DecisionRow.confidence.__ge__),
        (filters.max_confidence, DecisionRow.confidence.__le__),
        (filters.conversation, DecisionRow.conversation_id.__eq__),
    )
    return query.where(*(condition(value) for value, condition in wanted if value is not None))
