"""How long a turn's steps take: measured while they run, kept in every record of the turn."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime

from bot.core.ids import now

WAIT = "wait"
"""The step from a message's acceptance until its turn begins: earlier turns of the conversation come first."""


class StepTimer:
    """Measures one turn, in milliseconds from the moment its message was accepted.

    Args:
        accepted_at: when the message was stored; a turn that a crash left open has waited since then.
    """

    def __init__(self, accepted_at: datetime) -> None:
        waited = max(0.0, (now() - accepted_at).total_seconds())
        self._zero = time.perf_counter() - waited
        self._steps: dict[str, list[float]] = {WAIT: [0.0, _milliseconds(waited)]}
        self._running: dict[str, float] = {}

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """Measure what the block takes as the step `name`."""
        self._running[name] = time.perf_counter()
        try:
            yield
        finally:
            self._steps[name] = self._so_far(self._running.pop(name))

    def timing(self) -> Mapping[str, list[float]]:
        """`{step: [start, length]}`, a step under way as far as it has got."""
        return {**self._steps, **{name: self._so_far(begun) for name, begun in self._running.items()}}

    def _so_far(self, begun: float) -> list[float]:
        return [_milliseconds(begun - self._zero), _milliseconds(time.perf_counter() - begun)]


def _milliseconds(seconds: float) -> float:
    return round(seconds * 1e3, 2)
