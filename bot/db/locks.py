"""The row locks that order changes: to one conversation (handoff, contests, what is said), to some visitors' data."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.db.models import ConversationRow, VisitorRow


def lock_conversation(session: Session, conversation_id: str) -> ConversationRow | None:
    """The conversation as the database has it now, locked until the transaction ends; None when there is none.

    PostgreSQL locks the row; rows that refer to it can still be added. In SQLite the transaction holds the one write
    lock from its first statement on.
    """
    lock = {"key_share": True}
    return session.get(ConversationRow, conversation_id, with_for_update=lock, populate_existing=True)


def lock_visitors(session: Session, visitor_ids: Iterable[str]) -> None:
    """Lock these visitors until this transaction ends: whoever would hold, correct or erase their data waits.

    SQLite has no row locks; there each writing transaction excludes all others.
    """
    query = select(VisitorRow.id).where(VisitorRow.id.in_(list(visitor_ids)))
    session.execute(query.order_by(VisitorRow.id).with_for_update())
