"""`candor backup restore`, dying by kill -9 at the step that the environment variable DIES_AT names."""

import os
import signal
from pathlib import Path
from typing import Any

from bot.cli import main, restore

step = os.environ["DIES_AT"]


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def dies(name: str, *, after: bool) -> None:
    really = getattr(restore, name)

    def wrapped(*arguments: Any) -> Any:
        if step == f"before {name}":
            die()
        done = really(*arguments)
        if step == f"after {name}" and after:
            die()
        return done

    setattr(restore, name, wrapped)


really_replace = Path.replace


def replace(self: Path, target: Any) -> Path:
    swap = Path(target).name == "candor.db"
    if swap and step == "before the swap":
        die()
    done = really_replace(self, target)
    if swap and step == "after the swap":
        die()
    return done


Path.replace = replace  # type: ignore[method-assign]
for name in ("_extract", "_erase_again", "_save", "set_aside"):
    dies(name, after=True)
main.main()
