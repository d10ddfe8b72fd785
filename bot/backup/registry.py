"""The list of backups made from a data folder: an erasure reaches those that are still where they were made."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from bot.backup.archive import Backup, NoBackup, open_backup
from bot.core.files import lock, private, sync
from bot.db.keyring import MASTER_FILE, key_id, load_secret, read_masters

LIST = "backups.txt"
"""In the data folder: the paths of the backups, one a line."""
RESTORING = "restoring"
"""The folder in the data folder where a restore makes the database ready."""
DRAFT = ".draft"
"""The suffix of a temporary file."""
LOG_KEY = "log.key"
SECRETS = ("lookup.key", LOG_KEY)
"""The keys that a database needs besides the operator's."""


@dataclass(frozen=True)
class Reached:
    """In how many backups keys were overwritten, and how many could not be reached."""

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
            sync(file)


def forget(folder: Path, visitor_ids: Sequence[str]) -> Reached:
    """Overwrite the keys of erased visitors in every backup on the list; remove temporary files of killed processes.

    A file that is missing from an existing folder was removed, and leaves the list. Where the folder is missing too,
    both may come back, as with a disk that is mounted for backups only: then the next backup overwrites the keys.
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
    """A temporary file beside `target`, readable for its owner alone, removed at the end of the block.

    It is on the list meanwhile: when the process is killed, the next erasure removes it.
    """
    path = target.with_name(f".{target.name}.{os.getpid()}.{what}{DRAFT}")
    with open(path, "wb", opener=private) as file:
        try:
            lock(file)
            remember(folder, path)
            yield path
        finally:
            path.unlink(missing_ok=True)


def discard_restoring(folder: Path) -> None:
    """Remove the leftovers of an interrupted restore: they hold keys that no erasure reaches."""
    shutil.rmtree(folder / RESTORING, ignore_errors=True)


def made_here(folder: Path, where: Path) -> Iterator[Backup]:
    """The backups in the folder `where` that were made with this data folder's keys."""
    ours = key_ids(folder)
    for path in sorted(where.iterdir()):
        if (backup := opened(path)) is not None and _same(backup.manifest.keys, ours):
            yield backup


def _same(theirs: object, ours: object) -> bool:
    return isinstance(theirs, dict) and isinstance(ours, dict) and all(theirs.get(n) == ours.get(n) for n in SECRETS)


def opened(path: Path) -> Backup | None:
    """The backup in `path`; None when there is none."""
    try:
        return open_backup(path) if path.is_file() else None
    except NoBackup:
        return None


def _gone(path: Path) -> bool:
    """Whether it was removed; an abandoned temporary file is removed here."""
    if not path.is_file():
        return path.parent.is_dir()
    if not path.name.endswith(DRAFT):
        return False
    with open(path, "rb") as file, suppress(BlockingIOError):
        lock(file, wait=False)
        path.unlink()
        return True
    return False


def _blank(path: Path, visitor_ids: Sequence[str]) -> bool:
    """Overwrite keys in one file; a temporary one is left to the process that writes it (create.py).

    Raises:
        OSError, NoBackup: it cannot be done.
    """
    return not path.name.endswith(DRAFT) and open_backup(path).blank(visitor_ids) > 0


@contextmanager
def _list(folder: Path) -> Iterator[TextIO]:
    """The list, locked: one process at a time reads and changes it."""
    with open(folder / LIST, "a+", encoding="utf-8", opener=private) as file:
        lock(file)
        file.seek(0)
        yield file
