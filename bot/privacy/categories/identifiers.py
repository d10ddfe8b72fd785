"""Values behind placeholders: numbers and addresses in the visitor's messages, and answers made with their data."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import func, select

from bot.core.ids import Json
from bot.db.encryption_context import placeholder
from bot.db.models import ConversationRow, PlaceholderRow
from bot.privacy.categories.base import Clearing, Item, Page, PersonalDataCategory, Reader, Rows, Scope, plain


class Identifiers(PersonalDataCategory):
    """Placeholders. Their values are hashed under the visitor's own key, so that a copy in an index reveals nothing."""

    name, place, clearing = "identifiers", 30, Clearing.BY_ITSELF

    def rows(self, scope: Scope) -> Sequence[Rows]:
        holds = (PlaceholderRow.conversation_id.in_(scope.conversations), PlaceholderRow.value_sealed != b"")
        return [Rows(PlaceholderRow, holds, {"value_sealed": b"", "value_hash": ""}, "placeholders")]

    def page(self, reader: Reader, limit: int) -> Page:
        """Those with a value, by conversation, the newest first."""
        holds = (
            PlaceholderRow.conversation_id.in_(reader.subject.conversation_ids),
            PlaceholderRow.value_sealed != b"",
        )
        total = reader.session.scalar(select(func.count()).select_from(PlaceholderRow).where(*holds)) or 0
        rows = reader.session.execute(
            select(PlaceholderRow, ConversationRow.created_at)
            .join(ConversationRow, ConversationRow.id == PlaceholderRow.conversation_id)
            .where(*holds)
            .order_by(ConversationRow.created_at.desc(), PlaceholderRow.conversation_id, PlaceholderRow.name)
            .limit(limit)
        )
        return Page(total, [_item(reader, row, begun.isoformat()) for row, begun in rows])

    def export_conversation(self, reader: Reader, conversation: ConversationRow) -> dict[str, Json]:
        """Every placeholder of a conversation; those that were cleared have no value."""
        theirs = select(PlaceholderRow).where(PlaceholderRow.conversation_id == conversation.id)
        rows = reader.session.scalars(theirs.order_by(PlaceholderRow.kind, PlaceholderRow.name))
        return {
            "identifiers": [
                {"name": row.name, "kind": row.kind, "title": _title(reader, row), "purpose": row.purpose}
                | plain(reader.open(row.conversation_id, placeholder(row.conversation_id, row.name), row.value_sealed))
                for row in rows
            ]
        }


CATEGORY = Identifiers()


def _item(reader: Reader, row: PlaceholderRow, begun: str) -> Item:
    value = reader.open_text(row.conversation_id, placeholder(row.conversation_id, row.name), row.value_sealed)
    return Item(f"{row.conversation_id}.{row.name}", _title(reader, row), value, begun, row.conversation_id)


def _title(reader: Reader, row: PlaceholderRow) -> str:
    return reader.words(f"placeholder_{row.kind}")
