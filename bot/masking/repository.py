"""Statements about placeholders, built once: every message with an identifier runs them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import BindParameter, bindparam, func, insert, select, update
from sqlalchemy.orm import Session

from bot.db.models import ConversationRow, PlaceholderRow, table

_placeholder, _conversation = table(PlaceholderRow).c, table(ConversationRow).c
_here = _placeholder.conversation_id == bindparam("conversation")
_NAMES: BindParameter[list[str]] = bindparam("names", expanding=True)
_KNOWN = select(_placeholder.kind, _placeholder.value_hash, _placeholder.name, _placeholder.purpose).where(
    _here, _placeholder.value_hash.in_(bindparam("digests", expanding=True))
)
_UNBIND = update(table(PlaceholderRow)).where(_here, _placeholder.name.in_(_NAMES)).values(purpose=None)
_COUNTS = (
    select(_placeholder.kind, func.count())
    .where(_here, _placeholder.kind.in_(bindparam("kinds", expanding=True)))
    .group_by(_placeholder.kind)
)
_SEALED = (
    select(_placeholder.name, _placeholder.value_sealed, _conversation.visitor_id)
    .join_from(table(PlaceholderRow), table(ConversationRow))
    .where(_here, _placeholder.name.in_(_NAMES), _placeholder.value_sealed != b"")
)
_FORGET = (
    update(table(PlaceholderRow))
    .where(_here, _placeholder.purpose.in_(bindparam("purposes", expanding=True)))
    .values(value_sealed=b"", value_hash="")
)
_INSERT = insert(table(PlaceholderRow))


def known_names(
    session: Session, conversation_id: str, digests: Collection[str]
) -> Sequence[tuple[str, str, str, str | None]]:
    """Kind, digest, name and purpose of the values that are kept already."""
    found = session.execute(_KNOWN, {"conversation": conversation_id, "digests": list(digests)})
    return found.all()


def unbind(session: Session, conversation_id: str, names: Sequence[str]) -> None:
    """Keep these placeholders whatever consent is withdrawn: the visitor typed their values."""
    session.execute(_UNBIND, {"conversation": conversation_id, "names": names})


def counts(session: Session, conversation_id: str, kinds: Collection[str]) -> dict[str, int]:
    """How many placeholders of each of these kinds the conversation has."""
    rows = session.execute(_COUNTS, {"conversation": conversation_id, "kinds": list(kinds)})
    return dict(rows.all())


def add(session: Session, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert placeholders: the columns of `PlaceholderRow`."""
    session.execute(_INSERT, rows)


def sealed_values(session: Session, conversation_id: str, names: Collection[str]) -> dict[str, tuple[str, bytes]]:
    """By name the visitor and the sealed value of each of these placeholders that has one."""
    found = session.execute(_SEALED, {"conversation": conversation_id, "names": list(names)})
    return {name: (visitor, sealed) for name, sealed, visitor in found}


def forget(session: Session, conversation_id: str, purposes: Collection[str]) -> None:
    """Empty every value that was read under one of `purposes`."""
    session.execute(_FORGET, {"conversation": conversation_id, "purposes": list(purposes)})
