"""Whether the AI disclosure has been shown in a conversation: asked by whoever speaks or records there (rule D1)."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.db.models import DisclosureRow


def disclosed_version(session: Session, conversation_id: str) -> str | None:
    """The version that was shown last in this conversation; None when none was."""
    return session.scalar(
        select(DisclosureRow.version)
        .where(DisclosureRow.conversation_id == conversation_id)
        .order_by(DisclosureRow.shown_at.desc())
        .limit(1)
    )
