"""Which backups were made from a data folder, so that an erasure reaches those that lie where they were made."""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from bot.backup.archive import Backup, NoBackup, open_backup
from bot.db.keyring import MASTER_FILE, key_id, load_secret, read_masters

LIST = "backups.txt"
"""In the data folder: the paths of the backups, one a line."""
RESTORING = "restoring"
"""The folder in the data folder where a restore makes the database ready."""
DRAFT = ".draft"
"""How a file that is being worked on ends."""
LOG_KEY = "log.key"
SECRETS = ("lookup.key", LOG_KEY)
"""Besides the operator's key, the keys without which a database is not whole."""


@dataclass(frozen=True)
class Reached:
    """How many backups held a key and do no more, and how many could not be reached."""

    blanked: int = 0
    out_of_reach: int = 0


def key_ids(folder: Path) -> dict[str, list[str]]:
    """The ids of the keys in a data folder, by file; none for a file that is not there."""
    masters = read_masters(folder) if (folder / MASTER_FILE).is_file() else []
    others = {name: [key_id(load_secret(folder, name)).hex()] for name in SECRETS if (folder / name).is_file()}
    return {MASTER_FILE: [key_id(master).hex() for master in masters], **others}


def remember(folder: Path, backup: Path) -> None:
    """Put a file on the list; it has reached the disk when this returns."""
    with _list(folder) as file:
        if str(backup) not in file.read().splitlines():
            file.write(f"{backup}\n")
            file.flush()
            os.fsync(file.fileno())


def forget(folder: Path, visitor_ids: Sequence[str]) -> Reached:
    """Blank the keys of erased visitors in every backup on the list, and remove what a backup that died left there.

    A file that is gone from a folder that is still there was removed, and leaves the list; where the folder is gone too
    both may come back, as a disk that is there for the backup only: then the next backup blanks it.
    """
    blanked, out_of_reach, staying = 0, 0, []
    with _list(folder) as file:
        paths = [Path(line) for line in file.read().splitlines()]
        for path in paths:
            try:
                if _gone(path):
                    continue
                blanked += _blank(path, visitor_ids)
            except (OSError, NoBackup):
                out_of_reach += 1
            staying.append(path)
        if staying != paths:
            file.seek(0)
            file.truncate()
            file.writelines(f"{path}\n" for path in staying)
    return Reached(blanked, out_of_reach)


@contextmanager
def drafted(folder: Path, target: Path, what: str) -> Iterator[Path]:
    """An empty file beside `target`, for the owner alone, that is gone when this ends, at the latest with an erasure.

    It is on the list meanwhile: what a process that dies leaves in it must not outlive an erasure.
    """
    path = target.with_name(f".{target.name}.{os.getpid()}.{what}{DRAFT}")
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        remember(folder, path)
        yield path
    finally:
        path.unlink(missing_ok=True)
        os.close(descriptor)


def discard_restoring(folder: Path) -> None:
    """Remove what a restore left that was cut off: it holds keys that no erasure reaches there."""
    shutil.rmtree(folder / RESTORING, ignore_errors=True)


def made_here(folder: Path, where: Path) -> Iterator[Backup]:
    """The backups in the folder `where` that were made with this data folder's keys."""
    ours = key_ids(folder)
    for path in sorted(where.iterdir()):
        if path.is_file() and (backup := _opened(path)) is not None and _same(backup.manifest.keys, ours):
            yield backup


def _same(theirs: object, ours: object) -> bool:
    return isinstance(theirs, dict) and isinstance(ours, dict) and all(theirs.get(n) == ours.get(n) for n in SECRETS)


def _opened(path: Path) -> Backup | None:
    try:
        return open_backup(path)
    except NoBackup:
        return None


def _gone(path: Path) -> bool:
    """Whether it was removed; a draft that nobody works on any more is removed here."""
    if not path.is_file():
        return path.parent.is_dir()
    if not path.name.endswith(DRAFT):
        return False
    with open(path, "rb") as file, suppress(BlockingIOError):
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        path.unlink()
        return True
    return False


def _blank(path: Path, visitor_ids: Sequence[str]) -> bool:
    """What is still being written is blanked once it has been: see take.py.

    Raises:
        OSError, NoBackup: it cannot be done.
    """
    return not path.name.endswith(DRAFT) and open_backup(path).blank(visitor_ids) > 0


@contextmanager
def _list(folder: Path) -> Iterator[TextIO]:
    """The list, to be read and changed by one process at a time."""
    with open(os.open(folder / LIST, os.O_RDWR | os.O_CREAT, 0o600), "r+", encoding="utf-8") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield file
