"""Hints for the query planners of SQLite and PostgreSQL, for queries that must read along one chosen index.

Both planners guess how many rows several conditions leave, and guess badly where conditions depend on each other: then
they combine indexes, sort, or scan a table of a million rows for fifty of them. A query that needs such a hint has a
test of its plan (tests/api/review/test_decisions.py) or of its time (tests/long/test_lists_of_a_million.py).
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, func, text
from sqlalchemy.orm import InstrumentedAttribute, Session


def by_index_alone(session: Session) -> None:
    """Have PostgreSQL read along indexes for the rest of this transaction, however few rows it expects to fit.

    SQLite has no such setting and needs none: it reads along one index for each table.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SET LOCAL enable_seqscan = off; SET LOCAL enable_bitmapscan = off"))


def unindexed(
    session: Session, column: InstrumentedAttribute[Any], dialects: tuple[str, ...] = ("sqlite", "postgresql")
) -> ColumnElement[Any]:
    """A text column for a condition that must not choose the index; in other `dialects` the plain column."""
    return func.coalesce(column, "") if session.get_bind().dialect.name in dialects else column.expression
