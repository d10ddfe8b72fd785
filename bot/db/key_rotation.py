"""Rotates the operator's key: each visitor's key is wrapped again; what those keys sealed is unchanged.

Killed at any point, everything can be decrypted and another run completes it: the new key is in master.key before
it wraps anything, and the old one is removed only when nothing needs it.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import ColumnElement, LargeBinary, bindparam, func, select, text, update
from sqlalchemy.orm import Session

from bot.core.errors import Conflict
from bot.core.files import lock, private, write_atomically
from bot.db.database import Database, core
from bot.db.keyring import MASTER_FILE, Keyring, read_masters
from bot.db.models import VisitorKeyRow, table

BATCH = 1000
"""Keys wrapped anew in one transaction."""


def rotate(database: Database, folder: Path, told: Callable[[int], object] = lambda _wrapped: None) -> int:
    """Replace the operator's key; how many visitors' keys were wrapped again.

    An interrupted rotation is completed instead. Works beside a running gateway.

    Args:
        told: is given the number so far after each batch.

    Raises:
        Conflict: another rotation is under way.
        MasterKeyMissing: a key was wrapped by one that is not in master.key; nothing is lost, put that one back.
    """
    with _alone(folder):
        keyring = Keyring.from_folder(folder)
        masters = read_masters(folder)
        if len(masters) == 1:
            write_masters(folder, [secrets.token_bytes(32), *masters])
        current = keyring.reread()
        wrapped = 0
        while True:
            for count in _wrap_all(database, keyring, current):
                wrapped += count
                told(wrapped)
            with database.transaction() as session:
                if _drop_old(session, folder, current):
                    return wrapped


def write_masters(folder: Path, masters: Sequence[bytes]) -> None:
    """Atomically replace master.key; it is on disk when this returns."""
    write_atomically(folder / MASTER_FILE, "".join(master.hex() + "\n" for master in masters).encode("ascii"))


def _wrap_all(database: Database, keyring: Keyring, current: bytes) -> Iterator[int]:
    """Wrap every key that another key wraps, a batch in each transaction; gives how many each held."""
    last = ""
    while True:
        with database.transaction() as session:
            count, last = _wrap_batch(session, keyring, current, last)
        if not last:
            return
        yield count


def _wrap_batch(session: Session, keyring: Keyring, current: bytes, after: str) -> tuple[int, str]:
    """Wrap the next keys after visitor `after`; how many, and the last visitor's id, or "" at the end."""
    rows = session.execute(
        select(VisitorKeyRow.visitor_id, VisitorKeyRow.wrapped)
        .where(_wrapped_by_another(current), VisitorKeyRow.visitor_id > after)
        .order_by(VisitorKeyRow.visitor_id)
        .limit(BATCH)
    ).all()
    _wrap_anew(session, keyring, [(visitor_id, wrapped) for visitor_id, wrapped in rows if wrapped])
    return len(rows), rows[-1][0] if rows else ""


def _wrap_anew(session: Session, keyring: Keyring, keys: Sequence[tuple[str, bytes]]) -> None:
    """A key that was destroyed since it was read stays destroyed."""
    columns = table(VisitorKeyRow).c
    if keys:
        core(session).execute(
            update(table(VisitorKeyRow))
            .where(columns.visitor_id == bindparam("visitor"), columns.wrapped == bindparam("old"))
            .values(wrapped=bindparam("anew")),
            [{"visitor": one, "old": wrapped, "anew": keyring.rewrap(one, wrapped)} for one, wrapped in keys],
        )


def _drop_old(session: Session, folder: Path, current: bytes) -> bool:
    """Leave the current key alone in master.key, unless some visitor's key still needs another.

    Nobody else writes visitors' keys until this transaction ends, and who does afterwards finds the new file.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("LOCK TABLE visitor_key IN SHARE ROW EXCLUSIVE MODE"))
    else:
        session.execute(text("UPDATE visitor_key SET wrapped = wrapped WHERE visitor_id = ''"))
    if session.scalar(select(VisitorKeyRow.visitor_id).where(_wrapped_by_another(current)).limit(1)) is not None:
        return False
    write_masters(folder, read_masters(folder)[:1])
    return True


def _wrapped_by_another(current: bytes) -> ColumnElement[bool]:
    return func.substr(VisitorKeyRow.wrapped, 1, len(current), type_=LargeBinary) != current


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """One rotation at a time, on one machine; the lock goes with its process."""
    with open(folder / "rotation.lock", "ab", opener=private) as file:
        try:
            lock(file, wait=False)
        except OSError as error:
            raise Conflict("Another 'candor keys rotate' is under way. Wait for it.", code="under_way") from error
        yield
