"""Queries of the desk about what was said in a conversation."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.core.messages import Author
from bot.db.models import MessageRow, OutboxRow


def last_event_at(session: Session, conversation_id: str, moment: datetime) -> int:
    """The number of the conversation's last event at this moment; 0 when there was none."""
    query = select(func.max(OutboxRow.seq)).where(
        OutboxRow.conversation_id == conversation_id, OutboxRow.created_at <= moment
    )
    return session.scalar(query) or 0


def message_events(session: Session, conversation_id: str, until: int | None, limit: int) -> Sequence[OutboxRow]:
    """The newest messages up to the event `until`, oldest first."""
    query = (
        select(OutboxRow)
        .where(OutboxRow.conversation_id == conversation_id, OutboxRow.kind == "message")
        .order_by(OutboxRow.seq.desc())
        .limit(limit)
    )
    if until is not None:
        query = query.where(OutboxRow.seq <= until)
    return session.scalars(query).all()[::-1]


def last_visitor_message(session: Session, conversation_id: str, until: datetime | None) -> MessageRow | None:
    """The visitor's last message, or their last one up to the moment `until`."""
    query = (
        select(MessageRow)
        .where(MessageRow.conversation_id == conversation_id, MessageRow.author == Author.VISITOR)
        .order_by(MessageRow.created_at.desc(), MessageRow.id.desc())
        .limit(1)
    )
    if until is not None:
        query = query.where(MessageRow.created_at <= until)
    return session.scalar(query)


def find_message(session: Session, conversation_id: str, client_message_id: str) -> MessageRow | None:
    return session.scalar(
        select(MessageRow).where(
            MessageRow.conversation_id == conversation_id, MessageRow.client_message_id == client_message_id
        )
    )
