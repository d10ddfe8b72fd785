"""Whether a visitor was erased: their key is destroyed, and whatever it sealed is gone with it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased

from bot.db.models import ConversationRow, VisitorKeyRow


def erased_at(session: Session, visitor_id: str) -> datetime | None:
    """When the visitor was erased, as the database has it now; None when they were not."""
    return session.scalar(select(VisitorKeyRow.destroyed_at).where(VisitorKeyRow.visitor_id == visitor_id))


def is_erased(session: Session, visitor_id: str) -> bool:
    """Whether the visitor was erased, as the database has it now."""
    return erased_at(session, visitor_id) is not None


def of_erased_visitor(conversation_id: InstrumentedAttribute[str]) -> ColumnElement[bool]:
    """The condition that the conversation named in this column is of an erased visitor."""
    conversation = aliased(ConversationRow)  # the query may be of conversations itself
    erased = (
        select(VisitorKeyRow.visitor_id)
        .join(conversation, conversation.visitor_id == VisitorKeyRow.visitor_id)
        .where(conversation.id == conversation_id, VisitorKeyRow.destroyed_at.is_not(None))
    )
    return erased.exists()
