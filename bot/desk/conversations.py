"""One conversation on an agent's screen, and what the agent says in it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass

from sqlalchemy.orm import Session

from bot.consent import choices
from bot.core.errors import Conflict, NotFound
from bot.core.ids import Json
from bot.core.messages import Author
from bot.db import Database, Keyring
from bot.db.keyring import KeyDestroyed
from bot.db.locks import lock_conversation
from bot.db.models import ConversationRow, MessageRow
from bot.db.rows import load
from bot.desk.access import Visible, visible
from bot.desk.queue import Entry, QueueView
from bot.desk.repository import find_message, message_events
from bot.handoff import State
from bot.masking import shorten
from bot.messaging import Event, Message, Outbox, PubSub, follow
from bot.oversight.access_log import SUPPORT, AccessLog
from bot.staff import Staff, find_session

MAX_MESSAGES = 500
"""Messages in a view; the newest ones."""


@dataclass(frozen=True)
class DeskConversation:
    """A conversation as the desk shows it, up to the moment until which the agent may see it."""

    row: ConversationRow
    entry: Entry
    messages: list[Json]
    consents: list[Json]


def record_access(session: Session, access_log: AccessLog, staff: Staff, conversation_id: str) -> None:
    """Record that `staff` opens the conversation: to be committed before it is shown.

    Raises:
        NotFound: `staff` may not see it.
        RecordError: the access could not be recorded; then nothing may be shown.
    """
    visible(session, staff, conversation_id)
    access_log.conversation(session, staff, load(session, ConversationRow, conversation_id), SUPPORT)


def view(
    session: Session, keyring: Keyring, queue_view: QueueView, staff: Staff, conversation_id: str
) -> DeskConversation:
    """The conversation as the desk shows it.

    Raises:
        NotFound: `staff` may not see it.
    """
    seen = visible(session, staff, conversation_id)
    conversation = load(session, ConversationRow, conversation_id)
    return DeskConversation(
        conversation,
        queue_view.entry(session, staff, seen.row),
        _messages(session, keyring, conversation, seen),
        choices(session, conversation, "en"),
    )


def say(
    session: Session, outbox: Outbox, staff: Staff, conversation_id: str, client_message_id: str, text: str
) -> tuple[MessageRow | Message, bool]:
    """The agent's message, and whether it had been sent before. Only while the conversation is theirs (rule D2).

    Raises:
        NotFound: `staff` may not see the conversation.
        Conflict: `not_yours`, or `message_id_taken` by somebody else.
    """
    lock_conversation(session, conversation_id)
    earlier = find_message(session, conversation_id, client_message_id)
    if earlier is not None:
        if earlier.author != Author.HUMAN or earlier.author_name != staff.name:
            raise Conflict("Send it again with a new client_message_id; this one is taken.", code="message_id_taken")
        return earlier, True
    seen = visible(session, staff, conversation_id)
    if seen.row.state != State.ACCEPTED:
        raise Conflict("Take this conversation first, then you can write.", code="not_yours")
    conversation = load(session, ConversationRow, conversation_id)
    message = outbox.say(
        session, conversation, Author.HUMAN, text, author_name=staff.name, client_message_id=client_message_id
    )
    return message, False


async def watch(
    database: Database, keyring: Keyring, pubsub: PubSub, token: str | None, conversation_id: str, after: int
) -> AsyncIterator[list[Event]]:
    """The conversation's events for as long as the agent is signed in and may see them.

    What is said after the agent's part has ended is held back; it follows if a person is asked for again meanwhile.
    """
    held: list[Event] = []
    async for batch in follow(database, keyring, pubsub, conversation_id, after):
        seen = await database.run(_still_visible, database, token, conversation_id)
        if seen is None:
            return
        batch = [*held, *batch]
        held = [event for event in batch if event.seq is not None and not seen.shows(event.seq)]
        yield [_shown(event) for event in batch if seen.shows(event.seq)]


def _still_visible(database: Database, token: str | None, conversation_id: str) -> Visible | None:
    with database.snapshot() as session:
        staff = find_session(session, token)
        try:
            return None if staff is None else visible(session, staff, conversation_id)
        except NotFound:
            return None


def _messages(session: Session, keyring: Keyring, conversation: ConversationRow, seen: Visible) -> list[Json]:
    rows = message_events(session, conversation.id, seen.until, MAX_MESSAGES)
    try:
        return [
            _shortened(keyring.open(session, conversation.visitor_id, conversation.id, row.data_sealed)) for row in rows
        ]
    except KeyDestroyed:
        return []


def _shown(event: Event) -> Event:
    return Event(event.seq, event.kind, _shortened(event.data)) if event.kind == "message" else event


def _shortened(message: Json) -> Json:
    """A message without the card numbers and secrets that the visitor wrote: an agent has no use for them."""
    return {**message, "text": shorten(message["text"])} if message["author"] == Author.VISITOR else message
