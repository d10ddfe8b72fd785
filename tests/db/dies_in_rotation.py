"""`candor keys rotate`, dying by kill -9 at the step that the environment variable DIES_AT names."""

import os
import signal
from pathlib import Path
from typing import Any

from bot.cli import main
from bot.db import key_rotation

step = os.environ["DIES_AT"]
really_replace, really_wrap, really_drop = Path.replace, key_rotation._wrap_batch, key_rotation._drop_old
batches = 0


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def replace(self: Path, target: Any) -> Path:
    if step in ("before the new key", "before the old key goes"):
        count = len(self.read_text().split())
        if count == (2 if step == "before the new key" else 1):
            die()
    done = really_replace(self, target)
    if step == "after the new key" or (step == "after the old key went" and len(Path(target).read_text().split()) == 1):
        die()
    return done


def wrap(*arguments: Any) -> Any:
    global batches
    done = really_wrap(*arguments)
    batches += 1
    # The second batch is written but not committed; the first one is.
    if step == "in a batch" and batches == 2:
        die()
    return done


def drop(*arguments: Any) -> bool:
    if step == "after the last batch":
        die()
    return really_drop(*arguments)


Path.replace, key_rotation._wrap_batch, key_rotation._drop_old = replace, wrap, drop  # type: ignore[method-assign]
main.main()
