"""Stores visitors' messages, and finds those whose turn is still to be taken."""

from __future__ import annotations

import re
from collections.abc import Container
from dataclasses import dataclass

from sqlalchemy.orm import Session

from bot.chat import repository
from bot.chat.policy_notice import PolicyNotice
from bot.chat.repository import OPEN, ConversationState
from bot.core.errors import Conflict
from bot.core.i18n import written_language
from bot.core.messages import Author, RawMessage
from bot.db.disclosed import set_disclosed_version
from bot.db.keyring import KeyDestroyed
from bot.db.models import ConversationRow, MessageRow
from bot.db.rows import load
from bot.messaging import Message, Outbox
from bot.standing_requests.hearing import may_answer_a_card

HOW_LONG = re.compile(r'"scope": "\w+"')
"""What the visitor may choose on a card for consent: with another the button is the same."""


@dataclass(frozen=True)
class Accepted:
    """A message that is stored.

    Attributes:
        duplicate: the same client message id had been accepted before.
        up_to_date: the client had been sent everything that came before this message.
    """

    message_id: str
    conversation_id: str
    event_id: int
    created_at: str
    duplicate: bool
    up_to_date: bool = False


@dataclass(frozen=True)
class Inbox:
    """Stores messages and finds those whose turn is still to be taken."""

    outbox: Outbox
    policy_notice: PolicyNotice

    def store(
        self, session: Session, state: ConversationState, text: str, client_id: str | None
    ) -> tuple[Accepted, RawMessage | None]:
        """Store a message; None instead of the message when it had been accepted before.

        Raises:
            Conflict: no disclosure has been shown in this conversation (rule D1).
        """
        if client_id and (earlier := repository.sent_before(session, state.id, client_id)):
            return Accepted(earlier.id, state.id, 0, earlier.created_at.isoformat(), duplicate=True), None
        if state.disclosure is None:
            raise Conflict(
                "Show the AI disclosure and confirm it before sending messages.", code="disclosure_not_shown"
            )
        set_disclosed_version(session, state.id, state.disclosure)
        if self.policy_notice.due(state.policy_version):
            self.policy_notice.announce(session, load(session, ConversationRow, state.id))
        title = self._title(session, state, text)
        # Only what may answer a card for consent has to know whether the card had arrived.
        seen = state.delivered if may_answer_a_card(text) else 0
        message = Message(
            Author.VISITOR,
            title or text,
            payload=text if title else None,
            client_message_id=client_id,
            turn=OPEN,
            seen=seen,
        )
        last = self.outbox.add(session, state.id, state.visitor_id, [message])
        up_to_date = state.served == state.last_event == last - 1
        accepted = Accepted(message.id, state.id, last, message.created_at.isoformat(), False, up_to_date)
        language = written_language(text, state.language)
        return accepted, RawMessage(message.id, state.id, state.visitor_id, text, language, message.created_at, seen)

    def left_open(self, session: Session, under_way: Container[str]) -> list[RawMessage]:
        """The messages whose turn is open and not `under_way` (message ids), oldest first."""
        messages = repository.open_messages(session)
        loaded = (self.load(session, message) for message in messages if message.id not in under_way)
        return [raw for raw in loaded if raw is not None]

    def load(self, session: Session, message: MessageRow) -> RawMessage | None:
        """A stored message as it was sent; None when its visitor is being erased, which ends its turn as well."""
        conversation = load(session, ConversationRow, message.conversation_id)
        try:
            body = self.outbox.body(session, conversation.visitor_id, message)
        except KeyDestroyed:
            return None
        return _raw(conversation, message, body["payload"] or body["text"], body.get("seen", 0))

    def _title(self, session: Session, state: ConversationState, text: str) -> str | None:
        """The title of the button that sends `text`, if one was offered lately."""
        if not text.startswith("/"):
            return None
        recent = repository.newest_replies(session, state.id)
        bodies = (self.outbox.body(session, state.visitor_id, message) for message in recent)
        offered, pressed = (button for body in bodies for button in body["buttons"]), HOW_LONG.sub("", text)
        return next((one["title"] for one in offered if HOW_LONG.sub("", one["payload"]) == pressed), None)


def _raw(conversation: ConversationRow, message: MessageRow, text: str, seen: int) -> RawMessage:
    language = written_language(text, conversation.language)
    return RawMessage(message.id, conversation.id, conversation.visitor_id, text, language, message.created_at, seen)
