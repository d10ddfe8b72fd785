"""Single rows, by their primary key: what every package needs, and no repository has to repeat."""

from __future__ import annotations

from typing import TypeVar

from sqlalchemy.orm import Session

from bot.db.models import Base

R = TypeVar("R", bound=Base)


def find(session: Session, table: type[R], key: str | None) -> R | None:
    """The row with this key; None where there is none."""
    # PostgreSQL refuses a text with a NUL in it, even to look for.
    return None if key is None or "\0" in key else session.get(table, key)


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
