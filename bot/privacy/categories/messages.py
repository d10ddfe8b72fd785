"""What was said: every message, with who wrote it, and the other events of the conversation's screen."""

from __future__ import annotations

from sqlalchemy import func, select

from bot.core.ids import Json
from bot.core.messages import Author
from bot.db.models import ConversationRow, MessageRow, OutboxRow
from bot.privacy.categories.base import Item, Page, Reader
from bot.privacy.decryption import Gone


def page(reader: Reader, limit: int) -> Page:
    """The newest messages."""
    holds = (MessageRow.conversation_id.in_(reader.mine.conversation_ids), MessageRow.body_sealed != b"")
    total = reader.session.scalar(select(func.count()).select_from(MessageRow).where(*holds)) or 0
    newest = select(MessageRow).where(*holds).order_by(MessageRow.created_at.desc(), MessageRow.id.desc()).limit(limit)
    return Page(total, [_item(reader, row) for row in reader.session.scalars(newest)])


def exported(reader: Reader, conversation: ConversationRow) -> list[dict[str, Json]]:
    """All messages of a conversation, in order; `ai` says which the software wrote."""
    rows = reader.session.scalars(
        select(MessageRow)
        .where(MessageRow.conversation_id == conversation.id)
        .order_by(MessageRow.created_at, MessageRow.id)
    )
    cards = {data["id"]: data.get("consent_request") for data in _events(reader, conversation, "message")}
    return [{**_message(reader, row), "consent_request": cards.get(row.id)} for row in rows]


def exported_events(reader: Reader, conversation: ConversationRow) -> list[dict[str, Json]]:
    """What else was shown on the screen: who answers, where a request for a person stands, choices made."""
    rows = _rows(reader, conversation, OutboxRow.kind != "message")
    return [
        {"seq": row.seq, "kind": row.kind, "at": row.created_at.isoformat(), **_data(reader, row)}
        for row in rows
        if row.data_sealed
    ]


def label(reader: Reader, author: str, name: str | None) -> str:
    """Who wrote it, so that software is never taken for a person (rule D2)."""
    return reader.words(f"author_{author}", name=name or reader.words("author_colleague"))


def _item(reader: Reader, row: MessageRow) -> Item:
    body = reader.open(row.conversation_id, row.id, row.body_sealed)
    text = body.told(reader.language) if isinstance(body, Gone) else body["text"]
    by = label(reader, row.author, row.author_name)
    return Item(row.id, by, text, row.created_at.isoformat(), row.conversation_id, author=row.author)


def _message(reader: Reader, row: MessageRow) -> dict[str, Json]:
    body = reader.open(row.conversation_id, row.id, row.body_sealed)
    content = {"text": None, "gone": body.value} if isinstance(body, Gone) else body
    return {
        "id": row.id,
        "at": row.created_at.isoformat(),
        "author": row.author,
        "author_name": row.author_name,
        "label": label(reader, row.author, row.author_name),
        "ai": row.author == Author.ASSISTANT,
        **content,
        "client_message_id": row.client_message_id,
        "reply_to": row.reply_to,
        "turn": row.turn,
    }


def _events(reader: Reader, conversation: ConversationRow, kind: str) -> list[dict[str, Json]]:
    opened = (_data(reader, row) for row in _rows(reader, conversation, OutboxRow.kind == kind))
    return [event["data"] for event in opened if event["data"]]


def _rows(reader: Reader, conversation: ConversationRow, which: Json) -> list[OutboxRow]:
    query = select(OutboxRow).where(OutboxRow.conversation_id == conversation.id, which).order_by(OutboxRow.seq)
    return list(reader.session.scalars(query))


def _data(reader: Reader, row: OutboxRow) -> dict[str, Json]:
    data = reader.open(row.conversation_id, row.conversation_id, row.data_sealed)
    return {"data": None, "gone": data.value} if isinstance(data, Gone) else {"data": data}
