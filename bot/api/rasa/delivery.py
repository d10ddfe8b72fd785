"""What the doors for existing Rasa clients share: a sender becomes a conversation, the disclosure comes first."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.chat.disclosure import Notice, current_notice, show_first
from bot.chat.sessions import find, find_or_open
from bot.core.messages import Author
from bot.db.disclosed import disclosed_version
from bot.db.models import ConversationRow, DeliveryRow, MessageRow
from bot.messaging import Event, read_events
from bot.services import Services


async def enter(parts: Services, door: str, sender: str, language: str) -> str:
    """The id of the sender's conversation. A new one begins with the disclosure, as its first message (rule D1).

    Whoever comes back is told first what has changed in our policies.
    """
    known = await parts.database.read(lambda s: _known(s, parts, door, sender))
    if known is not None:
        return known

    def work(session: Session) -> str:
        conversation = find_or_open(session, parts.keyring, door, sender, language)
        if disclosed_version(session, conversation.id) is None:
            _disclose(session, parts, conversation, current_notice(conversation.language, parts.settings.company))
        parts.news.tell(session, conversation)
        return conversation.id

    return await parts.database.write(work)


def undelivered(session: Session, parts: Services, conversation_id: str, client: str) -> list[Event]:
    """What others than the visitor said since this client was last served; counts as delivered once this commits."""
    row = session.get(DeliveryRow, (conversation_id, client), with_for_update=True)
    if row is None:
        row = DeliveryRow(conversation_id=conversation_id, client=client, seq=0)
        session.add(row)
    events: list[Event] = []
    while batch := read_events(session, parts.keyring, conversation_id, row.seq):
        events += batch
        row.seq = batch[-1].seq or row.seq
    return [event for event in events if is_for_client(event)]


def replies_to(session: Session, parts: Services, conversation_id: str, message_id: str) -> list[Event]:
    """What was said in answer to one message, again."""
    sequence = session.scalars(select(MessageRow.id).where(MessageRow.reply_to == message_id))
    ids = set(sequence)
    events: list[Event] = []
    after = 0
    while batch := read_events(session, parts.keyring, conversation_id, after):
        events += [event for event in batch if event.kind == "message" and event.data["id"] in ids]
        after = batch[-1].seq or after
    return events


def is_for_client(event: Event) -> bool:
    """Is this a message that the visitor has not written?"""
    return event.kind == "message" and event.data["author"] != Author.VISITOR


def _known(session: Session, parts: Services, door: str, sender: str) -> str | None:
    """The sender's conversation, if there is one that began with the disclosure and has nothing to be told of."""
    conversation = find(session, parts.keyring, door, sender)
    if conversation is None or disclosed_version(session, conversation.id) is None:
        return None
    return None if parts.news.due(conversation) else conversation.id


def _disclose(session: Session, parts: Services, conversation: ConversationRow, notice: Notice) -> None:
    show_first(session, conversation, notice)
    parts.outbox.say(session, conversation, Author.SYSTEM, f"{notice.title}\n\n{notice.text}")
