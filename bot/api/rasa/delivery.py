"""What the doors for existing Rasa clients share: a sender becomes a conversation, the disclosure comes first."""

from __future__ import annotations

from sqlalchemy.orm import Session

from bot.chat.disclosure import current_notice, show
from bot.chat.sessions import find_or_open
from bot.core.ids import Json
from bot.core.messages import Author
from bot.db.disclosed import disclosed_version
from bot.messaging import Event, read_events
from bot.messaging.repository import remember, served
from bot.services import Services


def enter(services: Services, door: str, sender: str, language: str) -> str:
    """The id of the sender's conversation. A new one begins with the disclosure, as its first message (rule D1).

    A returning visitor is first told what has changed in the policies.
    """
    with services.database.transaction() as session:
        conversation = find_or_open(session, services.keyring, door, sender, language)
        if disclosed_version(session, conversation.id) is None:
            notice = current_notice(conversation.language, services.settings.company)
            show(session, conversation, notice, "first_message")
            services.outbox.say(session, conversation, Author.SYSTEM, f"{notice.title}\n\n{notice.text}")
        services.policy_notice.announce(session, conversation)
        return conversation.id


def undelivered(session: Session, services: Services, conversation_id: str, client: str) -> list[Event]:
    """What others than the visitor said since this client was last served; counts as delivered once this commits."""
    after = served(session, conversation_id, client, lock=True)
    events = read_events(session, services.keyring, conversation_id, after, limit=None)
    if events:
        remember(session, conversation_id, client, events[-1].seq or after)
    return [event for event in events if is_for_client(event)]


def replies_to(session: Session, services: Services, conversation_id: str, message_id: str) -> list[Event]:
    """What was said in answer to one message, again."""
    events = read_events(session, services.keyring, conversation_id, 0, limit=None)
    return [event for event in events if event.kind == "message" and event.data["reply_to"] == message_id]


def is_for_client(event: Event) -> bool:
    """Is this a message that the visitor has not written?"""
    return event.kind == "message" and event.data["author"] != Author.VISITOR


def metadata(data: Json) -> dict[str, Json]:
    """Who wrote a message, where clients that know nothing of it pass it over."""
    return {"author": data["author"], "author_name": data["author_name"], "message_id": data["id"]}
