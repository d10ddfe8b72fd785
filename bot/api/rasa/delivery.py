"""What the doors for existing Rasa clients share: a sender becomes a conversation, the disclosure comes first."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.chat.disclosure import Notice, current_notice, show_first
from bot.chat.repository import Sender
from bot.chat.sessions import find_or_open
from bot.core.messages import Author
from bot.db.disclosed import disclosed_version
from bot.db.models import ConversationRow, DeliveryRow, MessageRow
from bot.messaging import Event, read_events
from bot.services import Services


def sender_of(services: Services, door: str, sender: str) -> Sender:
    """Where the conversation of a client's `sender` is found."""
    return Sender(door, services.keyring.digest(f"{door}:{sender}"))


def enter(services: Services, door: str, sender: str, language: str) -> str:
    """The id of the sender's conversation. A new one begins with the disclosure, as its first message (rule D1).

    A returning visitor is first told what has changed in the policies.
    """
    with services.database.transaction() as session:
        conversation = find_or_open(session, services.keyring, door, sender, language)
        if disclosed_version(session, conversation.id) is None:
            _disclose(session, services, conversation, current_notice(conversation.language, services.settings.company))
        services.policy_notice.announce(session, conversation)
        return conversation.id


def undelivered(session: Session, services: Services, conversation_id: str, client: str) -> list[Event]:
    """What others than the visitor said since this client was last served; counts as delivered once this commits."""
    row = session.get(DeliveryRow, (conversation_id, client), with_for_update=True)
    if row is None:
        row = DeliveryRow(conversation_id=conversation_id, client=client, seq=0)
        session.add(row)
    events: list[Event] = []
    while batch := read_events(session, services.keyring, conversation_id, row.seq):
        events += batch
        row.seq = batch[-1].seq or row.seq
    return [event for event in events if is_for_client(event)]


def replies_to(session: Session, services: Services, conversation_id: str, message_id: str) -> list[Event]:
    """What was said in answer to one message, again."""
    sequence = session.scalars(select(MessageRow.id).where(MessageRow.reply_to == message_id))
    ids = set(sequence)
    events: list[Event] = []
    after = 0
    while batch := read_events(session, services.keyring, conversation_id, after):
        events += [event for event in batch if event.kind == "message" and event.data["id"] in ids]
        after = batch[-1].seq or after
    return events


def is_for_client(event: Event) -> bool:
    """Is this a message that the visitor has not written?"""
    return event.kind == "message" and event.data["author"] != Author.VISITOR


def _disclose(session: Session, services: Services, conversation: ConversationRow, notice: Notice) -> None:
    show_first(session, conversation, notice)
    services.outbox.say(session, conversation, Author.SYSTEM, f"{notice.title}\n\n{notice.text}")
