"""Records as lists show them: a line each, with the newest verdict and the contest.

A verdict is left out for a reader who is still to review the decision independently (bot/oversight/double_review.py).
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy.orm import Session

from bot.api.schemas.review import DecisionSummary
from bot.db.models import DecisionRow, ReviewRow
from bot.decisions.explain import summary
from bot.oversight.double_review import hidden_from
from bot.oversight.repository.contests import newest_states
from bot.oversight.repository.reviews import of_decisions
from bot.oversight.sampling import Reader
from bot.services import Services
from bot.staff import Staff

LANGUAGE = "en"
"""The language of the console."""


def reader_of(services: Services, staff: Staff) -> Reader:
    """The reader of a list."""
    return Reader(staff.id, services.settings.second_reviews)


def summaries(session: Session, rows: Sequence[DecisionRow], reader: Reader | None = None) -> list[DecisionSummary]:
    """One summary for each record, in the same order. Without a `reader` they hold no verdicts."""
    ids = [row.id for row in rows]
    verdicts = _verdicts(session, ids, reader) if reader else {}
    contests = newest_states(session, ids)
    return [_summary(row, verdicts.get(row.id), contests.get(row.id)) for row in rows]


def _summary(row: DecisionRow, verdict: str | None, contest: str | None) -> DecisionSummary:
    return DecisionSummary.model_validate(
        {
            "decision_id": row.id,
            "timestamp": row.at.isoformat(),
            "kind": row.kind,
            "intent": row.intent,
            "confidence": row.confidence,
            "outcome": row.outcome,
            "conversation_id": row.conversation_id,
            "language": row.language,
            "model": row.model,
            "leaf_index": row.leaf_index,
            "summary": summary(row, LANGUAGE),
            "verdict": verdict,
            "contest": contest,
        }
    )


def _verdicts(session: Session, ids: Sequence[str], reader: Reader) -> dict[str, str]:
    """The newest verdict on each that the reader may know."""
    reviews = of_decisions(session, ids)
    return {name: given[-1].verdict for name, given in reviews.items() if not _hidden(name, given, reader)}


def _hidden(decision_id: str, reviews: Sequence[ReviewRow], reader: Reader) -> bool:
    reviewers = {review.reviewer_id for review in reviews}
    return hidden_from(reader.id, decision_id, reviewers, reader.second_share)
