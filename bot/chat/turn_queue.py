"""One turn at a time for each conversation, in the order the messages came. Conversations do not wait for others."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

import structlog

log = structlog.get_logger(__name__)


T = TypeVar("T")


class TurnQueue(Generic[T]):
    """Runs turns as tasks. `bot.rasa` caps how many the engine works on at once, first come first served."""

    def __init__(self) -> None:
        self._last: dict[str, asyncio.Task[T | None]] = {}
        self._turns: dict[str, asyncio.Task[T | None]] = {}

    def __contains__(self, message_id: object) -> bool:
        return message_id in self._turns

    def holds(self, conversation_id: str) -> bool:
        """Whether a turn of this conversation waits or is under way."""
        return conversation_id in self._last

    def put(self, conversation_id: str, message_id: str, turn: Callable[[], Awaitable[T]]) -> None:
        """Run `turn()` once all earlier turns of the conversation have ended."""
        before = self._last.get(conversation_id)
        task = asyncio.create_task(self._after(before, turn, message_id))
        self._last[conversation_id] = task
        self._turns[message_id] = task
        task.add_done_callback(lambda done: self._forget(conversation_id, message_id, done))

    async def finished(self, message_id: str) -> T | None:
        """What the turn of this message gave, once it has ended; None when it failed or is not in the queue."""
        task = self._turns.get(message_id)
        if task is None:
            return None
        await asyncio.wait([task])
        return None if task.cancelled() else task.result()

    async def drain(self, timeout: float) -> None:
        """Wait for the turns under way, at most `timeout` seconds. What is cut off is taken up at the next start."""
        if self._turns:
            await asyncio.wait(list(self._turns.values()), timeout=timeout)
        for task in list(self._turns.values()):
            task.cancel()

    async def _after(
        self, before: asyncio.Task[T | None] | None, turn: Callable[[], Awaitable[T]], message_id: str
    ) -> T | None:
        if before is not None:
            await asyncio.wait([before])
        try:
            return await turn()
        except Exception as error:
            # The message stays open in the database and is taken up again.
            log.error("turn:unfinished", message_id=message_id, error=type(error).__name__)
            return None

    def _forget(self, conversation_id: str, message_id: str, task: asyncio.Task[T | None]) -> None:
        self._turns.pop(message_id, None)
        if self._last.get(conversation_id) is task:
            del self._last[conversation_id]
