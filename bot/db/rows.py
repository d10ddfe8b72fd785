"""Single rows, by their primary key: what every package needs, and no repository has to repeat."""

from __future__ import annotations

from typing import TypeVar

from sqlalchemy.orm import Session

from bot.core.errors import NotFound
from bot.db.models import Base

R = TypeVar("R", bound=Base)


def find(session: Session, table: type[R], key: str | None, *, lock: bool = False) -> R | None:
    """The row with this key, None where there is none.

    With `lock` it is given as the database has it now, and nobody else changes it until the transaction ends.
    """
    if key is None or "\0" in key:  # PostgreSQL refuses a text with a NUL in it, even to look for
        return None
    return session.get(table, key, with_for_update=lock or None, populate_existing=lock)


def find_or_refuse(session: Session, table: type[R], key: str, refusal: str, *, lock: bool = False) -> R:
    """As `find`, for a key that somebody asks for.

    Raises:
        NotFound: with the sentence `refusal`; there is no such row.
    """
    row = find(session, table, key, lock=lock)
    if row is None:
        raise NotFound(refusal)
    return row


def load(session: Session, table: type[R], key: str) -> R:
    """The row with this key.

    Raises:
        sqlalchemy.exc.NoResultFound: there is none.
    """
    return session.get_one(table, key)


def add(session: Session, row: Base) -> None:
    """Add a row at once: what the database refuses is raised here."""
    session.add(row)
    session.flush()
