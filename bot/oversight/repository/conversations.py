"""Queries about what was said in a conversation."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.db.models import MessageRow


def newest_messages(session: Session, conversation_id: str, limit: int) -> Sequence[MessageRow]:
    """The newest messages in the order they were said."""
    query = (
        select(MessageRow)
        .where(MessageRow.conversation_id == conversation_id)
        .order_by(MessageRow.created_at.desc(), MessageRow.id.desc())
        .limit(limit)
    )
    return session.scalars(query).all()[::-1]
