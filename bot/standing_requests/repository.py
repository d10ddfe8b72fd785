"""Queries about the records that a standing request refers to."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.db.models import DecisionRow
from bot.decisions.kinds import Kind


def latest_gate(session: Session, conversation_id: str) -> DecisionRow | None:
    """The newest record of the consent gate in this conversation."""
    query = select(DecisionRow).where(DecisionRow.conversation_id == conversation_id, DecisionRow.kind == Kind.GATE)
    return session.scalar(query.order_by(DecisionRow.at.desc(), DecisionRow.id.desc()).limit(1))


def latest_intents(session: Session, conversation_id: str, limit: int) -> Sequence[str | None]:
    """What the engine understood last in this conversation, the newest first."""
    understood = (DecisionRow.conversation_id == conversation_id, DecisionRow.kind == Kind.UNDERSTANDING)
    return session.scalars(
        select(DecisionRow.intent).where(*understood).order_by(DecisionRow.at.desc()).limit(limit)
    ).all()
