"""Who the visitor is, as the site said when they signed in."""

from __future__ import annotations

from bot.core.ids import Json
from bot.db.models import VisitorRow
from bot.privacy.categories.base import Item, Page, Reader
from bot.privacy.decryption import Gone, Opened, open_value

PARTS = ("customer_id", "name")


def page(reader: Reader, limit: int) -> Page:
    """Number and name, for each device on which the customer signed in."""
    items = [item for visitor in reader.mine.visitors for item in _items(reader, visitor)]
    return Page(len(items), items[:limit])


def exported(reader: Reader, visitor: VisitorRow) -> dict[str, Json]:
    """One visitor: on which conversations' device, since when, and as whom they signed in."""
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
    where = next((id_ for id_, whose in reader.mine.visitor_of.items() if whose == visitor.id), "")
    at = visitor.created_at.isoformat()
    values = {
        part: identity.told(reader.language) if isinstance(identity, Gone) else str(identity[part]) for part in PARTS
    }
    return [Item(f"{visitor.id}.{part}", reader.words(part), values[part], at, where) for part in PARTS]


def _opened(reader: Reader, visitor: VisitorRow) -> Opened:
    if visitor.identity_sealed is None:
        return None
    return open_value(reader.session, reader.keyring, visitor.id, visitor.id, visitor.identity_sealed)
