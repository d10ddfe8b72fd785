"""Reads the database as it is at one moment, through the bare driver: a verification reads millions of rows."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from functools import partial
from itertools import count
from pathlib import Path
from types import TracebackType
from typing import Any, Self, cast

from sqlalchemy import create_engine, make_url
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.pool import NullPool

from bot.core.errors import CandorError

FETCHED = 500
"""Rows fetched from PostgreSQL at once."""
TOLERANT = partial(str, encoding="utf-8", errors="surrogateescape")
"""Makes text of SQLite's bytes. Whoever alters bytes in its file need not leave UTF-8 behind."""


class DatabaseUnreadable(CandorError):
    """500: there is no such database, or it is none of ours."""

    code = "database_unreadable"


class Undecodable(Exception):
    """A text in the database is no UTF-8."""


class Snapshot:
    """One read-only transaction; a gateway may go on writing meanwhile.

    Args:
        address: a SQLAlchemy address of SQLite or PostgreSQL (psycopg).

    Raises:
        DatabaseUnreadable: there is no such database.
    """

    def __init__(self, address: str) -> None:
        url = make_url(address)
        self._sqlite = url.get_backend_name() == "sqlite"
        # Opening a missing SQLite file would make an empty one.
        if self._sqlite and not Path(url.database or "").is_file():
            raise DatabaseUnreadable("There is no database here: check CANDOR_DATA_DIR or DATABASE_URL.")
        self._engine = create_engine(address, poolclass=NullPool)
        self._names = (f"candor_{number}" for number in count())

    def __enter__(self) -> Self:
        try:
            self._pooled = self._engine.raw_connection()
        except SQLAlchemyError as error:
            raise DatabaseUnreadable("The database does not answer: check DATABASE_URL.") from error
        self._connection = cast(Any, self._pooled.driver_connection)
        if self._sqlite:
            self._begin_sqlite()
        else:
            self._begin_postgresql()
        try:
            self._connection.execute("SELECT count(*) FROM log_checkpoint").fetchone()
        except self._engine.dialect.loaded_dbapi.Error as error:
            self._pooled.close()
            raise DatabaseUnreadable("This database holds no log: start Candor with it once.") from error
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._connection.rollback()
        self._pooled.close()

    def rows(self, query: str) -> Iterator[tuple[Any, ...]]:
        """The rows of a query, as they come."""
        if self._sqlite:
            self._connection.text_factory = TOLERANT
            yield from self._connection.execute(query)
            return
        with self._connection.cursor(name=next(self._names), binary=True) as cursor:
            cursor.execute(query)
            while rows := cursor.fetchmany(FETCHED):
                yield from rows

    def strict_rows(self, query: str) -> Iterator[tuple[Any, ...]]:
        """As `rows`, in half the time, with no other query meanwhile.

        Raises:
            Undecodable: at a row with text that is no UTF-8.
        """
        if not self._sqlite:
            yield from self.rows(query)
            return
        self._connection.text_factory = str
        try:
            yield from self._connection.execute(query)
        except self._engine.dialect.loaded_dbapi.OperationalError as error:
            raise Undecodable from error

    def first(self, query: str) -> tuple[Any, ...] | None:
        """The first row of a query."""
        return next(self.rows(query), None)

    def iso(self, column: str) -> str:
        """SQL for a moment as a record's header writes it; what is no moment stays as it is."""
        if self._sqlite:
            whole = f"substr({column}, 1, 10) || 'T' || substr({column}, 12) || '+00:00'"
            return f"CASE substr({column}, 11, 1) WHEN ' ' THEN {whole} ELSE {column} END"
        return f"""to_char({column} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"+00:00"')"""

    def moment(self, moment: datetime) -> str:
        """SQL for a moment, to compare a column with."""
        if self._sqlite:
            return f"'{moment.astimezone(UTC).replace(tzinfo=None).isoformat(' ', timespec='microseconds')}'"
        return f"'{moment.isoformat()}'::timestamptz"

    def _begin_sqlite(self) -> None:
        self._connection.isolation_level = None
        self._connection.execute("PRAGMA query_only=ON")
        self._connection.execute("BEGIN")

    def _begin_postgresql(self) -> None:
        self._connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        # Everything is read in the order of an index. A planner without statistics would sort the whole log instead.
        for way in ("seqscan", "hashjoin", "mergejoin", "sort", "bitmapscan"):
            self._connection.execute(f"SET LOCAL enable_{way} = off")
