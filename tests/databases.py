"""Fresh SQLite databases with the whole schema: a copy of one that the migrations made, once in each process."""

from __future__ import annotations

import atexit
import shutil
import tempfile
from functools import cache
from pathlib import Path

from bot import migrations
from bot.db import Database


def fresh_database(path: Path) -> Database:
    """The database in the new file `path`."""
    shutil.copyfile(_template(), path)
    return Database(f"sqlite:///{path}")


@cache
def _template() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="candor-schema-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    migrations.upgrade(f"sqlite:///{folder / 'schema.db'}")
    return folder / "schema.db"
