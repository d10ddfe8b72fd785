"""What every package does with single rows."""

from __future__ import annotations

from sqlalchemy.orm import Session

from bot.db.models import Base, ConversationRow


def add(session: Session, row: Base) -> None:
    """Add a row at once: what the database refuses is raised here."""
    session.add(row)
    session.flush()


def load_conversation(session: Session, conversation_id: str) -> ConversationRow:
    """The conversation's row.

    Raises:
        sqlalchemy.exc.NoResultFound: there is no such conversation.
    """
    return session.get_one(ConversationRow, conversation_id)
