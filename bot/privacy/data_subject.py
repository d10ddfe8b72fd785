"""Resolves the data subject behind a request: whose data a caller may see, export, correct and erase."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from sqlalchemy.orm import Session

from bot.consent import subject_id
from bot.consent.subject import known_customer
from bot.core.errors import NotFound
from bot.db import Keyring
from bot.db.models import ConversationRow, VisitorRow
from bot.privacy import repository
from bot.privacy.repository import conversations_of


@dataclass(frozen=True)
class DataSubject:
    """A caller's visitors and these visitors' conversations, the newest first.

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

    @property
    def pseudonyms(self) -> set[str]:
        """Whose choices about personal data are the caller's: the visitors' and the customer's."""
        return {*self.visitor_ids, *([self.customer] if self.customer is not None else [])}

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


def data_subject_of(session: Session, here: ConversationRow) -> DataSubject:
    """The data subject behind a conversation: its visitor, or all visitors of the customer who is signed in."""
    name = subject_id(session, here)
    customer = name if name != here.visitor_id else None
    visitors = repository.visitors(session, visitor_id=here.visitor_id, customer=customer)
    conversations = conversations_of(session, [visitor.id for visitor in visitors])
    return DataSubject(here, customer, visitors, conversations[::-1])


def visitors_of_customer(session: Session, keyring: Keyring, customer_id: str) -> list[str]:
    """The visitors of the customer whom the site calls `customer_id`, by ids, the oldest first.

    Raises:
        NotFound: they never signed in, or were erased.
    """
    customer = known_customer(session, keyring, customer_id)
    found = repository.visitors(session, customer=customer.id) if customer is not None else ()
    if not found:
        raise NotFound("There is no such customer here: they never signed in, or everything of theirs was erased.")
    return [visitor.id for visitor in found[::-1]]
