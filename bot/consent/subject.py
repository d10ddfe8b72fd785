"""Who is signed in, kept sealed with the visitor; and in whose name choices are made."""

from __future__ import annotations

from dataclasses import dataclass, field

from sqlalchemy.orm import Session

from bot.consent import repository
from bot.db import Keyring
from bot.db.models import ConversationRow, CustomerRow, VisitorRow


@dataclass(frozen=True)
class Subject:
    """The customer a visitor proved to be. Only what is needed to look up their data and greet them."""

    customer_id: str = field(repr=False)
    name: str = field(repr=False)


def seal_subject(session: Session, keyring: Keyring, visitor: VisitorRow, subject: Subject) -> None:
    """Remember with the visitor who they proved to be. The caller sets `signed_in` on the conversation."""
    visitor.customer_id = customer_of(session, keyring, subject.customer_id).id
    value = {"customer_id": subject.customer_id, "name": subject.name}
    visitor.identity_sealed = keyring.seal(session, visitor.id, visitor.id, value)


def subject_of(session: Session, keyring: Keyring, conversation: ConversationRow) -> Subject | None:
    """Who is signed in in this conversation; None when nobody is."""
    visitor = repository.visitor(session, conversation.visitor_id)
    if not conversation.signed_in or visitor.identity_sealed is None:
        return None
    value = keyring.open(session, visitor.id, visitor.id, visitor.identity_sealed)
    return Subject(value["customer_id"], value["name"])


def customer_of(session: Session, keyring: Keyring, customer_id: str) -> CustomerRow:
    """The customer whom the site calls `customer_id`; made when they come for the first time."""
    digest = _digest(keyring, customer_id)
    return repository.customer(session, digest) or repository.add_customer(session, digest)


def known_customer(session: Session, keyring: Keyring, customer_id: str) -> CustomerRow | None:
    """The customer whom the site calls `customer_id`; None when they never came, or were erased."""
    return repository.customer(session, _digest(keyring, customer_id))


def subject_id(session: Session, conversation: ConversationRow) -> str:
    """The pseudonym that choices made now belong to: the customer's while one is signed in, else the visitor's."""
    if not conversation.signed_in:
        return conversation.visitor_id
    return repository.visitor(session, conversation.visitor_id).customer_id or conversation.visitor_id


def subjects_of(session: Session, conversation: ConversationRow) -> set[str]:
    """The pseudonyms whose choices may be shown here: the visitor's, and the customer's while one is signed in."""
    return {conversation.visitor_id, subject_id(session, conversation)}


def _digest(keyring: Keyring, customer_id: str) -> str:
    return keyring.digest(f"customer:{customer_id}")
