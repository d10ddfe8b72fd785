"""The one place that begins and commits transactions. Repositories take a Session and never commit.

SQLite has one writer: within this process writers queue for a lock, so that none of them meets 'database is locked'.
"""

from __future__ import annotations

import asyncio
import os
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any, ParamSpec, TypeAlias, TypeVar

from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session, SessionTransaction, sessionmaker

from bot.db.process_lock import shared

T = TypeVar("T")
P = ParamSpec("P")
Changes: TypeAlias = Mapping[str, Sequence[tuple[str, Any]]]
"""What a commit changed: topics, each with the passing events `(kind, data)` for those who watch it."""
BUSY_SECONDS = 30
"""How long SQLite waits for another process to finish writing."""
_THREADS = 16


class Database:
    """Short transactions, off the event loop.

    Args:
        url: a SQLAlchemy address of SQLite or PostgreSQL (psycopg).

    Raises:
        Conflict: `being_restored`, a backup is being put in the database's place.
    """

    def __init__(self, url: str) -> None:
        self._presence = _presence(url)
        self.engine = _engine(url)
        self._read = sessionmaker(self.engine, expire_on_commit=False)
        self._write = sessionmaker(self.engine, expire_on_commit=False)
        self._writing = threading.Lock()
        if self.engine.dialect.name == "sqlite":
            # Of sessions, not of the engine: with a listener there SQLAlchemy looks for others at every statement.
            event.listen(self._read, "after_begin", _begin_reading)
            event.listen(self._write, "after_begin", self._begin_writing)
        self._threads = ThreadPoolExecutor(_THREADS, thread_name_prefix="candor-db")
        writers = 1 if self.engine.dialect.name == "sqlite" else _THREADS
        self._writers = ThreadPoolExecutor(writers, thread_name_prefix="candor-db-write")
        self._listeners: list[Callable[[Changes], None]] = []

    def on_commit(self, listener: Callable[[Changes], None]) -> None:
        """Call `listener(changes)` after each commit that touched topics (see `touch`), in the committing thread."""
        self._listeners.append(listener)

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        """One transaction: committed at the end of the block, rolled back when the block raises.

        It begins with the first statement. Not for the event loop: see `run`.
        """
        with self._write() as session:
            try:
                with session.begin():
                    yield session
                for work in session.info.pop("after_commit", ()):
                    work()
            finally:
                if session.info.pop("writing", False):
                    self._writing.release()
            changes: Changes = session.info.get("changes", {})
        if changes:
            for listener in self._listeners:
                listener(changes)

    @contextmanager
    def snapshot(self) -> Iterator[Session]:
        """A session that reads one consistent snapshot; nothing it changes is kept. Not for the event loop."""
        with self._read() as session:
            yield session

    async def run(self, work: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """Call `work(…)`, which opens its own transactions, in a thread beside the event loop."""
        return await asyncio.get_running_loop().run_in_executor(self._threads, lambda: work(*args, **kwargs))

    async def write(self, work: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """As `run`, for the transactions of turns: slow readers do not hold them up.

        On SQLite one thread takes them one after the other, as only one could write at a time anyway.
        """
        return await asyncio.get_running_loop().run_in_executor(self._writers, lambda: work(*args, **kwargs))

    def _begin_writing(self, session: Session, _transaction: SessionTransaction, connection: Connection) -> None:
        """Before the first statement: wait for the other writers of this process, then for those of other processes."""
        if not session.info.get("writing", False):
            if not self._writing.acquire(timeout=BUSY_SECONDS):
                raise TimeoutError("The database is busy: another transaction of this process has not ended.")
            session.info["writing"] = True
            _execute(connection, "BEGIN IMMEDIATE")

    async def purge(self) -> bool:
        """Make the database's files let go of what was overwritten or deleted; see `purge_now`."""
        return await self.run(self.purge_now)

    def purge_now(self) -> bool:
        """Make the database's files let go of what was overwritten or deleted, the keys of erased visitors above all.

        False when somebody still reads what was there before: then try again in a moment.

        SQLite: the write-ahead log is brought into the database, which overwrites deleted content, and cut to nothing.
        PostgreSQL: the table of keys is written anew; other tables hold only what those keys opened.
        """
        with self.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            purge = _purge_sqlite if self.engine.dialect.name == "sqlite" else _purge_postgresql
            return purge(connection)

    def close(self) -> None:
        """Finish what is running and let go of every connection."""
        self._threads.shutdown()
        self._writers.shutdown()
        self.engine.dispose()
        if self._presence is not None:
            os.close(self._presence)
            self._presence = None


def touch(session: Session, topic: str, *passing: tuple[str, Any]) -> None:
    """This transaction changes `topic`: whoever watches it is woken after the commit.

    Args:
        passing: events `(kind, data)` for those who watch at that moment; they are stored nowhere.
    """
    session.info.setdefault("changes", {}).setdefault(topic, []).extend(passing)


def core(session: Session) -> Connection:
    """The transaction's connection, for statements that are built once: the session itself is asked for it once."""
    connection: Connection | None = session.info.get("connection")
    if connection is None:
        connection = session.info["connection"] = session.connection()
    return connection


def _purge_sqlite(connection: Connection) -> bool:
    # Who reads holds it up; waiting here would hold up everyone who writes.
    connection.exec_driver_sql("PRAGMA busy_timeout=100")
    try:
        busy, _, _ = connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").one()
    finally:
        connection.exec_driver_sql(f"PRAGMA busy_timeout={BUSY_SECONDS * 1000}")
    return bool(busy == 0)


def _purge_postgresql(connection: Connection) -> bool:
    connection.exec_driver_sql("SET lock_timeout = '1s'")
    try:
        connection.exec_driver_sql("VACUUM (FULL) visitor_key")
    except OperationalError:
        return False
    finally:
        connection.exec_driver_sql("RESET lock_timeout")
    return True


def after_commit(session: Session, work: Callable[[], None]) -> None:
    """Call `work()` right after the commit, in its thread and before listeners; never after a rollback.

    Other writers of this process wait for it: it may not begin a transaction.
    """
    session.info.setdefault("after_commit", []).append(work)


def _presence(url: str) -> int | None:
    file = make_url(url).database
    return shared(Path(file)) if url.startswith("sqlite") and file else None


def _engine(url: str) -> Engine:
    if not url.startswith("sqlite"):
        return create_engine(url, pool_size=16, pool_pre_ping=True)
    engine = create_engine(
        url, connect_args={"timeout": BUSY_SECONDS, "check_same_thread": False}, pool_size=16, pool_use_lifo=True
    )

    @event.listens_for(engine, "connect")
    def _configure(connection: Any, _record: object) -> None:
        connection.isolation_level = None  # the driver begins nothing by itself
        # FULL costs 0.3 ms a commit and keeps 'recorded before delivered' true through a power cut.
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=FULL")
        connection.execute("PRAGMA foreign_keys=ON")
        connection.execute("PRAGMA secure_delete=ON")

    return engine


def _begin_reading(_session: Session, _transaction: SessionTransaction, connection: Connection) -> None:
    _execute(connection, "BEGIN")


def _execute(connection: Connection, statement: str) -> None:
    """Straight to the driver: no event of SQLAlchemy's, no cursor to read."""
    driver: Any = connection.connection.driver_connection
    driver.execute(statement)
