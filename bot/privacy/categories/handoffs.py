"""Requests for a person: when, who came, and how each ended."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from bot.core.ids import Json
from bot.db.models import ConversationRow, HandoffRow
from bot.privacy.categories.base import Item, PersonalDataCategory, Reader, Rows, Scope, columns

MOMENTS = ("requested_at", "expires_at", "accepted_at", "ended_at")


class HandoffRequests(PersonalDataCategory):
    """Requests for a person, without the addresses left with them. Nothing in them is sealed."""

    name, place = "handoffs", 40

    def counted(self, scope: Scope) -> Sequence[Rows]:
        return [Rows(HandoffRow, (HandoffRow.conversation_id.in_(scope.conversations),))]

    def items(self, reader: Reader) -> Sequence[Item]:
        mine = select(HandoffRow).where(HandoffRow.conversation_id.in_(reader.subject.conversation_ids))
        newest = mine.order_by(HandoffRow.requested_at.desc(), HandoffRow.id.desc())
        return [_item(reader, row) for row in reader.session.scalars(newest)]

    def export_conversation(self, reader: Reader, conversation: ConversationRow) -> dict[str, Json]:
        theirs = select(HandoffRow).where(HandoffRow.conversation_id == conversation.id)
        rows = reader.session.scalars(theirs.order_by(HandoffRow.requested_at, HandoffRow.id))
        return {"handoffs": [_handoff(reader, row) for row in rows]}


CATEGORY = HandoffRequests()


def _item(reader: Reader, row: HandoffRow) -> Item:
    asked = reader.words(f"asked_by_{row.trigger}")
    return Item(row.id, asked, _how_it_went(reader, row), row.requested_at.isoformat(), row.conversation_id)


def _handoff(reader: Reader, row: HandoffRow) -> dict[str, Json]:
    known = columns(row, "id", "state", "trigger", "reason", "language", *MOMENTS, "agent_name")
    return {**known, "state_title": _how_it_went(reader, row)}


def _how_it_went(reader: Reader, row: HandoffRow) -> str:
    return reader.words(f"handoff_{row.state}", name=row.agent_name or reader.words("author_colleague"))
