"""`candor serve`, dying by kill -9 within the sequencer: before its commit, after it, or as the checkpoint is kept."""

import os
import random
import signal
from collections.abc import Callable
from typing import Any

from bot.cli import main
from bot.transparency_log import repository
from bot.transparency_log.sequencer import KEPT, Sequencer

left = random.randint(1, 8)
"""Seals until the end comes."""


def die(*_: Any) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def before(work: Callable[..., Any]) -> Callable[..., Any]:
    """`work`, with the end coming just before it at its `left`-th time."""

    def dying(*arguments: Any) -> Any:
        global left
        left -= 1
        if left <= 0:
            die()
        return work(*arguments)

    return dying


def keep_half(self: Sequencer, note: str) -> None:
    """A checkpoint half written."""
    size = note.split("\n")[1]
    self._kept.with_name(f"{KEPT}.{size}").write_text(note[: len(note) // 2])
    die()


moment = random.choice(("before the commit", "after the commit", "while it is kept"))
if moment == "before the commit":
    repository.count_by_day = before(repository.count_by_day)
elif moment == "after the commit":
    Sequencer.keep = before(Sequencer.keep)  # type: ignore[method-assign]
else:
    Sequencer.keep = keep_half  # type: ignore[method-assign]
main.main()
