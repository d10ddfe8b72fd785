"""The row lock that orders changes to one conversation: its handoff, its contests, what is said in it."""

from __future__ import annotations

from sqlalchemy.orm import Session

from bot.db.models import ConversationRow


def lock_conversation(session: Session, conversation_id: str) -> ConversationRow | None:
    """The conversation as the database has it now, locked until the transaction ends; None when there is none.

    PostgreSQL locks the row; rows that refer to it can still be added. In SQLite the transaction holds the one write
    lock from its first statement on.
    """
    lock = {"key_share": True}
    return session.get(ConversationRow, conversation_id, with_for_update=lock, populate_existing=True)
