"""Rate limits, kept in memory for each process."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict, deque
from collections.abc import Callable

from bot.core.errors import TooMany

MAX_KEYS = 20_000
"""Keys whose calls are remembered; beyond that those that called longest ago are forgotten."""


class RateLimit:
    """At most `limit` calls within any `seconds` for each key. Safe to use from several threads.

    Args:
        message: the sentence of the error.
        clock: seconds that only grow.
    """

    def __init__(self, limit: int, seconds: float, message: str, clock: Callable[[], float] = time.monotonic) -> None:
        self._limit = limit
        self._seconds = seconds
        self._message = message
        self._clock = clock
        self._calls: OrderedDict[str, deque[float]] = OrderedDict()
        self._lock = threading.Lock()

    def count(self, key: str) -> None:
        """Count one call.

        Raises:
            TooMany: the limit is reached; this call was not counted.
        """
        with self._lock:
            moment = self._clock()
            calls = self._calls.setdefault(key, deque())
            self._calls.move_to_end(key)
            while calls and calls[0] <= moment - self._seconds:
                calls.popleft()
            if len(calls) >= self._limit:
                raise TooMany(self._message)
            calls.append(moment)
            while len(self._calls) > MAX_KEYS:
                self._calls.popitem(last=False)

    def forget(self, key: str) -> None:
        """Forget the calls of a key."""
        with self._lock:
            self._calls.pop(key, None)


def message_limit(per_minute: int) -> RateLimit:
    """The limit on a conversation's messages."""
    return RateLimit(per_minute, 60, "That was a lot at once. Wait a moment, then send it again.")


def sign_in_limit(clock: Callable[[], float] = time.monotonic) -> RateLimit:
    """The limit on wrong passwords for one login: five, then a pause of 15 minutes."""
    message = "There were too many wrong passwords for this login. Please try again in 15 minutes."
    return RateLimit(5, 15 * 60, message, clock)
