"""Fresh SQLite databases: copies of one that the migrations make once in each process.

`fresh_database` lacks the triggers that keep records from being changed, as tests tamper with them.
"""

from __future__ import annotations

import atexit
import shutil
import sqlite3
import tempfile
from collections.abc import Hashable
from contextlib import closing
from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, create_engine, event
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite

from bot import migrations
from bot.db import Database, database


def fresh_database(path: Path) -> Database:
    """The database in the new file `path`. It does not wait for the disk: no test takes the power away."""
    shutil.copyfile(_template(), path)
    made = Database(f"sqlite:///{path}")
    event.listen(made.engine, "connect", lambda connection, _: connection.execute("PRAGMA synchronous=OFF"))
    return made


def migrated(path: Path) -> None:
    """Make the new file `path` as the migrations make it, triggers and all."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    shutil.copyfile(_migrated(), path)


@cache
def _template() -> Path:
    path = _migrated().with_name("schema.db")
    shutil.copyfile(_migrated(), path)
    with closing(sqlite3.connect(path)) as connection:
        for (trigger,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            connection.execute(f"DROP TRIGGER {trigger}")
    return path


@cache
def _migrated() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="candor-schema-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    path = folder / "migrated.db"
    migrations.upgrade(f"sqlite:///{path}")
    return path


def share_compiled_statements() -> None:
    """Statements are compiled once in a process, not once for each test's database: a third of the tests' time.

    SQLAlchemy keeps what it compiled with an engine, by the engine's dialect; here by the dialect's class.
    """
    compiled: dict[Hashable, Any] = {}

    def create(*arguments: Any, **options: Any) -> Engine:
        engine = create_engine(*arguments, **options)
        engine.update_execution_options(compiled_cache=compiled)
        return engine

    database.create_engine = create
    for dialect in (SQLiteDialect_pysqlite, PGDialect_psycopg):
        dialect.__eq__ = lambda self, other: type(self) is type(other)
        dialect.__hash__ = lambda self: hash(type(self))
