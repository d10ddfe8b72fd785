"""Restores a backup: reapplies the erasures made since, then replaces the database; the log continues under a new name.

The new database is prepared beside the present one, which it then replaces atomically: a process killed at any moment
leaves either the old database or the new one.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from cryptography.exceptions import InvalidTag
from sqlalchemy.exc import SQLAlchemyError

from bot import migrations
from bot.backup.archive import Backup, damaged, open_backup
from bot.backup.create import SUFFIX, connect, take
from bot.backup.registry import RESTORING, SECRETS, discard_restoring, key_ids
from bot.cli.context import DATABASE, CommandError
from bot.core.errors import Conflict
from bot.core.files import sync_folder
from bot.core.ids import new_id, now
from bot.core.settings import Settings
from bot.db import Database, Keyring
from bot.db.keyring import MASTER_FILE, MasterKeyMissing
from bot.db.models import ErasureRow
from bot.db.process_lock import RUNNING, alone
from bot.offline import build_offline, make_sequencer
from bot.privacy.erasure import ledger
from bot.privacy.erasure.reapply import erase_again
from bot.privacy.erasure.reasons import Reason
from bot.transparency_log.sequencer import LogBroken, set_aside

SQLITE = b"SQLite format 3\0"
"""The first bytes of every SQLite database file."""
ENGINE = ("engine.db", "engine.db-wal", "engine.db-shm", "engine.db-journal")
"""The engine's store: it may hold conversations that the restored database does not, or that it has as erased."""
OTHER_KEYS = (
    "This backup was made with other keys than those in the data folder. Put {names} back as they were then, "
    "each in its own file; of master.key an older key may follow the current one, on a line of its own."
)


class RestoreRefused(CommandError):
    """The backup does not fit this Candor; `code` says why. Nothing was changed."""

    def __init__(self, message: str, *, code: str) -> None:
        super().__init__(message)
        self.code = code


@dataclass(frozen=True)
class Restored:
    """The result of a restore."""

    backup: Backup
    erased: list[ErasureRow]
    """The erasures that were made again."""
    before: Path | None
    """The previous database, as a backup."""
    aside: Path | None
    """The previous database as it was, where it could not be read."""
    lost: int | None
    """How many records had been signed since; see `bot.transparency_log.sequencer.set_aside`."""


def restore(settings: Settings, path: Path) -> Restored:
    """Replace the SQLite database with that of a backup. Candor must not be running.

    Raises:
        NoBackup: the file is not a backup, or it is damaged.
        RestoreRefused: `backup_newer`, a newer Candor made it; `other_keys`, the data folder has other keys.
        Conflict: `in_use`, Candor is running.
    """
    folder = settings.data_dir
    backup = open_backup(path)
    _check(backup, folder)
    database = folder / DATABASE
    with alone(database), _draft(folder) as draft:
        _check_unused(database)
        blanked = _extract(backup, draft / DATABASE, folder)
        migrations.upgrade(f"sqlite:///{(draft / DATABASE).resolve()}")
        erased = _erase_again(settings, draft, blanked)
        newest = _newest_checkpoint(draft / DATABASE)
        before, aside = _save(database, folder)
        for name in ENGINE:
            (folder / name).unlink(missing_ok=True)
        (draft / DATABASE).replace(database)
        sync_folder(folder)
        lost = set_aside(folder, newest, now())
    _seal(settings)
    return Restored(backup, erased, before, aside, lost)


def reapply_all(database: Database, settings: Settings, entries: Iterable[ledger.Entry]) -> list[ErasureRow]:
    """Reapply the erasures in a ledger that the database does not hold; see `erase_again`."""
    rows = []
    # They are in the ledger already: the entries that reapplying writes go to a temporary one.
    with TemporaryDirectory(dir=settings.data_dir) as scratch:
        services = build_offline(settings, database, ledger=Path(scratch))
        for entry in entries:
            with database.transaction() as session:
                rows.append(erase_again(session, services.eraser, services.recorder, entry))
    return [row for row in rows if row is not None]


@contextmanager
def _draft(folder: Path) -> Iterator[Path]:
    """An empty folder to prepare the database in; removed at the end."""
    discard_restoring(folder)
    draft = folder / RESTORING
    draft.mkdir(mode=0o700)
    try:
        yield draft
    finally:
        discard_restoring(folder)


def _check(backup: Backup, folder: Path) -> None:
    """Check, before anything is changed, that the backup fits this Candor and its keys."""
    manifest, ours = backup.manifest, key_ids(folder)
    if not migrations.is_known(manifest.schema):
        raise RestoreRefused(
            f"This backup was made by a newer Candor ({manifest.candor}). Update Candor, then restore it.",
            code="backup_newer",
        )
    missing = [name for name in SECRETS if name in manifest.keys and ours.get(name) != manifest.keys[name]]
    if missing or not ours[MASTER_FILE]:
        raise RestoreRefused(OTHER_KEYS.format(names=", ".join([*missing, MASTER_FILE])), code="other_keys")


def _check_unused(database: Path) -> None:
    """Check that no program has the database open, with or without our lock. Merges the write-ahead log into it."""
    if not _is_sqlite(database):
        return
    try:
        with closing(sqlite3.connect(database, timeout=1)) as connection:
            (mode,) = connection.execute("PRAGMA journal_mode=DELETE").fetchone()
    except sqlite3.OperationalError as error:
        raise Conflict(RUNNING, code="in_use") from error
    except sqlite3.DatabaseError:
        return  # It is damaged: it will be set aside as it is.
    if mode != "delete":
        raise Conflict(RUNNING, code="in_use")


def _is_sqlite(database: Path) -> bool:
    """Whether the file is a SQLite database. Opening any other file makes SQLite discard its write-ahead log."""
    if not database.is_file():
        return False
    with open(database, "rb") as file:
        return file.read(len(SQLITE)) == SQLITE


def _extract(backup: Backup, draft: Path, folder: Path) -> list[str]:
    """Write the backup's database, with the visitors' keys, to `draft`; give the visitors whose keys were blanked."""
    with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        backup.copy_database(file)
        file.flush()
        os.fsync(file.fileno())
    keyring, keys = Keyring.from_folder(folder), list(backup.keys())
    try:
        for visitor_id, wrapped in keys:
            if wrapped:
                keyring.unwrap(visitor_id, wrapped)
    except MasterKeyMissing as error:
        raise RestoreRefused(OTHER_KEYS.format(names=MASTER_FILE), code="other_keys") from error
    except InvalidTag as error:
        raise damaged(backup.path) from error
    with closing(connect(draft)) as connection, connection:
        connection.executemany(
            "UPDATE visitor_key SET wrapped = ? WHERE visitor_id = ?", [(key or None, who) for who, key in keys]
        )
    return [visitor_id for visitor_id, wrapped in keys if not wrapped]


def _erase_again(settings: Settings, draft: Path, blanked: Iterable[str]) -> list[ErasureRow]:
    """Reapply the erasures in the ledger. Keys blanked in the backup reveal erasures if the ledger was lost."""
    entries = list(ledger.read(settings.data_dir))
    for visitor_id in set(blanked) - {entry.visitor_id for entry in entries}:
        entry = ledger.Entry(visitor_id, new_id("era"), Reason.OPERATOR.value, now().isoformat())
        ledger.append(settings.data_dir, entry)
        entries.append(entry)
    database = Database(f"sqlite:///{(draft / DATABASE).resolve()}")
    erased = reapply_all(database, settings, entries)
    database.close()
    # From here on the database is one file, complete without a write-ahead log.
    with closing(connect(draft / DATABASE)) as connection:
        connection.execute("PRAGMA journal_mode=DELETE")
    return erased


def _save(database: Path, folder: Path) -> tuple[Path | None, Path | None]:
    """Keep the present database: as a backup, which erasures reach; or as it is, where it cannot be read."""
    name = f"before-restore-{now():%Y-%m-%dT%H%M%S}"
    saved: Path | None = None
    if _is_sqlite(database):
        with suppress(sqlite3.DatabaseError):
            saved = take(database, folder, folder / f"{name}{SUFFIX}").backup.path
    if saved is not None or not database.is_file():
        _remove_write_ahead(database)
        return saved, None
    aside = folder / f"{name}.db"
    os.link(database, aside)
    with suppress(FileNotFoundError):
        Path(f"{database}-wal").rename(f"{aside}-wal")
    _remove_write_ahead(database)
    return None, aside


def _remove_write_ahead(database: Path) -> None:
    """Remove the companions of the replaced database: SQLite would use them for the new one."""
    for suffix in ("-wal", "-shm", "-journal"):
        Path(f"{database}{suffix}").unlink(missing_ok=True)


def _newest_checkpoint(database: Path) -> str | None:
    with closing(connect(database)) as connection:
        row = connection.execute("SELECT note FROM log_checkpoint ORDER BY size DESC LIMIT 1").fetchone()
    return None if row is None else str(row[0])


def _seal(settings: Settings) -> None:
    """Seal the records of the erasures, so that the log can be verified at once; otherwise the next start does it."""
    database, sequencer = Database(settings.database_address), make_sequencer(settings)
    with suppress(LogBroken, SQLAlchemyError):
        while True:
            with database.transaction() as session:
                note = sequencer.seal(session)
            if note is None:
                break
            sequencer.keep(note)
    database.close()
