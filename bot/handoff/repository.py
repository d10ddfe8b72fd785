"""Queries about handoffs."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, and_, func, or_, select, update
from sqlalchemy.orm import Session

from bot.db.models import ConversationRow, HandoffRow, StopRow, VisitorKeyRow
from bot.handoff.states import OPEN, State


def hold(session: Session, conversation_id: str) -> None:
    """Make everybody else who would change this conversation's handoff wait until this transaction ends.

    An update that changes nothing: a row lock in PostgreSQL, the write lock in SQLite. All steps take it first.
    """
    session.execute(
        update(ConversationRow)
        .where(ConversationRow.id == conversation_id)
        .values(last_event=ConversationRow.last_event)
        .execution_options(synchronize_session=False)
    )


def newest(session: Session, conversation_id: str) -> HandoffRow | None:
    """The newest handoff of a conversation, whatever its state, as the database has it now."""
    return session.scalar(
        select(HandoffRow)
        .where(HandoffRow.conversation_id == conversation_id)
        .order_by(HandoffRow.queued_at.desc(), HandoffRow.id.desc())
        .limit(1)
        .execution_options(populate_existing=True)
    )


def purposes_of_contacts(session: Session, conversation_id: str) -> set[str]:
    """The purposes under which addresses were read that a conversation holds."""
    purposes = select(HandoffRow.contact_purpose).where(
        HandoffRow.conversation_id == conversation_id, HandoffRow.contact_sealed.is_not(None)
    )
    return {purpose for purpose in session.scalars(purposes) if purpose is not None}


def clear_contacts(session: Session, conversation_id: str, purposes: Sequence[str]) -> None:
    """Empty the addresses of a conversation that were read under `purposes`."""
    session.execute(
        update(HandoffRow)
        .where(HandoffRow.conversation_id == conversation_id, HandoffRow.contact_purpose.in_(purposes))
        .values(contact_sealed=None)
    )


def find(session: Session, handoff_id: str) -> HandoffRow | None:
    """One handoff, as the database has it now."""
    return session.get(HandoffRow, handoff_id, populate_existing=True)


def position(session: Session, row: HandoffRow) -> int | None:
    """The place in the queue, 1 for who is next; None when it does not wait."""
    return ahead(session, row) + 1 if row.state == State.QUEUED else None


def ahead(session: Session, row: HandoffRow) -> int:
    """How many wait ahead of `row`."""
    before = select(func.count()).where(
        HandoffRow.state == State.QUEUED,
        or_(
            HandoffRow.queued_at < row.queued_at,
            and_(HandoffRow.queued_at == row.queued_at, HandoffRow.id < row.id),
        ),
    )
    return session.scalar(before) or 0


def behind(session: Session, row: HandoffRow, limit: int = 1000) -> Sequence[HandoffRow]:
    """Handoffs that wait behind `row`, next first."""
    return session.scalars(
        select(HandoffRow)
        .where(
            HandoffRow.state == State.QUEUED,
            _reachable(),
            or_(
                HandoffRow.queued_at > row.queued_at,
                and_(HandoffRow.queued_at == row.queued_at, HandoffRow.id > row.id),
            ),
        )
        .order_by(HandoffRow.queued_at, HandoffRow.id)
        .limit(limit)
    ).all()


def overdue(session: Session, moment: datetime, limit: int = 100) -> Sequence[HandoffRow]:
    """Handoffs still queued at the end of their wait, longest wait first."""
    return session.scalars(
        select(HandoffRow)
        .where(HandoffRow.state == State.QUEUED, HandoffRow.expires_at <= moment, _reachable())
        .order_by(HandoffRow.queued_at, HandoffRow.id)
        .limit(limit)
    ).all()


def next_expiry(session: Session) -> datetime | None:
    """The earliest end of a wait."""
    query = select(func.min(HandoffRow.expires_at)).where(HandoffRow.state == State.QUEUED, _reachable())
    return session.scalar(query)


def assistant_is_stopped(session: Session) -> bool:
    """Whether the assistant is stopped for every topic."""
    stop = select(StopRow.id).where(StopRow.ended_at.is_(None), StopRow.topic.is_(None)).limit(1)
    return session.scalar(stop) is not None


def listed(session: Session, since: datetime) -> Sequence[HandoffRow]:
    """What the desk lists, longest wait first: all that are open, and those that expired after `since`."""
    return session.scalars(
        select(HandoffRow)
        .where(
            or_(
                HandoffRow.state.in_(OPEN),
                and_(HandoffRow.state == State.EXPIRED, HandoffRow.queued_at > since),
            )
        )
        .order_by(HandoffRow.queued_at, HandoffRow.id)
    ).all()


def _reachable() -> ColumnElement[bool]:
    """Not erased meanwhile: nothing can be sealed for an erased visitor, so there is nobody to tell."""
    erased = (
        select(VisitorKeyRow.visitor_id)
        .join(ConversationRow, ConversationRow.visitor_id == VisitorKeyRow.visitor_id)
        .where(ConversationRow.id == HandoffRow.conversation_id, VisitorKeyRow.destroyed_at.is_not(None))
    )
    return ~erased.exists()
