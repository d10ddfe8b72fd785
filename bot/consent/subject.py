"""Who is signed in, kept sealed with the visitor."""

from __future__ import annotations

from dataclasses import dataclass, field

from sqlalchemy.orm import Session

from bot.storage import Keyring
from bot.storage.tables import ConversationRow, VisitorRow


@dataclass(frozen=True)
class Subject:
    """The customer a visitor proved to be. Only what is needed to look up their data and greet them."""

    customer_id: str = field(repr=False)
    name: str = field(repr=False)


def seal_subject(session: Session, keyring: Keyring, visitor: VisitorRow, subject: Subject) -> None:
    """Remember with the visitor who they proved to be. The caller sets `signed_in` on the conversation."""
    visitor.customer_hash = keyring.digest(f"customer:{subject.customer_id}")
    value = {"customer_id": subject.customer_id, "name": subject.name}
    visitor.identity_sealed = keyring.seal(session, visitor.id, visitor.id, value)


def subject_of(session: Session, keyring: Keyring, conversation: ConversationRow) -> Subject | None:
    """Who is signed in in this conversation; None when nobody is."""
    visitor = session.get(VisitorRow, conversation.visitor_id)
    if not conversation.signed_in or visitor is None or visitor.identity_sealed is None:
        return None
    value = keyring.open(session, visitor.id, visitor.id, visitor.identity_sealed)
    return Subject(value["customer_id"], value["name"])
