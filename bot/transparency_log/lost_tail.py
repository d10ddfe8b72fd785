"""After a restore, records that were signed may be gone: under the name they have nothing more is signed."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from bot.transparency_log.sequencer import KEPT, LOST, LogBroken, state_of

UNKNOWN = -1


def set_aside(folder: Path, newest: str | None, moment: datetime) -> int | None:
    """Compare the restored log's newest checkpoint with the one kept in the data folder, and set that aside.

    Gives how many records are gone: None when it is none at all, `UNKNOWN` when nothing was kept here to compare with.
    """
    path = folder / KEPT
    kept = path.read_text(encoding="utf-8", errors="replace") if path.is_file() else None
    if (kept is None and newest is None) or (kept is not None and _state(kept) == _state(newest)):
        return None
    aside = folder / f"{LOST}{moment:%Y-%m-%dT%H%M%S}"
    if kept is None:
        aside.write_text(newest or "", encoding="utf-8")
        return UNKNOWN
    path.rename(aside)
    return max(0, _state(kept)[0] - _state(newest)[0])


def _state(note: str | None) -> tuple[int, bytes]:
    """A damaged checkpoint is like none."""
    try:
        return state_of(note)
    except LogBroken:
        return 0, b""
