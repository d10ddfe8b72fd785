"""Queues of decisions that are worth a review. Each is a bounded query, however large the log is.

All leave out what the reviewer has reviewed and what was erased.
"""

from __future__ import annotations

import hashlib
import random
from collections.abc import Callable, Sequence, Set
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from sqlalchemy.orm import Session

from bot.core.ids import now
from bot.core.messages import NOT_UNDERSTOOD
from bot.db.models import DecisionRow
from bot.decisions import repository as decisions
from bot.decisions.kinds import Kind
from bot.oversight.repository import sampling as repository
from bot.oversight.repository.corrections import intents_accepted_between
from bot.oversight.repository.sampling import CANDIDATES, RECENT, Reader

DRAWS = 400
"""Places in the log that are drawn at a time, at most; of about half of them the record can be in the sample."""
ROUNDS = 25
SAMPLED = (Kind.UNDERSTANDING, Kind.ANSWER)

_dice = random.SystemRandom()
Draw: TypeAlias = Callable[[Session, Reader, int], Sequence[DecisionRow]]


@dataclass(frozen=True)
class Queue:
    """A queue: `draw(session, reader, limit)` gives its next decisions. A sample has no length (`counts`)."""

    name: str
    title: str
    explanation: str
    draw: Draw
    counts: bool = True


def draw_random(session: Session, reader: Reader, limit: int) -> list[DecisionRow]:
    """Understandings and answers of the last 30 days, each as likely as any other: places in the log are drawn."""
    since = now() - RECENT
    places = repository.places_since(session, since)
    if len(places) <= CANDIDATES:
        return _sample(session, reader, since, places)[:limit]
    found: dict[str, DecisionRow] = {}
    draws = min(DRAWS, 4 * limit)
    for _ in range(ROUNDS):
        for row in _sample(session, reader, since, _dice.sample(places, draws)):
            found.setdefault(row.id, row)
        if len(found) >= limit:
            break
    return list(found.values())[:limit]


def draw_new_intents(session: Session, reader: Reader, limit: int) -> list[DecisionRow]:
    """What the newest model understood as an intent that it was newly trained for, the newest first."""
    rows: list[DecisionRow] = []
    model, begun, intents = newly_trained(session)
    for intent in intents:
        rows += repository.understood_as(session, reader, intent, model, begun, limit)
    return sorted(rows, key=lambda row: (row.at, row.id), reverse=True)[:limit]


def draw_second(session: Session, reader: Reader, limit: int) -> Sequence[DecisionRow]:
    """Decisions that one other reviewer has reviewed and that get a second review, the oldest review first."""
    reviewed = repository.reviewed_by_one_other(session, reader)
    chosen = [decision_id for decision_id in reviewed if drawn(decision_id, reader.second_share)]
    places = {decision_id: place for place, decision_id in enumerate(chosen)}
    return sorted(repository.with_ids(session, reader, chosen), key=lambda row: places[row.id])[:limit]


def drawn(decision_id: str, share: float) -> bool:
    """Whether this decision is one of the `share` (0 to 1) that get a second review: the same answer at any time."""
    draw = int.from_bytes(hashlib.sha256(f"second look {decision_id}".encode()).digest()[:8])
    return draw < share * 2**64


def hidden_from(reader_id: str, decision_id: str, reviewers: Set[str], share: float) -> bool:
    """Whether the first verdict has to stay hidden from this reader: their own review is still to come."""
    return len(reviewers) == 1 and reader_id not in reviewers and drawn(decision_id, share)


QUEUES = (
    Queue(
        "random", "Random sample", "A fair sample of what was understood and answered in 30 days.", draw_random, False
    ),
    Queue(
        "low_confidence",
        "Unsure",
        "Understood with a confidence under 50% in 30 days, the lowest first.",
        repository.unsure,
    ),
    Queue("contested", "Contested", "A visitor asked a human to check these; the oldest first.", repository.contested),
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
    models = sorted((first, model) for model, first, _ in decisions.days_of_models(session))
    if len(models) < 2:
        return "", now(), []
    (before, _), (begun, newest) = models[-2:]
    intents = (one for one in decisions.distinct(session, DecisionRow.intent) if one != NOT_UNDERSTOOD)
    first_now = {one for one in intents if repository.first_model_of(session, one) == newest}
    return newest, begun, sorted(first_now | intents_accepted_between(session, before, begun))


def _sample(session: Session, reader: Reader, since: datetime, places: Sequence[int]) -> list[DecisionRow]:
    """The records at these places that can be in the sample, in random order."""
    # Kind and moment are compared here: with them in the query SQLite would rather read all records of a kind.
    rows = repository.at_places(session, reader, places)
    found = [row for row in rows if row.kind in SAMPLED and row.at >= since]
    return _dice.sample(found, len(found))
