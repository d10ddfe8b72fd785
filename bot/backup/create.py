"""Creates a backup beside a running Candor: one consistent copy, without blocking writers."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import bot
from bot.backup.archive import Backup, Manifest, open_backup, sha256_of, write_backup
from bot.backup.registry import drafted, forget, key_ids, made_here, opened, remember
from bot.core.errors import BadRequest, Conflict
from bot.core.files import sync_folder
from bot.core.ids import now
from bot.db.database import BUSY_SECONDS

SUFFIX = ".candor-backup"
"""Of the name that a backup gets where only a folder was given."""


@dataclass(frozen=True)
class Taken:
    """A backup that was taken, and older ones that were removed."""

    backup: Backup
    removed: list[Path]


def take(database: Path, folder: Path, target: Path, keep: int | None = None) -> Taken:
    """Back up the SQLite database `database` of the data folder `folder`.

    Args:
        target: the file to write, or a folder in which it gets a name by the moment.
        keep: how many backups of this Candor's to keep in that folder, this one included; all when left out.

    Raises:
        BadRequest: there is no such folder.
        Conflict: there is a file of this name that is no backup.
    """
    moment = now()
    path = _path(target, moment)
    with drafted(folder, path, "database") as copy, drafted(folder, path, "backup") as draft:
        _copy(database, copy)
        manifest, keys = _part(copy, folder, moment)
        write_backup(draft, manifest, keys, copy)
        # Before the file exists, for a process that dies then; and below, as an erasure may have dropped it.
        remember(folder, path)
        draft.replace(path)
    sync_folder(path.parent)
    beside = list(made_here(folder, path.parent))
    for backup in beside:
        remember(folder, backup.path)
    # Visitors erased while it was written, and those whose keys are still in a backup that was out of reach.
    forget(folder, _erased(database))
    return Taken(open_backup(path), _remove_old(beside, path, keep) if keep else [])


def _path(target: Path, moment: datetime) -> Path:
    path = target / f"{moment:%Y-%m-%dT%H%M%S}{SUFFIX}" if target.is_dir() else target
    if not path.parent.is_dir():
        raise BadRequest("The folder for the backup does not exist. Make it first, readable for nobody else.")
    if path.exists() and opened(path) is None:
        raise Conflict(f"{path.name} exists and is no backup of Candor's. Choose another name.")
    return path.resolve()


def _copy(database: Path, copy: Path) -> None:
    """The database as it is at one moment."""
    with closing(connect(database)) as source, closing(connect(copy)) as destination:
        # In one step: a copy that is made in several begins again whenever somebody writes.
        source.backup(destination)
        # The copy is one file from here on: what is changed in it leaves nothing beside it.
        destination.execute("PRAGMA journal_mode=DELETE")


def connect(database: Path) -> sqlite3.Connection:
    """An existing SQLite database."""
    connection = sqlite3.connect(f"{database.resolve().as_uri()}?mode=rw", uri=True, timeout=BUSY_SECONDS)
    connection.execute("PRAGMA secure_delete=ON")
    return connection


def _part(copy: Path, folder: Path, moment: datetime) -> tuple[Manifest, list[tuple[str, bytes]]]:
    """Move the visitors' keys out of the copy, and remove what must not come back with a restore."""
    with closing(connect(copy)) as connection, connection:
        connection.execute("PRAGMA journal_mode=MEMORY")
        keys = connection.execute(
            "SELECT visitor_id, wrapped FROM visitor_key WHERE wrapped IS NOT NULL ORDER BY visitor_id"
        ).fetchall()
        # As long as before, so that SQLite overwrites each in its place.
        connection.execute("UPDATE visitor_key SET wrapped = zeroblob(length(wrapped)) WHERE wrapped IS NOT NULL")
        connection.execute("DELETE FROM staff_session")
        (schema,) = connection.execute("SELECT version_num FROM alembic_version").fetchone()
        log = connection.execute("SELECT size, root FROM log_checkpoint ORDER BY size DESC LIMIT 1").fetchone()
    size, root = log or (0, hashlib.sha256().hexdigest())
    manifest = Manifest(
        candor=bot.__version__,
        schema=schema,
        taken_at=moment.isoformat(timespec="seconds"),
        log_size=size,
        log_root=root,
        keys=key_ids(folder),
        visitors=len(keys),
        database_bytes=copy.stat().st_size,
        database_sha256=sha256_of(copy),
    )
    return manifest, keys


def _erased(database: Path) -> list[str]:
    with closing(connect(database)) as connection:
        rows = connection.execute("SELECT visitor_id FROM visitor_key WHERE destroyed_at IS NOT NULL").fetchall()
    return [visitor_id for (visitor_id,) in rows]


def _remove_old(backups: Iterable[Backup], newest: Path, keep: int) -> list[Path]:
    """Remove older ones, so that with `newest` there are `keep`."""
    others = sorted((one for one in backups if one.path != newest), key=lambda one: one.manifest.taken_at)
    old = [one.path for one in others[: max(0, len(others) + 1 - keep)]]
    for path in old:
        path.unlink()
    return old
