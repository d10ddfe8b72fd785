"""Queries about erasures, and clearing what the database holds of a visitor."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.core.errors import NotFound
from bot.core.ids import now
from bot.db.models import ConversationRow, ErasureRow, MessageRow, VisitorRow
from bot.messaging.repository import add_events, take_numbers
from bot.privacy.categories.registry import CATEGORIES


def is_known(session: Session, visitor_id: str) -> bool:
    """Whether there is such a visitor."""
    return session.get(VisitorRow, visitor_id) is not None


def add_erasure(session: Session, row: ErasureRow) -> None:
    """Add an erasure that begins."""
    session.add(row)
    session.flush()


def erasure_of(session: Session, visitor_id: str) -> ErasureRow | None:
    """The visitor's erasure, done or under way."""
    return session.scalar(select(ErasureRow).where(ErasureRow.visitor_id == visitor_id))


def of_request(session: Session, request_id: str) -> Sequence[ErasureRow]:
    """The erasures of a request, in the order in which they were begun."""
    query = select(ErasureRow).where(ErasureRow.request_id == request_id)
    return session.scalars(query.order_by(ErasureRow.begun_at, ErasureRow.id)).all()


def begun_since(session: Session, moment: datetime) -> Sequence[ErasureRow]:
    """Erasures that are not done, or began after `moment`; the oldest first."""
    recent = ErasureRow.done_at.is_(None) | (ErasureRow.begun_at > moment)
    return session.scalars(select(ErasureRow).where(recent).order_by(ErasureRow.begun_at)).all()


def visitor_of(session: Session, conversation_id: str) -> str:
    """The visitor of a conversation.

    Raises:
        NotFound: there is no such conversation.
    """
    conversation = session.get(ConversationRow, conversation_id)
    if conversation is None:
        raise NotFound("There is no such conversation.")
    return conversation.visitor_id


def open_turns(session: Session, visitor_id: str) -> Sequence[MessageRow]:
    """The visitor's messages that wait for an answer."""
    query = (
        select(MessageRow)
        .join(ConversationRow, ConversationRow.id == MessageRow.conversation_id)
        .where(ConversationRow.visitor_id == visitor_id, MessageRow.turn == "accepted")
    )
    return session.scalars(query).all()


def clear(session: Session, visitor_id: str) -> dict[str, int]:
    """Clear all categories of a visitor; how many rows of each sort held something. Repeating it is harmless."""
    session.flush()
    counts: dict[str, int] = {}
    for category in CATEGORIES.values():
        counts |= category.erase(session, visitor_id)
    # The statements bypass the session's objects. Erasures are not among what they change.
    for changed in [one for one in session.identity_map.values() if not isinstance(one, ErasureRow)]:
        session.expire(changed)
    return counts


def add_end(session: Session, conversation: ConversationRow) -> None:
    """Add a final event without content: a subscriber that has seen the others reaches it and stops."""
    seq = take_numbers(session, conversation.id, 1)
    end = {"conversation_id": conversation.id, "seq": seq, "kind": "erased", "message_id": None, "data_sealed": b""}
    add_events(session, [{**end, "created_at": now()}])
