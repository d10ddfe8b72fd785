"""Fresh SQLite databases with all tables: copies of one that is made once in each process.

They are made from the models, without the triggers that keep records from being changed: tests tamper with them.
tests/db/test_migrations.py holds the migrations to the same tables, and tests of the triggers use the migrations.
"""

from __future__ import annotations

import atexit
import shutil
import tempfile
from functools import cache
from pathlib import Path

from bot.db import Database
from bot.db.models import Base


def fresh_database(path: Path) -> Database:
    """The database in the new file `path`."""
    shutil.copyfile(_template(), path)
    return Database(f"sqlite:///{path}")


@cache
def _template() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="candor-schema-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    database = Database(f"sqlite:///{folder / 'schema.db'}")
    Base.metadata.create_all(database.engine)
    database.close()
    return folder / "schema.db"
