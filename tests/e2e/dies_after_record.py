"""`candor serve`, dying by kill -9 the moment a reply's transaction has committed, before anyone is told of it."""

import os
import signal
from typing import Any

from bot.chat.pipeline import Turns
from bot.cli import main
from bot.messaging import Hub

recorded = False
really_record, really_wake = Turns._recorded, Hub.wake


def record(self: Turns, *arguments: Any) -> None:
    global recorded
    really_record(self, *arguments)
    recorded = True


def wake(self: Hub, topics: Any) -> None:
    if recorded:
        os.kill(os.getpid(), signal.SIGKILL)
    really_wake(self, topics)


Turns._recorded, Hub.wake = record, wake  # type: ignore[method-assign]
main.main()
