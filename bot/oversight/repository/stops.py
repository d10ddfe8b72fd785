"""Queries about stops."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.db.models import DecisionRow, StopRow
from bot.decisions.kinds import Kind


def newest_first(session: Session, limit: int = 200) -> Sequence[StopRow]:
    """All stops, those that are on before those that have ended."""
    query = select(StopRow).order_by(StopRow.ended_at.is_not(None), StopRow.at.desc()).limit(limit)
    return session.scalars(query).all()


def has_answered(session: Session, conversation_id: str, stop: StopRow, outcome: str, turn_id: str) -> bool:
    """Whether another message of the conversation was answered by this stop: its route is on record as `outcome`."""
    query = select(DecisionRow.id).where(
        DecisionRow.conversation_id == conversation_id,
        DecisionRow.at >= stop.at,
        DecisionRow.kind == Kind.ROUTE,
        DecisionRow.outcome == outcome,
        DecisionRow.turn_id != turn_id,
    )
    return session.scalar(query.limit(1)) is not None
