"""`candor backup create`, dying by kill -9 at the step that the environment variable DIES_AT names."""

import os
import signal
from pathlib import Path
from typing import Any

from bot.backup import create
from bot.cli import main

step = os.environ["DIES_AT"]
really_copy, really_part, really_write, really_replace = create._copy, create._part, create.write_backup, Path.replace


def dies_after(name: str, function: Any) -> Any:
    def wrapped(*arguments: Any) -> Any:
        done = function(*arguments)
        if step == name:
            os.kill(os.getpid(), signal.SIGKILL)
        return done

    return wrapped


create._copy = dies_after("copying", really_copy)
create._part = dies_after("keys taken out", really_part)
create.write_backup = dies_after("written", really_write)
Path.replace = dies_after("renamed", really_replace)  # type: ignore[method-assign]
main.main()
