"""One conversation on an agent's screen, and what the agent says in it."""

from __future__ import annotations

from collections.abc import AsyncIterator

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.consent import choices
from bot.core.errors import Conflict, NotFound
from bot.core.ids import Json
from bot.core.messages import Author
from bot.db import Database, Keyring
from bot.db.keyring import KeyDestroyed
from bot.db.models import ConversationRow, MessageRow, OutboxRow
from bot.decisions import Recorder
from bot.desk.access import Visible, visible
from bot.desk.queue import Lists
from bot.handoff import State
from bot.handoff.repository import hold
from bot.masking import shorten
from bot.messaging import Event, Hub, Message, Outbox, follow
from bot.oversight.access_log import SUPPORT, Accesses
from bot.staff import Staff, find_session

LONGEST_VIEW = 500
"""Messages shown at first; the newest ones."""


def look(session: Session, recorder: Recorder, staff: Staff, conversation_id: str) -> None:
    """Record that `staff` opens the conversation: to be committed before it is shown.

    Raises:
        NotFound: `staff` may not see it.
        RecordError: the look could not be recorded; then nothing may be shown.
    """
    visible(session, staff, conversation_id)
    Accesses(recorder).conversation(session, staff, session.get_one(ConversationRow, conversation_id), SUPPORT)


def view(session: Session, keyring: Keyring, lists: Lists, staff: Staff, conversation_id: str) -> dict[str, Json]:
    """The conversation as the desk shows it, up to the moment until which `staff` may see it.

    Raises:
        NotFound: `staff` may not see it.
    """
    seen = visible(session, staff, conversation_id)
    conversation = session.get_one(ConversationRow, conversation_id)
    return {
        "conversation_id": conversation.id,
        "language": conversation.language,
        "entry": lists.entry(session, staff, seen.row),
        "messages": _messages(session, keyring, conversation, seen),
        "consents": choices(session, conversation, "en"),
    }


def say(
    session: Session, outbox: Outbox, staff: Staff, conversation_id: str, client_message_id: str, text: str
) -> tuple[MessageRow | Message, bool]:
    """The agent's message, and whether it had been sent before. Only while the conversation is theirs (rule D2).

    Raises:
        NotFound: `staff` may not see the conversation.
        Conflict: `not_yours`, or `message_id_taken` by somebody else.
    """
    hold(session, conversation_id)
    earlier = _sent_before(session, conversation_id, client_message_id)
    if earlier is not None:
        if earlier.author != Author.HUMAN or earlier.author_name != staff.name:
            raise Conflict("Send it again with a new client_message_id; this one is taken.", code="message_id_taken")
        return earlier, True
    seen = visible(session, staff, conversation_id)
    if seen.row.state != State.ACCEPTED:
        raise Conflict("Take this conversation first, then you can write.", code="not_yours")
    conversation = session.get_one(ConversationRow, conversation_id)
    message = outbox.say(
        session, conversation, Author.HUMAN, text, author_name=staff.name, client_message_id=client_message_id
    )
    return message, False


async def watch(
    database: Database, keyring: Keyring, hub: Hub, token: str | None, conversation_id: str, after: int
) -> AsyncIterator[list[Event]]:
    """The conversation's events for as long as the agent is signed in and may see them.

    What is said after the agent's part has ended is held back; it follows if a person is asked for again meanwhile.
    """
    held: list[Event] = []
    async for batch in follow(database, keyring, hub, conversation_id, after):
        seen = await database.read(lambda s: _still_visible(s, token, conversation_id))
        if seen is None:
            return
        batch = [*held, *batch]
        held = [event for event in batch if event.seq is not None and not seen.shows(event.seq)]
        yield [_shown(event) for event in batch if seen.shows(event.seq)]


def _still_visible(session: Session, token: str | None, conversation_id: str) -> Visible | None:
    staff = find_session(session, token)
    if staff is None:
        return None
    try:
        return visible(session, staff, conversation_id)
    except NotFound:
        return None


def _messages(session: Session, keyring: Keyring, conversation: ConversationRow, seen: Visible) -> list[Json]:
    query = (
        select(OutboxRow)
        .where(OutboxRow.conversation_id == conversation.id, OutboxRow.kind == "message")
        .order_by(OutboxRow.seq.desc())
        .limit(LONGEST_VIEW)
    )
    if seen.until is not None:
        query = query.where(OutboxRow.seq <= seen.until)
    try:
        rows = session.scalars(query).all()
        return [
            _shortened(keyring.open(session, conversation.visitor_id, conversation.id, row.data_sealed))
            for row in reversed(rows)
        ]
    except KeyDestroyed:
        return []


def _shown(event: Event) -> Event:
    return Event(event.seq, event.kind, _shortened(event.data)) if event.kind == "message" else event


def _shortened(message: Json) -> Json:
    """A message without the card numbers and secrets that the visitor wrote: an agent has no use for them."""
    return {**message, "text": shorten(message["text"])} if message["author"] == Author.VISITOR else message


def _sent_before(session: Session, conversation_id: str, client_message_id: str) -> MessageRow | None:
    return session.scalar(
        select(MessageRow).where(
            MessageRow.conversation_id == conversation_id, MessageRow.client_message_id == client_message_id
        )
    )
