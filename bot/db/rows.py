"""Single rows, by their primary key: what every package needs, and no repository has to repeat."""

from __future__ import annotations

from functools import cache
from typing import Any, TypeVar

from sqlalchemy import Select, bindparam, select
from sqlalchemy.orm import Session

from bot.core.errors import NotFound
from bot.db.database import core
from bot.db.models import Base, table

R = TypeVar("R", bound=Base)


def find(session: Session, kind: type[R], key: str | None, *, lock: bool = False) -> R | None:
    """The row with this key, None where there is none.

    With `lock` it is given as the database has it now, and nobody else changes it until the transaction ends.
    """
    if key is None or "\0" in key:  # PostgreSQL refuses a text with a NUL in it, even to look for
        return None
    return session.get(kind, key, with_for_update=lock or None, populate_existing=lock)


def exists(session: Session, kind: type[Base], key: str) -> bool:
    """Whether there is a row with this key; nothing of it is read."""
    return "\0" not in key and core(session).execute(_by_key(kind), {"key": key}).first() is not None


def find_or_refuse(session: Session, kind: type[R], key: str, refusal: str, *, lock: bool = False) -> R:
    """As `find`, for a key that somebody asks for.

    Raises:
        NotFound: with the sentence `refusal`; there is no such row.
    """
    row = find(session, kind, key, lock=lock)
    if row is None:
        raise NotFound(refusal)
    return row


def load(session: Session, kind: type[R], key: str) -> R:
    """The row with this key.

    Raises:
        sqlalchemy.exc.NoResultFound: there is none.
    """
    return session.get_one(kind, key)


def add(session: Session, row: Base) -> None:
    """Add a row at once: what the database refuses is raised here."""
    session.add(row)
    session.flush()


@cache
def _by_key(kind: type[Base]) -> Select[Any]:
    (key,) = table(kind).primary_key
    return select(key).where(key == bindparam("key"))
