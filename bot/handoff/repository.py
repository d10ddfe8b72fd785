"""Statements about handoffs."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, func, or_, select, tuple_, update
from sqlalchemy.orm import Session

from bot.core.ids import now
from bot.db.erased import of_erased_visitor
from bot.db.locks import lock_conversation
from bot.db.models import ConversationRow, HandoffRow
from bot.handoff.states import OPEN, TRANSITIONS, State

_QUEUED = HandoffRow.state == State.QUEUED
_PLACE = (HandoffRow.queued_at, HandoffRow.id)
"""The order of the queue."""
_REACHABLE = ~of_erased_visitor(HandoffRow.conversation_id)
"""Nothing can be sealed for an erased visitor, so there is nobody to notify."""


def newest(session: Session, conversation_id: str) -> HandoffRow | None:
    """The newest handoff of a conversation, whatever its state, as the database has it now."""
    return session.scalar(
        select(HandoffRow)
        .where(HandoffRow.conversation_id == conversation_id)
        .order_by(HandoffRow.queued_at.desc(), HandoffRow.id.desc())
        .limit(1)
        .execution_options(populate_existing=True)
    )


def lock_newest(session: Session, conversation_id: str) -> HandoffRow | None:
    """The newest handoff. Whoever else would change it waits until this transaction ends: all steps begin with this."""
    lock_conversation(session, conversation_id)
    return newest(session, conversation_id)


def lock(session: Session, handoff_id: str) -> tuple[HandoffRow, ConversationRow] | None:
    """A handoff and its conversation, as the database has them once nobody else changes them."""
    row = session.get(HandoffRow, handoff_id)
    conversation = None if row is None else lock_conversation(session, row.conversation_id)
    if row is None or conversation is None:
        return None
    session.refresh(row)
    return row, conversation


def move(session: Session, row: HandoffRow, start: State, end: State, **values: object) -> bool:
    """Move `row` from `start` to `end` if it still is in `start`; False when somebody was first.

    The condition is part of the UPDATE itself, so of two that race the database lets one through.

    Raises:
        ValueError: there is no such step.
    """
    if end not in TRANSITIONS[start]:
        raise ValueError(f"A handoff never goes from {start} to {end}.")
    moved = session.execute(
        update(HandoffRow)
        .where(HandoffRow.id == row.id, HandoffRow.state == start)
        .values(state=end.value, **values)
        .returning(HandoffRow.id)
        .execution_options(synchronize_session=False)
    ).scalar_one_or_none()
    session.refresh(row)
    return moved is not None


def end(session: Session, row: HandoffRow) -> None:
    """Set the end after the last announcement: whatever is older belongs to this handoff, and the desk may read it."""
    row.ended_at = now()
    session.flush()


def keep_contact(session: Session, row: HandoffRow, sealed: bytes, purpose: str | None) -> None:
    """Keep a sealed address and the purpose under which it was read, if any."""
    row.contact_sealed, row.contact_purpose = sealed, purpose
    session.flush()


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


def position(session: Session, row: HandoffRow) -> int | None:
    """The place in the queue, 1 for who is next; None when it does not wait."""
    return ahead(session, row) + 1 if row.state == State.QUEUED else None


def ahead(session: Session, row: HandoffRow) -> int:
    return session.scalar(select(func.count()).where(_QUEUED, tuple_(*_PLACE) < (row.queued_at, row.id))) or 0


def behind(session: Session, row: HandoffRow, limit: int = 1000) -> Sequence[HandoffRow]:
    """Handoffs that wait behind `row`, next first."""
    return session.scalars(_in_order(_QUEUED, _REACHABLE, tuple_(*_PLACE) > (row.queued_at, row.id)).limit(limit)).all()


def overdue(session: Session, moment: datetime, limit: int = 100) -> Sequence[HandoffRow]:
    """Handoffs still queued at the end of their wait, longest wait first."""
    return session.scalars(_in_order(_QUEUED, _REACHABLE, HandoffRow.expires_at <= moment).limit(limit)).all()


def next_expiry(session: Session) -> datetime | None:
    """When the next wait is over; None while nobody waits."""
    return session.scalar(select(func.min(HandoffRow.expires_at)).where(_QUEUED, _REACHABLE))


def listed(session: Session, since: datetime) -> Sequence[HandoffRow]:
    """What the desk lists, longest wait first: all that are open, and those that expired after `since`."""
    missed = and_(HandoffRow.state == State.EXPIRED, HandoffRow.queued_at > since)
    return session.scalars(_in_order(or_(HandoffRow.state.in_(OPEN), missed))).all()


def _in_order(*conditions: ColumnElement[bool]) -> Select[HandoffRow]:
    return select(HandoffRow).where(*conditions).order_by(*_PLACE)
