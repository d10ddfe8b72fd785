"""What visitors have sent: stored before it is answered, open until its turn has ended."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.chat.policy_notice import PolicyNews
from bot.core.errors import Conflict
from bot.core.i18n import written_language
from bot.core.messages import Author, RawMessage
from bot.db.disclosed import disclosed_version
from bot.db.keyring import KeyDestroyed
from bot.db.models import ConversationRow, MessageRow
from bot.messaging import Outbox
from bot.messaging.delivery import delivered
from bot.standing_requests.hearing import may_answer_a_card

OPEN, ENDED = "accepted", "done"
HOW_LONG = re.compile(r'"scope": "\w+"')
"""What the visitor may choose on a card for consent: with another the button is the same."""


@dataclass(frozen=True)
class Accepted:
    """A message that is stored. `duplicate` is True when the same client message id had been accepted before."""

    message_id: str
    event_id: int
    created_at: str
    duplicate: bool


@dataclass(frozen=True)
class Inbox:
    """Stores messages and finds those whose turn is still to be taken."""

    outbox: Outbox
    news: PolicyNews

    def store(
        self, session: Session, conversation_id: str, text: str, client_id: str | None
    ) -> tuple[Accepted, RawMessage | None]:
        """Store a message; None instead of the message when it had been accepted before.

        Raises:
            Conflict: no disclosure has been shown in this conversation (rule D1).
        """
        conversation = session.get_one(ConversationRow, conversation_id, with_for_update=True)
        if client_id and (earlier := _sent_before(session, conversation_id, client_id)):
            return Accepted(earlier.id, 0, earlier.created_at.isoformat(), duplicate=True), None
        if disclosed_version(session, conversation_id) is None:
            raise Conflict(
                "Show the AI disclosure and confirm it before sending messages.", code="disclosure_not_shown"
            )
        self.news.tell(session, conversation)
        title = self._title(session, conversation, text)
        # Only what may answer a card for consent has to know whether the card had arrived.
        seen = delivered(session, conversation_id) if may_answer_a_card(text) else 0
        message = self.outbox.say(
            session,
            conversation,
            Author.VISITOR,
            title or text,
            payload=text if title else None,
            client_message_id=client_id,
            turn=OPEN,
            seen=seen,
        )
        accepted = Accepted(message.id, conversation.last_event, message.created_at.isoformat(), duplicate=False)
        return accepted, _raw(conversation, message, text, seen)

    def left_open(self, session: Session, under_way: Callable[[str], bool]) -> list[RawMessage]:
        """Only what is not under way is decrypted: this is asked every second."""
        messages = session.scalars(
            select(MessageRow).where(MessageRow.turn == OPEN).order_by(MessageRow.created_at)
        ).all()
        loaded = (self.load(session, message) for message in messages if not under_way(message.id))
        return [raw for raw in loaded if raw is not None]

    def load(self, session: Session, message: MessageRow) -> RawMessage | None:
        """A stored message as it was sent; None when its visitor is being erased, which ends its turn as well."""
        conversation = session.get_one(ConversationRow, message.conversation_id)
        try:
            body = self.outbox.body(session, conversation.visitor_id, message)
        except KeyDestroyed:
            return None
        return _raw(conversation, message, body["payload"] or body["text"], body.get("seen", 0))

    def _title(self, session: Session, conversation: ConversationRow, text: str) -> str | None:
        """The title of the button that sends `text`, if one was offered lately."""
        if not text.startswith("/"):
            return None
        recent = session.scalars(
            select(MessageRow)
            .where(MessageRow.conversation_id == conversation.id, MessageRow.author != Author.VISITOR)
            .order_by(MessageRow.created_at.desc())
            .limit(20)
        )
        bodies = (self.outbox.body(session, conversation.visitor_id, message) for message in recent)
        offered = (button for body in bodies for button in body["buttons"])
        return next((button["title"] for button in offered if _same(button["payload"], text)), None)


def is_open(session: Session, raw: RawMessage) -> bool:
    """Whether the turn of this message is still to be taken."""
    return session.get_one(MessageRow, raw.message_id).turn == OPEN


def end(session: Session, raw: RawMessage) -> bool:
    """Mark the turn as taken. False when it was already: whoever comes second leaves it at that."""
    message = session.get_one(MessageRow, raw.message_id)
    first, message.turn = message.turn == OPEN, ENDED
    return first


def _same(offered: str, pressed: str) -> bool:
    return HOW_LONG.sub("", offered) == HOW_LONG.sub("", pressed)


def _raw(conversation: ConversationRow, message: MessageRow, text: str, seen: int) -> RawMessage:
    language = written_language(text, conversation.language)
    return RawMessage(message.id, conversation.id, conversation.visitor_id, text, language, message.created_at, seen)


def _sent_before(session: Session, conversation_id: str, client_message_id: str) -> MessageRow | None:
    return session.scalar(
        select(MessageRow).where(
            MessageRow.conversation_id == conversation_id, MessageRow.client_message_id == client_message_id
        )
    )
