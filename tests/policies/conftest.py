"""A folder of drafts of one's own; and what a test puts in force goes with it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.core.settings import POLICY_DRAFTS
from bot.db import Database
from bot.policies.current import SNAPSHOT
from bot.policies.repository import load, publish_first
from tests.databases import migrated
from tests.policies.site import Site, running
from tests.transactions import read, write


@pytest.fixture(autouse=True)
def _in_force_again() -> Iterator[None]:
    with SNAPSHOT.kept():
        yield


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The drafts that Candor comes with, to be changed."""
    return Path(shutil.copytree(POLICY_DRAFTS, tmp_path / "drafts"))


@pytest.fixture
def published(any_database: Database) -> Database:
    """A database in which the first version is published and in force, as after a first start."""
    write(any_database, publish_first)
    read(any_database, load)
    return any_database


@pytest.fixture(params=["sqlite", "postgresql"])
def guarded(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """As `published`, made by the migrations, with the triggers that guard it."""
    url = f"sqlite:///{tmp_path / 'guarded.db'}"
    if request.param == "postgresql":
        url = request.getfixturevalue("postgres")()
    else:
        migrated(tmp_path / "guarded.db")
    database = Database(url)
    write(database, publish_first)
    read(database, load)
    yield database
    database.close()


@pytest.fixture
def site(tmp_path: Path, folder: Path) -> Iterator[Site]:
    """A running gateway of its own."""
    with running(tmp_path / "data", folder) as found:
        yield found
