"""Conversations: messages with their author, the other events of the visitor's screen, and disclosures."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Update, or_, select, update

from bot.core.ids import Json
from bot.core.messages import Author
from bot.db.models import ConversationRow, DeliveryRow, DisclosureRow, IdentityUseRow, MessageRow, OutboxRow
from bot.privacy.categories.base import Item, Page, PersonalDataCategory, Reader, Rows, Scope, columns, iso, newest
from bot.privacy.decryption import Gone

DISCLOSURE = ("id", "version", "language", "sha256", "how", "shown_at")


class Conversation(PersonalDataCategory):
    """Conversations with everything said in them."""

    name, place = "conversation", 10
    stores = {"events": "outbox"}

    def rows(self, scope: Scope) -> Sequence[Rows]:
        said = (MessageRow.conversation_id.in_(scope.conversations), MessageRow.body_sealed != b"")
        events = (OutboxRow.conversation_id.in_(scope.conversations), OutboxRow.data_sealed != b"")
        return [
            Rows(MessageRow, said, {"body_sealed": b""}, "messages"),
            Rows(OutboxRow, events, {"data_sealed": b""}, "events"),
        ]

    def counted(self, scope: Scope) -> Sequence[Rows]:
        return [Rows(ConversationRow, (ConversationRow.id.in_(scope.conversations),))]

    def traces(self, scope: Scope) -> Sequence[Update]:
        """The client's message ids, and what opens the conversations."""
        opens = (ConversationRow.token_hash.is_not(None), ConversationRow.external_hash.is_not(None))
        return [
            # A client chooses this id and may have put anything into it.
            update(MessageRow)
            .where(MessageRow.conversation_id.in_(scope.conversations), MessageRow.client_message_id.is_not(None))
            .values(client_message_id=None),
            update(ConversationRow)
            .where(ConversationRow.visitor_id.in_(scope.visitors), or_(*opens, ConversationRow.signed_in))
            .values(token_hash=None, external_hash=None, signed_in=False),
        ]

    def page(self, reader: Reader, limit: int) -> Page:
        mine = MessageRow.conversation_id.in_(reader.subject.conversation_ids)
        query = select(MessageRow).where(mine, MessageRow.body_sealed != b"")
        total, rows = newest(reader.session, query, limit, MessageRow.created_at, MessageRow.id)
        return Page(total, [_item(reader, row) for row in rows])

    def export_conversation(self, reader: Reader, conversation: ConversationRow) -> dict[str, Json]:
        """What was shown and said, in order."""
        return {
            "disclosures": [columns(one, *DISCLOSURE) for one in _of(reader, DisclosureRow, conversation)],
            "messages": _messages(reader, conversation),
            "events": _other_events(reader, conversation),
            "sign_ins": [
                {"token_expires_at": iso(one.expires_at)} for one in _of(reader, IdentityUseRow, conversation)
            ],
            "deliveries": [columns(one, "client", "seq") for one in _of(reader, DeliveryRow, conversation)],
        }


CATEGORY = Conversation()


def _of(reader: Reader, table: Any, conversation: ConversationRow) -> Sequence[Any]:
    found: Sequence[Any] = reader.session.scalars(select(table).where(table.conversation_id == conversation.id)).all()
    return found


def _messages(reader: Reader, conversation: ConversationRow) -> list[dict[str, Json]]:
    """All messages; `ai` marks those that the software wrote."""
    rows = reader.session.scalars(
        select(MessageRow)
        .where(MessageRow.conversation_id == conversation.id)
        .order_by(MessageRow.created_at, MessageRow.id)
    )
    events = [_data(reader, row) for row in _events(reader, conversation, OutboxRow.kind == "message")]
    cards = {event["data"]["id"]: event["data"].get("consent_request") for event in events if event["data"]}
    return [{**_message(reader, row), "consent_request": cards.get(row.id)} for row in rows]


def _other_events(reader: Reader, conversation: ConversationRow) -> list[dict[str, Json]]:
    """What else was shown: who answers, the state of a request for a person, choices made."""
    return [
        {"seq": row.seq, "kind": row.kind, "at": row.created_at.isoformat(), **_data(reader, row)}
        for row in _events(reader, conversation, OutboxRow.kind != "message")
        if row.data_sealed
    ]


def _item(reader: Reader, row: MessageRow) -> Item:
    body = reader.open(row.conversation_id, row.id, row.body_sealed)
    text = body.in_words(reader.language) if isinstance(body, Gone) else body["text"]
    by = _label(reader, row)
    return Item(row.id, by, text, row.created_at.isoformat(), row.conversation_id, author=row.author)


def _label(reader: Reader, row: MessageRow) -> str:
    """Who wrote it, so that software is never taken for a person (rule D2)."""
    return reader.words(f"author_{row.author}", name=row.author_name or reader.words("author_colleague"))


def _message(reader: Reader, row: MessageRow) -> dict[str, Json]:
    body = reader.open(row.conversation_id, row.id, row.body_sealed)
    content = {"text": None, "gone": body.value} if isinstance(body, Gone) else body
    return {
        "id": row.id,
        "at": row.created_at.isoformat(),
        **columns(row, "author", "author_name", "client_message_id", "reply_to", "turn"),
        "label": _label(reader, row),
        "ai": row.author == Author.ASSISTANT,
        **content,
    }


def _events(reader: Reader, conversation: ConversationRow, which: Json) -> Sequence[OutboxRow]:
    query = select(OutboxRow).where(OutboxRow.conversation_id == conversation.id, which).order_by(OutboxRow.seq)
    return reader.session.scalars(query).all()


def _data(reader: Reader, row: OutboxRow) -> dict[str, Json]:
    data = reader.open(row.conversation_id, row.conversation_id, row.data_sealed)
    return {"data": None, "gone": data.value} if isinstance(data, Gone) else {"data": data}
