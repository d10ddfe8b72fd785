"""Writes the outbox: the only way in which anything reaches a conversation. Nothing here commits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import set_committed_value

from bot.core.errors import CandorError
from bot.core.ids import Json, new_id, now
from bot.core.messages import Author, Button
from bot.db import Keyring, touch
from bot.db.disclosed import disclosed_version
from bot.db.models import ConversationRow, MessageRow
from bot.messaging import repository
from bot.messaging.pubsub import conversation_topic


class Undisclosed(CandorError):
    """409: the assistant may not speak before the AI disclosure has been shown (rule D1)."""

    status, code = 409, "disclosure_not_shown"


@dataclass(frozen=True)
class Message:
    """One message to be added to a conversation.

    Attributes:
        payload: what a pressed button sent; `text` is then the button's title.
        turn: the state of the turn that the message begins; None when it begins none.
        seen: the last event that had been delivered to any client when the visitor sent it.
    """

    author: Author
    text: str = field(repr=False)
    author_name: str | None = None
    buttons: Sequence[Button] = ()
    consent_request: Json = None
    reply_to: str | None = None
    client_message_id: str | None = None
    payload: str | None = field(default=None, repr=False)
    turn: str | None = None
    seen: int = 0
    id: str = field(default_factory=lambda: new_id("msg"))
    created_at: datetime = field(default_factory=now)

    def shown(self) -> dict[str, Json]:
        """The event's data: what a screen gets."""
        return {
            "id": self.id,
            "author": self.author.value,
            "author_name": self.author_name,
            "text": self.text,
            "buttons": [button.as_json() for button in self.buttons],
            "consent_request": self.consent_request,
            "created_at": self.created_at.isoformat(),
            "client_message_id": self.client_message_id,
            "reply_to": self.reply_to,
        }


class Outbox:
    """Appends messages and events to conversations."""

    def __init__(self, keyring: Keyring) -> None:
        self._keyring = keyring

    def say(self, session: Session, conversation: ConversationRow, author: Author, text: str, **more: Json) -> Message:
        """Add one message by `author` and its event. `more` are the other fields of `Message`.

        Raises:
            Undisclosed: the author is the assistant and no disclosure is on record for this conversation.
        """
        message = Message(author, text, **more)
        last = self.add(session, conversation.id, conversation.visitor_id, [message])
        set_committed_value(conversation, "last_event", last)
        return message

    def add(self, session: Session, conversation_id: str, visitor_id: str, messages: Sequence[Message]) -> int:
        """Add messages in their order, each with its event; three statements. Gives the number of the last event.

        Raises:
            Undisclosed: as `say`.
        """
        speaks = any(message.author is Author.ASSISTANT for message in messages)
        if speaks and disclosed_version(session, conversation_id) is None:
            raise Undisclosed("The assistant cannot answer before its disclosure has been shown.")
        last = repository.take_numbers(session, conversation_id, len(messages))
        rows = [self._row(session, conversation_id, visitor_id, message) for message in messages]
        repository.add_messages(session, rows)
        events = [("message", message.shown(), message.id) for message in messages]
        self._add_events(session, conversation_id, visitor_id, events, last)
        return last

    def append(self, session: Session, conversation: ConversationRow, kind: str, data: Json) -> int:
        """Add one event that is no message, give its number."""
        last = repository.take_numbers(session, conversation.id, 1)
        self._add_events(session, conversation.id, conversation.visitor_id, [(kind, data, None)], last)
        set_committed_value(conversation, "last_event", last)
        return last

    def body(self, session: Session, visitor_id: str, message: MessageRow) -> dict[str, Json]:
        """`{text, buttons, payload, seen}` of a stored message."""
        body: dict[str, Json] = self._keyring.open(session, visitor_id, message.id, message.body_sealed)
        return body

    def _row(self, session: Session, conversation_id: str, visitor_id: str, message: Message) -> Mapping[str, Json]:
        body = {
            "text": message.text,
            "buttons": [button.as_json() for button in message.buttons],
            "payload": message.payload,
            "seen": message.seen,
        }
        return {
            "id": message.id,
            "conversation_id": conversation_id,
            "client_message_id": message.client_message_id,
            "author": message.author.value,
            "author_name": message.author_name,
            "reply_to": message.reply_to,
            "body_sealed": self._keyring.seal(session, visitor_id, message.id, body),
            "turn": message.turn,
            "created_at": message.created_at,
        }

    def _add_events(
        self,
        session: Session,
        conversation_id: str,
        visitor_id: str,
        events: Sequence[tuple[str, Json, str | None]],
        last: int,
    ) -> None:
        """Add `(kind, data, message id)` as the events up to number `last`."""
        moment, first = now(), last - len(events) + 1
        rows = [
            {
                "conversation_id": conversation_id,
                "seq": seq,
                "kind": kind,
                "message_id": message_id,
                "data_sealed": self._keyring.seal(session, visitor_id, conversation_id, data),
                "created_at": moment,
            }
            for seq, (kind, data, message_id) in enumerate(events, first)
        ]
        repository.add_events(session, rows)
        touch(session, conversation_topic(conversation_id))
