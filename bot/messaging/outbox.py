"""Writing the outbox. Nothing reaches a conversation but through here, and nothing here commits."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import update
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import set_committed_value

from bot.core.errors import CandorError
from bot.core.ids import Json, new_id, now
from bot.core.messages import Author, Button
from bot.db import Keyring, touch
from bot.db.disclosed import disclosed_version
from bot.db.models import ConversationRow, MessageRow, OutboxRow
from bot.messaging.pubsub import conversation_topic


class Undisclosed(CandorError):
    """409: the assistant may not speak before the AI disclosure has been shown (rule D1)."""

    status, code = 409, "disclosure_not_shown"


class Outbox:
    """Appends messages and events to conversations."""

    def __init__(self, keyring: Keyring) -> None:
        self._keyring = keyring

    def say(
        self,
        session: Session,
        conversation: ConversationRow,
        author: Author,
        text: str,
        *,
        author_name: str | None = None,
        buttons: Sequence[Button] = (),
        consent_request: Json = None,
        reply_to: str | None = None,
        client_message_id: str | None = None,
        payload: str | None = None,
        turn: str | None = None,
        message_id: str | None = None,
        seen: int = 0,
    ) -> MessageRow:
        """Add one message by `author` and its event. `payload` is what a pressed button sent; `text` its title.

        `seen` is the last event that had been delivered when the visitor sent it (`outbox.delivery.delivered`).

        `message_id` is for a message that a record already names; else it gets a new one.

        Raises:
            Undisclosed: the author is the assistant and no disclosure is on record for this conversation.
        """
        if author is Author.ASSISTANT and not _disclosed(session, conversation.id):
            raise Undisclosed("The assistant cannot answer before its disclosure has been shown.")
        message_id, moment = message_id or new_id("msg"), now()
        body = {"text": text, "buttons": [b.as_json() for b in buttons], "payload": payload, "seen": seen}
        message = MessageRow(
            id=message_id,
            conversation_id=conversation.id,
            client_message_id=client_message_id,
            author=author,
            author_name=author_name,
            reply_to=reply_to,
            body_sealed=self._keyring.seal(session, conversation.visitor_id, message_id, body),
            turn=turn,
            created_at=moment,
        )
        session.add(message)
        data = {
            "id": message_id,
            "author": author.value,
            "author_name": author_name,
            "text": text,
            "buttons": body["buttons"],
            "consent_request": consent_request,
            "created_at": moment.isoformat(),
            "client_message_id": client_message_id,
            "reply_to": reply_to,
        }
        self.append(session, conversation, "message", data, message_id=message_id)
        return message

    def append(
        self, session: Session, conversation: ConversationRow, kind: str, data: Json, *, message_id: str | None = None
    ) -> int:
        """Add one event, give its number. The update of the counter makes writers of one conversation wait in line."""
        seq = session.execute(
            update(ConversationRow)
            .where(ConversationRow.id == conversation.id)
            .values(last_event=ConversationRow.last_event + 1)
            .returning(ConversationRow.last_event)
            .execution_options(synchronize_session=False, autoflush=False)
        ).scalar_one()
        # The row at hand learns its counter from the statement; a refresh would ask the database again.
        set_committed_value(conversation, "last_event", seq)
        session.add(
            OutboxRow(
                conversation_id=conversation.id,
                seq=seq,
                kind=kind,
                message_id=message_id,
                data_sealed=self._keyring.seal(session, conversation.visitor_id, conversation.id, data),
                created_at=now(),
            )
        )
        touch(session, conversation_topic(conversation.id))
        return int(seq)

    def body(self, session: Session, visitor_id: str, message: MessageRow) -> dict[str, Json]:
        """`{text, buttons, payload}` of a stored message."""
        body: dict[str, Json] = self._keyring.open(session, visitor_id, message.id, message.body_sealed)
        return body


def _disclosed(session: Session, conversation_id: str) -> bool:
    """Asked once a transaction: a turn may say several things."""
    shown: set[str] = session.info.setdefault("disclosed", set())
    if conversation_id not in shown and disclosed_version(session, conversation_id) is not None:
        shown.add(conversation_id)
    return conversation_id in shown
