"""Queues of decisions that are worth a reviewer's look. Each is a bounded query, however large the log is.

All leave out what the reviewer has reviewed and what was erased.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeAlias

from sqlalchemy import Select, exists, func, select, text
from sqlalchemy.orm import Session, aliased

from bot.core.ids import now
from bot.core.messages import NOT_UNDERSTOOD
from bot.db.models import ContestRow, CorrectionRow, DecisionPayloadRow, DecisionRow, LogCheckpointRow, ReviewRow
from bot.db.planner import unindexed
from bot.decisions import repository
from bot.decisions.models import Kind
from bot.oversight.corrections import State
from bot.oversight.double_review import drawn

RECENT = timedelta(days=30)
CANDIDATES = 2_000
"""Records that a queue chooses from."""
REVIEWS = 5_000
"""The newest reviews, of which some decisions get a second look."""
DRAWS = 400
"""Places in the log that are drawn at a time, at most; of about half of them the record can be in the sample."""
ROUNDS = 25
SAMPLED = (Kind.UNDERSTANDING, Kind.ANSWER)

_dice = random.SystemRandom()
Draw: TypeAlias = Callable[[Session, "Reader", int], Sequence[DecisionRow]]


@dataclass(frozen=True)
class Reader:
    """Whose queues these are. `second_share` (0 to 1) of the reviewed decisions get a second look."""

    id: str
    second_share: float = 0.0


@dataclass(frozen=True)
class Queue:
    """A queue: `draw(session, reader, limit)` gives its next decisions. A sample has no length to be told."""

    name: str
    title: str
    explanation: str
    draw: Draw
    counts: bool = True


def draw_random(session: Session, reader: Reader, limit: int) -> list[DecisionRow]:
    """Understandings and answers of the last 30 days, each as likely as any other: places in the log are drawn."""
    since = now() - RECENT
    first, end = _places(session, since)
    if end - first <= CANDIDATES:
        return _shuffled(_sample(session, reader, since, range(first, end)))[:limit]
    found: dict[str, DecisionRow] = {}
    draws = min(DRAWS, 4 * limit)
    for _ in range(ROUNDS):
        for row in _shuffled(_sample(session, reader, since, _dice.sample(range(first, end), draws))):
            found.setdefault(row.id, row)
        if len(found) >= limit:
            break
    return list(found.values())[:limit]


def draw_unsure(session: Session, reader: Reader, limit: int) -> Sequence[DecisionRow]:
    """Of the newest understandings below 50%, in the last 30 days, those with the lowest confidence first."""
    # The condition is written as in the index `decision_unsure`, or neither database would use that. SQLite would
    # rather read all records of the kind along another index; PostgreSQL knows how many there are.
    kind = unindexed(session, DecisionRow.kind, ("sqlite",))
    unsure = select(DecisionRow).where(text("confidence < 0.5"), kind == Kind.UNDERSTANDING)
    part = _newest(unsure.where(DecisionRow.at >= now() - RECENT))
    query = _unseen(select(part), reader, part)
    return session.scalars(query.order_by(part.confidence, part.at.desc()).limit(limit)).all()


def draw_contested(session: Session, reader: Reader, limit: int) -> Sequence[DecisionRow]:
    """Decisions that a visitor has contested and nobody has decided about, the longest waiting one first."""
    query = (
        _unseen(select(DecisionRow), reader)
        .join(ContestRow, ContestRow.decision_id == DecisionRow.id)
        .where(ContestRow.state == "open")
        .order_by(ContestRow.at, ContestRow.id)
    )
    return session.scalars(query.limit(limit)).all()


def draw_new_intents(session: Session, reader: Reader, limit: int) -> list[DecisionRow]:
    """What the newest model understood as an intent that it was newly trained for, the newest first."""
    rows: list[DecisionRow] = []
    model, begun, intents = newly_trained(session)
    for intent in intents:
        part = _newest(select(DecisionRow).where(DecisionRow.intent == intent, DecisionRow.at >= begun))
        query = _unseen(select(part), reader, part)
        query = query.where(part.kind == Kind.UNDERSTANDING, part.model == model)
        rows += session.scalars(query.order_by(part.at.desc(), part.id.desc()).limit(limit))
    return sorted(rows, key=lambda row: (row.at, row.id), reverse=True)[:limit]


def draw_second(session: Session, reader: Reader, limit: int) -> Sequence[DecisionRow]:
    """Decisions that one other reviewer has reviewed and that are drawn for a second look, the oldest review first."""
    lately = select(ReviewRow.decision_id).order_by(ReviewRow.at.desc()).limit(REVIEWS)
    query = (
        select(ReviewRow.decision_id)
        .where(ReviewRow.decision_id.in_(lately))
        .group_by(ReviewRow.decision_id)
        .having(func.count(ReviewRow.reviewer_id.distinct()) == 1, func.max(ReviewRow.reviewer_id) != reader.id)
        .order_by(func.min(ReviewRow.at), ReviewRow.decision_id)
    )
    chosen = [decision_id for decision_id in session.scalars(query) if drawn(decision_id, reader.second_share)]
    rows = session.scalars(_unseen(select(DecisionRow).where(DecisionRow.id.in_(chosen[:CANDIDATES])), reader)).all()
    places = {decision_id: place for place, decision_id in enumerate(chosen)}
    return sorted(rows, key=lambda row: places[row.id])[:limit]


QUEUES = (
    Queue(
        "random", "Random sample", "A fair sample of what was understood and answered in 30 days.", draw_random, False
    ),
    Queue(
        "low_confidence",
        "Unsure",
        "Understood with a confidence under 50% in 30 days, the lowest first.",
        draw_unsure,
    ),
    Queue("contested", "Contested", "A visitor asked a human to check these; the oldest first.", draw_contested),
    Queue(
        "new_intent",
        "Newly trained",
        "What the newest model understood as an intent that it had new training for: one that no model before it knew, "
        "or one with corrections accepted since the model before. Empty while there is only one model.",
        draw_new_intents,
    ),
    Queue("second", "Second look", "Another reviewer has judged these; you are not told how.", draw_second),
)
"""All queues, by the names that the API gives them."""


def newly_trained(session: Session) -> tuple[str, datetime, list[str]]:
    """The newest model, its first record's moment, and the intents it had new training for.

    Those are the intents whose first record is its own, and those of corrections that were accepted between the first
    record of the model before and its own. With fewer than two models there are none.
    """
    models = sorted((first, model) for model, first, _ in repository.days_of_models(session))
    if len(models) < 2:
        return "", now(), []
    (before, _), (begun, newest) = models[-2:]
    intents = repository.distinct(session, DecisionRow.intent)
    first_now = {one for one in intents if one != NOT_UNDERSTOOD and _first_model(session, one) == newest}
    corrected = select(CorrectionRow.intent).where(
        CorrectionRow.state == State.ACCEPTED.value,
        CorrectionRow.decided_at >= before,
        CorrectionRow.decided_at < begun,
    )
    return newest, begun, sorted(first_now | set(session.scalars(corrected)))


def _first_model(session: Session, intent: str) -> str | None:
    """The model of an intent's first record."""
    query = select(DecisionRow.model).where(DecisionRow.intent == intent).order_by(DecisionRow.at).limit(1)
    return session.scalar(query)


def _places(session: Session, since: datetime) -> tuple[int, int]:
    """Where in the log the records since then stand: the first place, and the one after the last."""
    # Records are sealed nearly in the order of their moments: the first place is among those of the first records.
    first = select(DecisionRow.leaf_index).where(DecisionRow.at >= since).order_by(DecisionRow.at).limit(CANDIDATES)
    place = session.scalar(select(func.min(first.subquery().c.leaf_index)))
    end = session.scalar(select(func.max(LogCheckpointRow.size)))
    return (0, 0) if place is None or end is None else (place, end)


def _sample(session: Session, reader: Reader, since: datetime, places: Iterable[int]) -> list[DecisionRow]:
    # By their places alone: SQLite would rather read all records of a kind.
    query = _unseen(select(DecisionRow).where(DecisionRow.leaf_index.in_(list(places))), reader)
    return [row for row in session.scalars(query) if row.kind in SAMPLED and row.at >= since]


def _shuffled(rows: list[DecisionRow]) -> list[DecisionRow]:
    return _dice.sample(rows, len(rows))


def _newest(query: Select[DecisionRow]) -> type[DecisionRow]:
    """The newest of these records: a limited list, found before anything else is asked of them."""
    return aliased(DecisionRow, query.order_by(DecisionRow.at.desc()).limit(CANDIDATES).subquery())


def _unseen(query: Select[DecisionRow], reader: Reader, part: type[DecisionRow] = DecisionRow) -> Select[DecisionRow]:
    """Without what this reviewer has reviewed, and without what was erased."""
    mine = exists().where(ReviewRow.decision_id == part.id, ReviewRow.reviewer_id == reader.id)
    there = exists().where(DecisionPayloadRow.decision_id == part.id, DecisionPayloadRow.payload_sealed.is_not(None))
    return query.where(~mine, there)
