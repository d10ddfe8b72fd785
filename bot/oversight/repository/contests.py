"""Queries about contests."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from bot.core.ids import now
from bot.db.erased import of_erased_visitor
from bot.db.models import ContestRow, DecisionRow, MessageRow
from bot.decisions.kinds import Kind

OPEN, UPHELD, OVERTURNED = "open", "upheld", "overturned"
"""Upheld: the reply stands. Overturned: the reply was wrong."""


def of_message(session: Session, message_id: str) -> ContestRow | None:
    return session.scalar(select(ContestRow).where(ContestRow.message_id == message_id))


def of_decision(session: Session, decision_id: str) -> ContestRow | None:
    """The newest contest of an answer's record."""
    query = select(ContestRow).where(ContestRow.decision_id == decision_id).order_by(ContestRow.at.desc()).limit(1)
    return session.scalar(query)


def of_conversation(session: Session, conversation_id: str) -> Sequence[ContestRow]:
    return session.scalars(select(ContestRow).where(ContestRow.conversation_id == conversation_id)).all()


def in_state(session: Session, state: str | None, limit: int = 200) -> Sequence[ContestRow]:
    """The contests in a state, or all, longest waiting first; without those of erased visitors."""
    query = select(ContestRow).where(~of_erased_visitor(ContestRow.conversation_id))
    if state is not None:
        query = query.where(ContestRow.state == state)
    return session.scalars(query.order_by(ContestRow.state != OPEN, ContestRow.at, ContestRow.id).limit(limit)).all()


def newest_states(session: Session, decision_ids: Sequence[str]) -> dict[str, str]:
    """The state of the newest contest of each of these decisions that has one."""
    query = select(ContestRow.decision_id, ContestRow.state).where(ContestRow.decision_id.in_(decision_ids))
    return {str(row.decision_id): row.state for row in session.execute(query.order_by(ContestRow.at, ContestRow.id))}


def decide(session: Session, row: ContestRow, state: str, reviewer_id: str, answer: bytes | None) -> bool:
    """Take an open contest to `state`; False when another reviewer was first."""
    decided = session.scalar(
        update(ContestRow)
        .where(ContestRow.id == row.id, ContestRow.state == OPEN)
        .values(state=state, decided_at=now(), reviewer_id=reviewer_id, answer_sealed=answer)
        .returning(ContestRow.id)
        .execution_options(synchronize_session=False)
    )
    session.refresh(row)
    return decided is not None


def answer_record(session: Session, message: MessageRow) -> str | None:
    """The record of the answer that a message is part of: the last one before it, for a turn may have several."""
    if message.reply_to is None:
        return None
    return session.scalar(
        select(DecisionRow.id)
        .where(
            DecisionRow.turn_id == message.reply_to,
            DecisionRow.conversation_id == message.conversation_id,
            DecisionRow.kind == Kind.ANSWER,
            DecisionRow.at <= message.created_at,
        )
        .order_by(DecisionRow.at.desc(), DecisionRow.id.desc())
        .limit(1)
    )
