"""Wakes those who watch a topic. It carries no data that matters: what must arrive is read from the database."""

from __future__ import annotations

import asyncio
from collections import defaultdict, deque
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from bot.core.ids import Json
from bot.db.database import Changes

QUEUE = "queue"
"""The topic of the desk's queue."""
OPEN_TURNS = "open turns"
"""The topic of turns that could not be recorded and are to be taken again."""


def conversation_topic(conversation_id: str) -> str:
    """The topic of one conversation's outbox."""
    return f"conversation:{conversation_id}"


class Subscription:
    """One subscriber to some topics."""

    def __init__(self) -> None:
        self._changed = asyncio.Event()
        self._passing: deque[tuple[str, Json]] = deque(maxlen=32)

    def clear(self) -> list[tuple[str, Json]]:
        """Forget that something changed, before reading; gives the passing events told since the last call."""
        self._changed.clear()
        passing = list(self._passing)
        self._passing.clear()
        return passing

    async def changed(self, timeout: float) -> bool:
        """Wait until something changed; False after `timeout` seconds without."""
        try:
            await asyncio.wait_for(self._changed.wait(), timeout)
        except TimeoutError:
            return False
        return True

    def notify(self, passing: Sequence[tuple[str, Json]] = ()) -> None:
        """Something changed; `passing` events are to be shown now and never replayed."""
        self._passing.extend(passing)
        self._changed.set()


class PubSub:
    """Topics and who watches them, within this process. Subscribers share one event loop."""

    def __init__(self) -> None:
        self._loop: asyncio.AbstractEventLoop | None = None
        self._subscriptions: defaultdict[str, set[Subscription]] = defaultdict(set)

    @contextmanager
    def subscribe(self, *topics: str) -> Iterator[Subscription]:
        """Subscribe to `topics` for as long as the block runs."""
        self._loop = asyncio.get_running_loop()
        subscription = Subscription()
        for topic in topics:
            self._subscriptions[topic].add(subscription)
        try:
            yield subscription
        finally:
            for topic in topics:
                self._subscriptions[topic].discard(subscription)
                if not self._subscriptions[topic]:
                    del self._subscriptions[topic]

    def publish(self, changes: Changes) -> None:
        """Wake everyone who watches one of the topics, and hand them its passing events; from any thread."""
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._notify, changes)

    def send(self, topic: str, kind: str, data: Json) -> None:
        """Show a passing event (`working`, `unavailable`) to whoever watches now; within the event loop."""
        self._notify({topic: [(kind, data)]})

    def _notify(self, changes: Changes) -> None:
        for topic, passing in changes.items():
            for subscription in tuple(self._subscriptions.get(topic, ())):
                subscription.notify(passing)
