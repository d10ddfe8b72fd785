"""Who has a SQLite database open: many processes at once, or, to put another in its place, one alone."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bot.core.errors import Conflict

RUNNING = "Candor is running, or one of its commands: the database is in use. Stop it, then try again."
REPLACED = "A backup is being restored. Wait until that has ended."


def shared(database: Path) -> int:
    """Say that this process has the database open, until it ends or the descriptor that is given is closed.

    Raises:
        Conflict: `being_restored`, somebody is putting another in its place.
    """
    return _locked(database, fcntl.LOCK_SH, Conflict(REPLACED, code="being_restored"))


@contextmanager
def alone(database: Path) -> Iterator[None]:
    """Nobody else has the database open, nor opens it, until this ends.

    Raises:
        Conflict: `in_use`, somebody has.
    """
    descriptor = _locked(database, fcntl.LOCK_EX, Conflict(RUNNING, code="in_use"))
    try:
        yield
    finally:
        os.close(descriptor)


def _locked(database: Path, lock: int, otherwise: Conflict) -> int:
    """`candor.lock` beside `candor.db`. It stays when it is let go: who waits for it must not wait for another file."""
    descriptor = os.open(database.with_suffix(".lock"), os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, lock | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        raise otherwise from None
    return descriptor
