"""Who the visitor is, as the site said when they signed in."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Update, select, update
from sqlalchemy.orm import Session, aliased

from bot.core.ids import Json
from bot.db.models import CustomerRow, VisitorRow
from bot.privacy.categories.base import Item, PersonalDataCategory, Reader, Rows, Scope
from bot.privacy.decryption import Gone, Opened, open_value

PARTS = ("customer_id", "name")


class Identity(PersonalDataCategory):
    """Customer number and name, for each device on which the customer signed in."""

    name, place = "identity", 80

    def rows(self, scope: Scope) -> Sequence[Rows]:
        signed_in = (VisitorRow.id.in_(scope.visitors), VisitorRow.identity_sealed.is_not(None))
        return [Rows(VisitorRow, signed_in, {"identity_sealed": None}, "identities")]

    def traces(self, scope: Scope) -> Sequence[Update]:
        """The customer: their hash goes with their last visitor."""
        other = aliased(VisitorRow)
        elsewhere = select(other.id).where(other.customer_id == CustomerRow.id, other.id.not_in(scope.visitors))
        theirs = select(VisitorRow.customer_id).where(VisitorRow.id.in_(scope.visitors))
        return [
            update(CustomerRow)
            .where(
                CustomerRow.id.in_(theirs), CustomerRow.hash.is_not(None), ~elsewhere.correlate(CustomerRow).exists()
            )
            .values(hash=None),
            update(VisitorRow)
            .where(VisitorRow.id.in_(scope.visitors), VisitorRow.customer_id.is_not(None))
            .values(customer_id=None),
        ]

    def erase(self, session: Session, visitor_id: str) -> dict[str, int]:
        """Of two visitors of one customer that are erased at once, the second finds that it is the last."""
        theirs = select(VisitorRow.customer_id).where(VisitorRow.id == visitor_id)
        session.execute(select(CustomerRow.id).where(CustomerRow.id.in_(theirs)).with_for_update(key_share=True))
        return super().erase(session, visitor_id)

    def items(self, reader: Reader) -> Sequence[Item]:
        return [item for visitor in reader.subject.visitors for item in _items(reader, visitor)]

    def export(self, reader: Reader) -> dict[str, Json]:
        """Each visitor: since when, and as whom they signed in."""
        return {"visitors": [_visitor(reader, visitor) for visitor in reader.subject.visitors]}

    def export_conversation(self, reader: Reader, conversation: object) -> dict[str, Json]:
        """Nothing: a visitor is exported once."""
        return {}


CATEGORY = Identity()


def _visitor(reader: Reader, visitor: VisitorRow) -> dict[str, Json]:
    identity = _opened(reader, visitor)
    gone = isinstance(identity, Gone)
    return {
        "id": visitor.id,
        "since": visitor.created_at.isoformat(),
        "customer": visitor.customer_id,
        "identity": None if gone else identity,
        **({"gone": identity.value} if gone else {}),
    }


def _items(reader: Reader, visitor: VisitorRow) -> list[Item]:
    identity = _opened(reader, visitor)
    if identity is None:
        return []
    where = next((id_ for id_, whose in reader.subject.visitor_of.items() if whose == visitor.id), "")
    at = visitor.created_at.isoformat()
    values = {
        part: identity.in_words(reader.language) if isinstance(identity, Gone) else str(identity[part])
        for part in PARTS
    }
    return [Item(f"{visitor.id}.{part}", reader.words(part), values[part], at, where) for part in PARTS]


def _opened(reader: Reader, visitor: VisitorRow) -> Opened:
    if visitor.identity_sealed is None:
        return None
    return open_value(reader.session, reader.keyring, visitor.id, visitor.id, visitor.identity_sealed)
