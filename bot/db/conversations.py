"""Conversations by their ids."""

from __future__ import annotations

from sqlalchemy.orm import Session

from bot.db.models import ConversationRow


def find_conversation(session: Session, conversation_id: str) -> ConversationRow | None:
    """The conversation of that id; None when there is none."""
    return session.get(ConversationRow, conversation_id)


def load_conversation(session: Session, conversation_id: str) -> ConversationRow:
    """The conversation of that id.

    Raises:
        sqlalchemy.exc.NoResultFound: there is none.
    """
    return session.get_one(ConversationRow, conversation_id)
