"""Records as lists show them: a line each, with the newest verdict and the contest.

A verdict is left out for a reader who is still to review the decision independently (bot/oversight/sampling.py).
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy.orm import Session

from bot.api.schemas.review import DecisionSummary
from bot.db.models import DecisionRow, ReviewRow
from bot.decisions.explain import summary
from bot.oversight.repository.contests import newest_states
from bot.oversight.repository.reviews import of_decisions
from bot.oversight.repository.sampling import Reader
from bot.oversight.sampling import hidden_from
from bot.services import Services
from bot.staff import Staff

LANGUAGE = "en"
"""The language of the console."""


def reader_of(services: Services, staff: Staff) -> Reader:
    return Reader(staff.id, services.settings.second_reviews)


def summaries(session: Session, rows: Sequence[DecisionRow], reader: Reader | None = None) -> list[DecisionSummary]:
    """One summary for each record, in the same order. Without a `reader` they hold no verdicts."""
    ids = [row.id for row in rows]
    verdicts = _verdicts(session, ids, reader) if reader else {}
    contests = newest_states(session, ids)
    return [
        DecisionSummary.of(
            row,
            decision_id=row.id,
            timestamp=row.at,
            summary=summary(row, LANGUAGE),
            verdict=verdicts.get(row.id),
            contest=contests.get(row.id),
        )
        for row in rows
    ]


def _verdicts(session: Session, ids: Sequence[str], reader: Reader) -> dict[str, str]:
    """The newest verdict on each that the reader may know."""

    def hidden(decision_id: str, reviews: Sequence[ReviewRow]) -> bool:
        return hidden_from(reader.id, decision_id, {one.reviewer_id for one in reviews}, reader.second_share)

    reviews = of_decisions(session, ids)
    return {name: given[-1].verdict for name, given in reviews.items() if not hidden(name, given)}
