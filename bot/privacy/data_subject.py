"""Whose data a caller may see, export, correct and erase: asked for here alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.consent import in_whose_name
from bot.consent.subject import known_customer
from bot.core.errors import NotFound
from bot.db import Keyring
from bot.db.models import ConversationRow, VisitorRow


@dataclass(frozen=True)
class Mine:
    """What is the caller's: their visitors and these visitors' conversations, the newest first.

    `here` is the conversation whose token they hold. `customer` is their pseudonym once they are signed in.
    """

    here: ConversationRow
    customer: str | None
    visitors: Sequence[VisitorRow]
    conversations: Sequence[ConversationRow]

    @cached_property
    def visitor_ids(self) -> list[str]:
        """The visitors' ids."""
        return [visitor.id for visitor in self.visitors]

    @cached_property
    def conversation_ids(self) -> list[str]:
        """The conversations' ids."""
        return [conversation.id for conversation in self.conversations]

    @cached_property
    def visitor_of(self) -> dict[str, str]:
        """The visitor of each conversation, by ids."""
        return {conversation.id: conversation.visitor_id for conversation in self.conversations}

    def conversation(self, conversation_id: str) -> ConversationRow:
        """The conversation of that id.

        Raises:
            NotFound: there is none, or it is another's; the two look the same.
        """
        for conversation in self.conversations:
            if conversation.id == conversation_id:
                return conversation
        raise NotFound("There is no such conversation among yours.", code="conversation_unknown")


def mine_of(session: Session, here: ConversationRow) -> Mine:
    """What is the caller's: this visitor alone, or all visitors of the customer who is signed in."""
    name = in_whose_name(session, here)
    signed_in = name != here.visitor_id
    theirs = VisitorRow.customer_id == name if signed_in else VisitorRow.id == here.visitor_id
    visitors = session.scalars(select(VisitorRow).where(theirs).order_by(VisitorRow.created_at.desc())).all()
    conversations = session.scalars(
        select(ConversationRow)
        .where(ConversationRow.visitor_id.in_([visitor.id for visitor in visitors]))
        .order_by(ConversationRow.created_at.desc(), ConversationRow.id.desc())
    ).all()
    return Mine(here, name if signed_in else None, visitors, conversations)


def visitors_of_customer(session: Session, keyring: Keyring, customer_id: str) -> list[str]:
    """The visitors of the customer whom the site calls `customer_id`, by ids.

    Raises:
        NotFound: they never signed in, or were erased.
    """
    customer = known_customer(session, keyring, customer_id)
    theirs = VisitorRow.customer_id == (customer.id if customer is not None else "")
    found = session.scalars(select(VisitorRow.id).where(theirs).order_by(VisitorRow.created_at)).all()
    if not found:
        raise NotFound("There is no such customer here: they never signed in, or everything of theirs was erased.")
    return list(found)
