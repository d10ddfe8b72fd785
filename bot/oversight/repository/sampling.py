"""Queries behind the queues of decisions to review. Each is bounded, however large the log is.

All leave out what the reviewer has reviewed and what was erased.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Select, exists, func, select, text
from sqlalchemy.orm import Session, aliased

from bot.core.ids import now
from bot.db.models import ContestRow, DecisionPayloadRow, DecisionRow, LogCheckpointRow, ReviewRow
from bot.db.planner import unindexed
from bot.decisions.kinds import Kind
from bot.oversight.repository.contests import OPEN

RECENT = timedelta(days=30)
CANDIDATES = 2_000
"""Records that a queue chooses from."""
REVIEWS = 5_000
"""The newest reviews, of which some decisions get a second review."""


@dataclass(frozen=True)
class Reader:
    """The reviewer who reads a queue. `second_share` (0 to 1) of the reviewed decisions get a second review."""

    id: str
    second_share: float = 0.0


def places_since(session: Session, since: datetime) -> range:
    """The places in the log of the records since then."""
    # Records are sealed nearly in the order of their moments: the first place is among those of the first records.
    first = select(DecisionRow.leaf_index).where(DecisionRow.at >= since).order_by(DecisionRow.at).limit(CANDIDATES)
    place = session.scalar(select(func.min(first.subquery().c.leaf_index)))
    end = session.scalar(select(func.max(LogCheckpointRow.size)))
    return range(0) if place is None or end is None else range(place, end)


def at_places(session: Session, reader: Reader, places: Iterable[int]) -> Sequence[DecisionRow]:
    return session.scalars(_unseen(select(DecisionRow).where(DecisionRow.leaf_index.in_(list(places))), reader)).all()


def unsure(session: Session, reader: Reader, limit: int) -> Sequence[DecisionRow]:
    """Of the newest understandings below 50%, in the last 30 days, those with the lowest confidence first."""
    # The condition is written as in the index `decision_unsure`, or neither database would use that. SQLite would
    # rather read all records of the kind along another index; PostgreSQL knows how many there are.
    kind = unindexed(session, DecisionRow.kind, ("sqlite",))
    below = select(DecisionRow).where(text("confidence < 0.5"), kind == Kind.UNDERSTANDING)
    part = _newest(below.where(DecisionRow.at >= now() - RECENT))
    query = _unseen(select(part), reader, part)
    return session.scalars(query.order_by(part.confidence, part.at.desc()).limit(limit)).all()


def contested(session: Session, reader: Reader, limit: int) -> Sequence[DecisionRow]:
    """Decisions with an open contest, the longest waiting one first."""
    query = (
        _unseen(select(DecisionRow), reader)
        .join(ContestRow, ContestRow.decision_id == DecisionRow.id)
        .where(ContestRow.state == OPEN)
        .order_by(ContestRow.at, ContestRow.id)
    )
    return session.scalars(query.limit(limit)).all()


def understood_as(
    session: Session, reader: Reader, intent: str, model: str, since: datetime, limit: int
) -> Sequence[DecisionRow]:
    """The newest messages that this model understood as this intent."""
    part = _newest(select(DecisionRow).where(DecisionRow.intent == intent, DecisionRow.at >= since))
    query = _unseen(select(part), reader, part)
    query = query.where(part.kind == Kind.UNDERSTANDING, part.model == model)
    return session.scalars(query.order_by(part.at.desc(), part.id.desc()).limit(limit)).all()


def reviewed_by_one_other(session: Session, reader: Reader) -> Sequence[str]:
    """Decisions of the newest reviews that one other reviewer alone has reviewed, the oldest review first."""
    lately = select(ReviewRow.decision_id).order_by(ReviewRow.at.desc()).limit(REVIEWS)
    query = (
        select(ReviewRow.decision_id)
        .where(ReviewRow.decision_id.in_(lately))
        .group_by(ReviewRow.decision_id)
        .having(func.count(ReviewRow.reviewer_id.distinct()) == 1, func.max(ReviewRow.reviewer_id) != reader.id)
        .order_by(func.min(ReviewRow.at), ReviewRow.decision_id)
    )
    return session.scalars(query).all()


def with_ids(session: Session, reader: Reader, decision_ids: Sequence[str]) -> Sequence[DecisionRow]:
    """These decisions, at most `CANDIDATES` of them."""
    query = select(DecisionRow).where(DecisionRow.id.in_(decision_ids[:CANDIDATES]))
    return session.scalars(_unseen(query, reader)).all()


def first_model_of(session: Session, intent: str) -> str | None:
    query = select(DecisionRow.model).where(DecisionRow.intent == intent).order_by(DecisionRow.at).limit(1)
    return session.scalar(query)


def _newest(query: Select[DecisionRow]) -> type[DecisionRow]:
    """The newest of these records: a limited list, found before anything else is asked of them."""
    return aliased(DecisionRow, query.order_by(DecisionRow.at.desc()).limit(CANDIDATES).subquery())


def _unseen(query: Select[DecisionRow], reader: Reader, part: type[DecisionRow] = DecisionRow) -> Select[DecisionRow]:
    """Without what this reviewer has reviewed, and without what was erased."""
    mine = exists().where(ReviewRow.decision_id == part.id, ReviewRow.reviewer_id == reader.id)
    there = exists().where(DecisionPayloadRow.decision_id == part.id, DecisionPayloadRow.payload_sealed.is_not(None))
    return query.where(~mine, there)
