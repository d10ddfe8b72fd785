"""Restoring a backup: who was erased since is erased again before anything else, and the log goes on under a new name.

Everything is made ready beside the database, which then is replaced at one stroke: killed at any moment, this leaves
either the old database or the new one.
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
from bot.backup.registry import LOG_KEY, RESTORING, SECRETS, discard_restoring, key_ids
from bot.cli.erasing import make_eraser
from bot.core.errors import BadRequest, Conflict
from bot.core.files import sync_folder
from bot.core.ids import new_id, now
from bot.core.settings import Settings
from bot.db import Database, Keyring
from bot.db.keyring import MASTER_FILE, MasterKeyMissing, load_secret
from bot.db.models import ErasureRow
from bot.db.process_lock import RUNNING, alone
from bot.privacy.erasure import ledger
from bot.privacy.erasure.reapply import erase_again
from bot.privacy.erasure.reasons import Reason
from bot.transparency_log import Sealer
from bot.transparency_log.checkpoint import Signer
from bot.transparency_log.lost_tail import set_aside
from bot.transparency_log.sequencer import LogBroken

DATABASE = "candor.db"
SQLITE = b"SQLite format 3\0"
"""How the file of each SQLite database begins."""
ENGINE = ("engine.db", "engine.db-wal", "engine.db-shm", "engine.db-journal")
"""The engine's store: it remembers conversations that the restored database knows nothing of, or knows as erased."""
OTHER_KEYS = (
    "This backup was made with other keys than those in the data folder. Put {names} back as they were then, "
    "each in its own file; of master.key an older key may follow the current one, on a line of its own."
)


@dataclass(frozen=True)
class Restored:
    """What came of it."""

    backup: Backup
    erased: list[ErasureRow]
    """Who was erased again."""
    before: Path | None
    """The database that was there before, as a backup."""
    aside: Path | None
    """The same, as it was, where it could not be read any more."""
    lost: int | None
    """How many records had been signed since, as `bot.transparency_log.lost_tail.set_aside` tells."""


def restore(settings: Settings, path: Path) -> Restored:
    """Put the SQLite database of a backup in the present one's place. Candor must not be running.

    Raises:
        NoBackup: the file is none, or damaged.
        BadRequest: `backup_newer`, it was made by a newer Candor; `other_keys`, the data folder has other keys.
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


def erase_all_again(database: Database, settings: Settings, entries: Iterable[ledger.Entry]) -> list[ErasureRow]:
    """Do the erasures in a ledger again, those that the database does not know; see `erase_again`."""
    # They are in the ledger already: what is noted of them now is thrown away.
    with TemporaryDirectory(dir=settings.data_dir) as scratch:
        eraser, recorder = make_eraser(settings, Path(scratch))
        rows = [database.write_now(lambda s, e=entry: erase_again(s, eraser, recorder, e)) for entry in entries]  # type: ignore[misc]
    return [row for row in rows if row is not None]


@contextmanager
def _draft(folder: Path) -> Iterator[Path]:
    """An empty folder to make the database ready in, gone when this ends."""
    discard_restoring(folder)
    draft = folder / RESTORING
    draft.mkdir(mode=0o700)
    try:
        yield draft
    finally:
        discard_restoring(folder)


def _check(backup: Backup, folder: Path) -> None:
    """Before anything is touched: does it fit this Candor and its keys?"""
    manifest, ours = backup.manifest, key_ids(folder)
    if not migrations.is_known(manifest.schema):
        raise BadRequest(
            f"This backup was made by a newer Candor ({manifest.candor}). Update Candor, then restore it.",
            code="backup_newer",
        )
    missing = [name for name in SECRETS if name in manifest.keys and ours.get(name) != manifest.keys[name]]
    if missing or not ours[MASTER_FILE]:
        raise BadRequest(OTHER_KEYS.format(names=", ".join([*missing, MASTER_FILE])), code="other_keys")


def _check_unused(database: Path) -> None:
    """Not by a program that knows nothing of our lock either. Brings what is in the write-ahead log into the file."""
    if not _is_sqlite(database):
        return
    try:
        with closing(sqlite3.connect(database, timeout=1)) as connection:
            (mode,) = connection.execute("PRAGMA journal_mode=DELETE").fetchone()
    except sqlite3.OperationalError as error:
        raise Conflict(RUNNING, code="in_use") from error
    except sqlite3.DatabaseError:
        return  # It is damaged; then it is set aside as it is.
    if mode != "delete":
        raise Conflict(RUNNING, code="in_use")


def _is_sqlite(database: Path) -> bool:
    """Whether there is such a file at all. SQLite throws the write-ahead log of any other away when it opens it."""
    if not database.is_file():
        return False
    with open(database, "rb") as file:
        return file.read(len(SQLITE)) == SQLITE


def _extract(backup: Backup, draft: Path, folder: Path) -> list[str]:
    """The database of the backup with its visitors' keys in it; the visitors whose keys were blanked."""
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
        raise BadRequest(OTHER_KEYS.format(names=MASTER_FILE), code="other_keys") from error
    except InvalidTag as error:
        raise damaged(backup.path) from error
    with closing(connect(draft)) as connection, connection:
        connection.executemany(
            "UPDATE visitor_key SET wrapped = ? WHERE visitor_id = ?", [(key or None, who) for who, key in keys]
        )
    return [visitor_id for visitor_id, wrapped in keys if not wrapped]


def _erase_again(settings: Settings, draft: Path, blanked: Iterable[str]) -> list[ErasureRow]:
    """Who is in the ledger, and whose key was blanked in the backup: that is known even where the ledger is lost."""
    entries = list(ledger.read(settings.data_dir))
    for visitor_id in set(blanked) - {entry.visitor_id for entry in entries}:
        entry = ledger.Entry(visitor_id, new_id("era"), Reason.OPERATOR.value, now().isoformat())
        ledger.append(settings.data_dir, entry)
        entries.append(entry)
    database = Database(f"sqlite:///{(draft / DATABASE).resolve()}")
    erased = erase_all_again(database, settings, entries)
    database.close()
    # One file from here on, which is whole without a write-ahead log.
    with closing(connect(draft / DATABASE)) as connection:
        connection.execute("PRAGMA journal_mode=DELETE")
    return erased


def _save(database: Path, folder: Path) -> tuple[Path | None, Path | None]:
    """Keep the present database: as a backup, which erasures reach; or as it is, where it cannot be read any more."""
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
    """Those of a database that is there no more: SQLite would take them for the new one's."""
    for suffix in ("-wal", "-shm", "-journal"):
        Path(f"{database}{suffix}").unlink(missing_ok=True)


def _newest_checkpoint(database: Path) -> str | None:
    with closing(connect(database)) as connection:
        row = connection.execute("SELECT note FROM log_checkpoint ORDER BY size DESC LIMIT 1").fetchone()
    return None if row is None else str(row[0])


def _seal(settings: Settings) -> None:
    """Seal the records of the erasures, so that the log can be checked at once; else the next start does it."""
    database = Database(settings.database_address)
    sealer = Sealer(Signer(settings.log_origin, load_secret(settings.data_dir, LOG_KEY)), settings.data_dir)
    with suppress(LogBroken, SQLAlchemyError):
        while (note := database.write_now(sealer.seal)) is not None:
            sealer.keep(note)
    database.close()
