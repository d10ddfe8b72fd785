"""What many tests share: a real SQLite database in a folder of its own, and the gateway's parts over it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.settings import Settings
from bot.storage import Database
from bot.storage.tables import Base


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(data_dir=tmp_path)


@pytest.fixture
def database(settings: Settings) -> Iterator[Database]:
    database = Database(f"sqlite:///{settings.data_dir / 'test.db'}")
    Base.metadata.create_all(database.engine)
    yield database
    database.close()
