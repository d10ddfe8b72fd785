"""Conversations and who may speak in them: opened here, found again by their token, tied to a signed-in customer."""

from __future__ import annotations

import secrets

from sqlalchemy.orm import Session

from bot.chat import repository
from bot.chat.repository import Sender
from bot.consent import Subject, seal_subject
from bot.core.errors import Conflict, NotFound
from bot.core.i18n import copy
from bot.core.ids import new_id, now
from bot.core.text import storable
from bot.db import Keyring, rows
from bot.db.erased import is_erased
from bot.db.keyring import KeyDestroyed
from bot.db.models import ConversationRow


def open_conversation(
    session: Session, door: str, language: str, *, gpc: bool = False, external_hash: str | None = None
) -> ConversationRow:
    """A new conversation of a new visitor, with nobody signed in.

    Args:
        external_hash: of the name that a client gives it (`Sender`).
    """
    conversation = ConversationRow(
        id=new_id("con"),
        visitor_id=new_id("vis"),
        door=door,
        external_hash=external_hash,
        language=language,
        owner="assistant",
        signed_in=False,
        gpc=gpc,
        last_event=0,
        created_at=now(),
    )
    repository.add_conversation(session, conversation)
    return conversation


def give_token(keyring: Keyring, conversation: ConversationRow) -> str:
    """A new secret that opens this conversation. Only its keyed hash is kept."""
    token = secrets.token_urlsafe(32)
    conversation.token_hash = keyring.digest(token)
    return token


def find_by_token(session: Session, keyring: Keyring, conversation_id: str, token: str) -> ConversationRow:
    """The conversation that `token` opens.

    Raises:
        NotFound: no such conversation, or it is another's; the two look the same.
        KeyDestroyed: the visitor was erased, and the token with them.
    """
    conversation = rows.find(session, ConversationRow, conversation_id) if storable(conversation_id, 64) else None
    given = keyring.digest(token)
    if conversation is not None and conversation.token_hash is None and is_erased(session, conversation.visitor_id):
        raise KeyDestroyed(copy("turn.erased", conversation.language))
    if conversation is None or not secrets.compare_digest(conversation.token_hash or "", given):
        raise NotFound("There is no such conversation. Open a new one.", code="conversation_unknown")
    return conversation


def sender_of(keyring: Keyring, door: str, sender: str) -> Sender:
    """How the conversation of a client's `sender` is found."""
    return Sender(door, keyring.digest(f"{door}:{sender}"))


def find(session: Session, keyring: Keyring, door: str, sender: str) -> ConversationRow | None:
    """The conversation a Rasa client calls `sender` on this door."""
    return repository.find_by_sender(session, sender_of(keyring, door, sender))


def find_or_open(session: Session, keyring: Keyring, door: str, sender: str, language: str) -> ConversationRow:
    """The conversation a Rasa client calls `sender` on this door; a new one if there is none."""
    name = sender_of(keyring, door, sender)
    known = repository.find_by_sender(session, name)
    return known or open_conversation(session, door, language, external_hash=name.external_hash)


def sign_in(session: Session, keyring: Keyring, conversation: ConversationRow, subject: Subject) -> None:
    """Tie the visitor to a customer. Once tied, for good: another customer needs a new conversation.

    Raises:
        Conflict: the conversation belongs to another customer.
    """
    visitor = repository.visitor_of(session, conversation)
    before = visitor.customer_id
    seal_subject(session, keyring, visitor, subject)
    if before not in (None, visitor.customer_id):
        raise Conflict("This conversation belongs to another customer. Open a new one.", code="other_customer")
    conversation.signed_in = True


def sign_out(conversation: ConversationRow) -> None:
    """Nobody is signed in any more; what was said stays."""
    conversation.signed_in = False
