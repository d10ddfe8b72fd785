"""Gives each new record its place in the log and signs the log's new state. One transaction at a time."""

from __future__ import annotations

import base64
import contextlib
import time
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from sqlalchemy.orm import Session

from bot.core.errors import CandorError
from bot.core.files import write_atomically
from bot.db import touch
from bot.db.models import LogCheckpointRow
from bot.transparency_log import repository
from bot.transparency_log.checkpoint import Signer
from bot.transparency_log.leaf import Header, header_text, leaf_data
from bot.transparency_log.merkle import leaf_hash
from bot.transparency_log.tiles import Tree

BATCH = 4096
"""Records sealed in one transaction."""
KEPT = "log.checkpoint"
"""The newest checkpoint in the data folder: it tells a database that was set back from one that was not."""
LOST = "log.lost-"
"""How a file begins that holds the newest checkpoint of a log whose last records are gone (`set_aside`)."""
UNKNOWN = -1
"""The number of records that are gone after a restore, when nothing was kept to compare with."""
DRAFT_SECONDS = 60
"""How old a draft of it is that nobody writes any more."""


SEALED = "checkpoints"
"""The topic that a commit touches which leaves a new checkpoint."""


class LogBroken(CandorError):
    """500: the log is not what was signed before; nothing more is signed until somebody has looked."""

    code = "log_broken"


class Sequencer:
    """Seals what is not sealed yet.

    Args:
        folder: the data folder, where the newest checkpoint is kept beside the database.
    """

    def __init__(self, signer: Signer, folder: Path) -> None:
        self.signer = signer
        self._kept = folder / KEPT
        self.trouble: str | None = None
        """What keeps the log from being sealed, as `LogBroken` told it; None while all is well."""

    def seal(self, session: Session) -> str | None:
        """Seal up to `BATCH` records; the new checkpoint, or None when there was nothing to do (or another seals).

        Raises:
            LogBroken: the tree no longer fits the newest checkpoint in the database or in the data folder.
        """
        if not repository.lock_log(session):
            return None
        rows = repository.unsealed(session, BATCH)
        if not rows:
            return None
        last = repository.newest(session)
        tree = Tree(session, last.size if last is not None else 0)
        self._check(tree, last)
        return self._seal(session, tree, rows)

    def keep(self, note: str) -> None:
        """Keep a committed checkpoint in the data folder, where a newer one stays: several gateways may share it."""
        size, _ = state_of(note)
        if size < state_of(self.kept())[0]:
            return
        write_atomically(self._kept, note.encode(), f"{KEPT}.{size}")
        self._remove_old_drafts()

    def _remove_old_drafts(self) -> None:
        """Those that a killed process left: whoever is still writing one has it renamed within a minute."""
        for draft in self._kept.parent.glob(f"{KEPT}.*"):
            with contextlib.suppress(FileNotFoundError):
                if time.time() - draft.stat().st_mtime > DRAFT_SECONDS:
                    draft.unlink()

    def kept(self) -> str | None:
        """The checkpoint kept in the data folder."""
        return self._kept.read_text(encoding="utf-8", errors="replace") if self._kept.exists() else None

    def _lost_names(self) -> set[str]:
        notes = (path.read_text(encoding="utf-8") for path in self._kept.parent.glob(f"{LOST}*"))
        return {note.partition("\n")[0] for note in notes}

    def _seal(self, session: Session, tree: Tree, rows: Sequence[Header]) -> str:
        first = tree.size
        tree.append([leaf_hash(leaf_data(header_text(row))) for row in rows])
        repository.place(session, rows, first)
        repository.count_by_day(session, rows)
        root = tree.root()
        note = self.signer.sign(tree.size, root)
        touch(session, SEALED)
        repository.add_checkpoint(session, tree.size, root, note)
        return note

    def _check(self, tree: Tree, last: LogCheckpointRow | None) -> None:
        """Never sign a checkpoint that is inconsistent with an earlier one."""
        if self.signer.origin in self._lost_names():
            raise LogBroken(
                "A backup was restored: records that were signed under the log's name are gone. Give it another one "
                "in CANDOR_LOG_ORIGIN; docs/how-to/operate.md tells why."
            )
        size, root = state_of(self.kept())
        if size > tree.size:
            raise LogBroken(
                f"The database holds {tree.size} sealed records, but {size} were signed: it was set back. "
                "docs/how-to/operate.md tells what to do."
            )
        for known, expected in ((tree.size, bytes.fromhex(last.root) if last else b""), (size, root)):
            if known and _root(tree, known) != expected:
                raise LogBroken("The log's tree is not the one that was signed. Run 'candor log verify'.")


def set_aside(folder: Path, newest: str | None, moment: datetime) -> int | None:
    """After a restore: compare the log's newest checkpoint with the one kept in the data folder, and set that aside.

    Records that were signed may be gone: then nothing more may be signed under the log's present name.

    Gives how many records are gone: None when it is none at all, `UNKNOWN` when nothing was kept here to compare with.
    """
    path = folder / KEPT
    kept = path.read_text(encoding="utf-8", errors="replace") if path.is_file() else None
    if (kept is None and newest is None) or (kept is not None and _state_or_none(kept) == _state_or_none(newest)):
        return None
    aside = folder / f"{LOST}{moment:%Y-%m-%dT%H%M%S}"
    if kept is None:
        aside.write_text(newest or "", encoding="utf-8")
        return UNKNOWN
    path.rename(aside)
    return max(0, _state_or_none(kept)[0] - _state_or_none(newest)[0])


def state_of(note: str | None) -> tuple[int, bytes]:
    """Size and root in a checkpoint of our own; its name may have changed since.

    Raises:
        LogBroken: it is none.
    """
    if note is None:
        return 0, b""
    try:
        _, size, root = note.split("\n")[:3]
        return int(size), base64.b64decode(root, validate=True)
    except ValueError as error:
        raise LogBroken(f"{KEPT} in the data folder is damaged. Run 'candor log verify', then remove it.") from error


def _root(tree: Tree, size: int) -> bytes | None:
    try:
        return tree.root(size)
    except LookupError:
        return None


def _state_or_none(note: str | None) -> tuple[int, bytes]:
    """A damaged checkpoint is like none."""
    try:
        return state_of(note)
    except LogBroken:
        return 0, b""
