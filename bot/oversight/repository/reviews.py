"""Queries about reviews."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session, aliased

from bot.db.models import DecisionRow, ReviewRow, StaffRow


def of_decision(session: Session, decision_id: str) -> Sequence[tuple[ReviewRow, str]]:
    """The reviews of a decision with the reviewers' names, oldest first."""
    query = select(ReviewRow, StaffRow.name).join(StaffRow, StaffRow.id == ReviewRow.reviewer_id)
    query = query.where(ReviewRow.decision_id == decision_id).order_by(ReviewRow.at, ReviewRow.id)
    return session.execute(query).all()


def of_decisions(session: Session, decision_ids: Sequence[str]) -> Mapping[str, Sequence[ReviewRow]]:
    """The reviews of these decisions by decision, oldest first."""
    query = select(ReviewRow).where(ReviewRow.decision_id.in_(decision_ids)).order_by(ReviewRow.at, ReviewRow.id)
    reviews: dict[str, list[ReviewRow]] = defaultdict(list)
    for review in session.scalars(query):
        reviews[review.decision_id].append(review)
    return reviews


def count_reviewed(session: Session, start: datetime, end: datetime) -> int:
    """How many decisions were reviewed from `start` on and before `end`."""
    within = (ReviewRow.at >= start, ReviewRow.at < end)
    return session.scalar(select(func.count(ReviewRow.decision_id.distinct())).where(*within)) or 0


def of_two_reviewers(session: Session, start: datetime, end: datetime) -> Sequence[ReviewRow]:
    """All reviews, oldest first, of the decisions that were reviewed in this time and by more than one reviewer."""
    one, other = aliased(ReviewRow), aliased(ReviewRow)
    by_another = exists().where(other.decision_id == one.decision_id, other.reviewer_id != one.reviewer_id)
    by_two = select(one.decision_id).where(one.at >= start, one.at < end, by_another)
    query = select(ReviewRow).where(ReviewRow.decision_id.in_(by_two)).order_by(ReviewRow.at, ReviewRow.id)
    return session.scalars(query).all()


def is_known_intent(session: Session, intent: str) -> bool:
    return session.scalar(select(DecisionRow.id).where(DecisionRow.intent == intent).limit(1)) is not None
