"""Records as lists show them: a line each, with the newest verdict and the contest.

A verdict is left out for a reader who is still to look at the decision independently (bot/oversight/double_review.py).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.api.review.deps import Parts
from bot.core.ids import Json
from bot.db.models import ContestRow, DecisionRow, ReviewRow
from bot.decisions.explain import summary
from bot.oversight.double_review import hidden_from
from bot.oversight.sampling import Reader
from bot.staff import Staff

LANGUAGE = "en"
"""What reviewers read in."""


def reader_of(parts: Parts, staff: Staff) -> Reader:
    """Whoever reads a list."""
    return Reader(staff.id, parts.settings.second_reviews)


def summaries(session: Session, rows: Sequence[DecisionRow], reader: Reader | None = None) -> list[dict[str, Json]]:
    """One summary for each record, in the same order (docs/explanation/architecture.md: the staff's API).

    Without a `reader` no verdict is told.
    """
    ids = [row.id for row in rows]
    verdicts, contests = _verdicts(session, ids, reader) if reader else {}, _contests(session, ids)
    return [_summary(row, verdicts.get(row.id), contests.get(row.id)) for row in rows]


def _summary(row: DecisionRow, verdict: str | None, contest: str | None) -> dict[str, Json]:
    return {
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


def _verdicts(session: Session, ids: Sequence[str], reader: Reader) -> dict[str, str]:
    """The newest verdict on each that the reader may know."""
    query = select(ReviewRow).where(ReviewRow.decision_id.in_(ids)).order_by(ReviewRow.at, ReviewRow.id)
    reviews: dict[str, list[ReviewRow]] = defaultdict(list)
    for review in session.scalars(query):
        reviews[review.decision_id].append(review)
    return {name: given[-1].verdict for name, given in reviews.items() if not _hidden(name, given, reader)}


def _hidden(decision_id: str, reviews: Sequence[ReviewRow], reader: Reader) -> bool:
    reviewers = {review.reviewer_id for review in reviews}
    return hidden_from(reader.id, decision_id, reviewers, reader.second_share)


def _contests(session: Session, ids: Sequence[str]) -> dict[str, str]:
    query = select(ContestRow.decision_id, ContestRow.state).where(ContestRow.decision_id.in_(ids))
    return {str(row.decision_id): row.state for row in session.execute(query.order_by(ContestRow.at, ContestRow.id))}
