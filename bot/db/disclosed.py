"""Whether the AI disclosure has been shown in a conversation, asked once a transaction (rule D1)."""

from __future__ import annotations

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from bot.db.models import DisclosureRow, table

_NEWEST = (
    select(table(DisclosureRow).c.version)
    .where(table(DisclosureRow).c.conversation_id == bindparam("conversation_id"))
    .order_by(table(DisclosureRow).c.shown_at.desc())
    .limit(1)
)


def disclosed_version(session: Session, conversation_id: str) -> str | None:
    """The version that was shown last in this conversation; None when none was."""
    known = _known(session)
    if known.get(conversation_id) is None:
        known[conversation_id] = session.scalar(_NEWEST, {"conversation_id": conversation_id})
    return known[conversation_id]


def set_disclosed_version(session: Session, conversation_id: str, version: str | None) -> None:
    """For the rest of this transaction `version` is known to be the one that was shown last."""
    _known(session)[conversation_id] = version


def _known(session: Session) -> dict[str, str | None]:
    known: dict[str, str | None] = session.info.setdefault("disclosed", {})
    return known
