"""When the visitor asked for a person, who came and how it ended."""

from __future__ import annotations

from sqlalchemy import func, select

from bot.core.ids import Json
from bot.db.models import ConversationRow, HandoffRow
from bot.privacy.categories.base import Item, Page, Reader, iso


def page(reader: Reader, limit: int) -> Page:
    """The newest requests."""
    mine = HandoffRow.conversation_id.in_(reader.mine.conversation_ids)
    total = reader.session.scalar(select(func.count()).select_from(HandoffRow).where(mine)) or 0
    newest = select(HandoffRow).where(mine).order_by(HandoffRow.requested_at.desc(), HandoffRow.id.desc()).limit(limit)
    return Page(total, [_item(reader, row) for row in reader.session.scalars(newest)])


def exported(reader: Reader, conversation: ConversationRow) -> list[dict[str, Json]]:
    """All requests of a conversation, without addresses."""
    rows = reader.session.scalars(
        select(HandoffRow)
        .where(HandoffRow.conversation_id == conversation.id)
        .order_by(HandoffRow.requested_at, HandoffRow.id)
    )
    return [_handoff(reader, row) for row in rows]


def _item(reader: Reader, row: HandoffRow) -> Item:
    asked = reader.words(f"asked_by_{row.trigger}")
    return Item(row.id, asked, _how_it_went(reader, row), row.requested_at.isoformat(), row.conversation_id)


def _handoff(reader: Reader, row: HandoffRow) -> dict[str, Json]:
    return {
        "id": row.id,
        "state": row.state,
        "state_title": _how_it_went(reader, row),
        "trigger": row.trigger,
        "reason": row.reason,
        "language": row.language,
        "requested_at": row.requested_at.isoformat(),
        "expires_at": row.expires_at.isoformat(),
        "accepted_at": iso(row.accepted_at),
        "ended_at": iso(row.ended_at),
        "agent_name": row.agent_name,
    }


def _how_it_went(reader: Reader, row: HandoffRow) -> str:
    return reader.words(f"handoff_{row.state}", name=row.agent_name or reader.words("author_colleague"))
