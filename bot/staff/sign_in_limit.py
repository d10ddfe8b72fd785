"""A simple limit on wrong passwords: five for one login, then a pause. Kept in memory, per process."""

from __future__ import annotations

import time
from collections import OrderedDict, deque
from collections.abc import Callable

from bot.core.errors import TooMany

MOST = 5
"""Wrong passwords for one login within `PAUSE`."""
PAUSE = 15 * 60.0
"""Seconds."""
REMEMBERED = 10_000
"""Logins whose tries are remembered."""


class Attempts:
    """Counts tries that have not succeeded, known logins and unknown ones alike."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._tries: OrderedDict[str, deque[float]] = OrderedDict()

    def begin(self, login: str) -> None:
        """Count one try, before the password is looked at: tries at the same time count too.

        Raises:
            TooMany: there were too many lately; this one was not counted.
        """
        moment = self._clock()
        tries = self._tries.setdefault(login, deque())
        self._tries.move_to_end(login)
        while tries and tries[0] <= moment - PAUSE:
            tries.popleft()
        if len(tries) >= MOST:
            raise TooMany("There were too many wrong passwords for this login. Please try again in 15 minutes.")
        tries.append(moment)
        while len(self._tries) > REMEMBERED:
            self._tries.popitem(last=False)

    def succeeded(self, login: str) -> None:
        """The password was right: forget the tries."""
        self._tries.pop(login, None)
