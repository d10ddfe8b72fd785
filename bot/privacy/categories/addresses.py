"""Addresses the visitor left so that a person can answer: with a request for a person, or with a contest."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from bot.core.ids import Json
from bot.db.encryption_context import contest_part, handoff_contact
from bot.db.models import ContestRow, ConversationRow, HandoffRow
from bot.privacy.categories.base import Clearing, Ids, Item, Page, PersonalDataCategory, Reader, Rows, Scope, plain
from bot.privacy.repository import held

SUFFIX = ".contact"


@dataclass(frozen=True)
class Address:
    """One address, on the row that it was left with.

    Attributes:
        at: when what it was left with was asked for.
        context: its encryption context.
        purpose: whose consent it was read under; None for one that the visitor gave.
    """

    row: HandoffRow | ContestRow
    sealed: bytes
    left_with: Literal["handoff", "contest"]
    at: datetime
    context: str
    purpose: str | None = None

    @property
    def id(self) -> str:
        """The item's id."""
        return self.row.id + SUFFIX


class Addresses(PersonalDataCategory):
    """Addresses, which are columns of the requests and contests that they were left with."""

    name, place, clearing = "contact", 20, Clearing.BY_ITSELF
    stores = {"contacts": "desk"}

    def rows(self, scope: Scope) -> Sequence[Rows]:
        """Those of requests; a contest loses its address with the rest of its words."""
        return [_holding(HandoffRow, scope)]

    def outdated(self, scope: Scope) -> Sequence[Rows]:
        """Those of requests and contests."""
        return [_holding(HandoffRow, scope), _holding(ContestRow, scope)]

    counted = outdated

    def page(self, reader: Reader, limit: int) -> Page:
        """The newest addresses. One on legal hold cannot be corrected."""
        found = addresses(reader.session, reader.subject.conversation_ids)
        kept = held(reader.session, reader.subject.conversation_ids)
        return Page(len(found), [item(reader, one, one.row.conversation_id not in kept) for one in found[:limit]])

    def export_conversation(self, reader: Reader, conversation: ConversationRow) -> dict[str, Json]:
        return {
            "addresses": [
                {"id": one.id, "left_with": one.left_with, "at": one.at.isoformat(), "purpose": one.purpose}
                | plain(reader.open(conversation.id, one.context, one.sealed))
                for one in addresses(reader.session, [conversation.id])
            ]
        }


CATEGORY = Addresses()


def addresses(session: Session, conversation_ids: Sequence[str]) -> list[Address]:
    """All addresses left in these conversations, the newest first."""
    handoffs = session.scalars(select(HandoffRow).where(*_holds(HandoffRow, conversation_ids)))
    contests = session.scalars(select(ContestRow).where(*_holds(ContestRow, conversation_ids)))
    found = [
        *(
            Address(
                row,
                row.contact_sealed or b"",
                "handoff",
                row.requested_at,
                handoff_contact(row.id),
                row.contact_purpose,
            )
            for row in handoffs
        ),
        *(
            Address(row, row.contact_sealed or b"", "contest", row.at, contest_part(row.id, "contact"))
            for row in contests
        ),
    ]
    return sorted(found, key=lambda address: (address.at, address.id), reverse=True)


def lock_address(session: Session, address: Address) -> bool:
    """Lock its row until this transaction ends; whether it still holds the address."""
    session.refresh(address.row, with_for_update=True)
    return address.row.contact_sealed is not None


def item(reader: Reader, address: Address, correctable: bool) -> Item:
    """One address as the overview shows it."""
    row = address.row
    value = reader.open_text(row.conversation_id, address.context, address.sealed)
    label = reader.words("address_read" if address.purpose else f"address_{address.left_with}")
    return Item(address.id, label, value, address.at.isoformat(), row.conversation_id, correctable=correctable)


def _holding(table: type[HandoffRow] | type[ContestRow], scope: Scope) -> Rows:
    return Rows(table, _holds(table, scope.conversations), {"contact_sealed": None}, "contacts")


def _holds(table: type[HandoffRow] | type[ContestRow], conversations: Ids) -> tuple[ColumnElement[bool], ...]:
    return table.conversation_id.in_(conversations), table.contact_sealed.is_not(None)
