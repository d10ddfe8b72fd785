"""Reading the outbox: what a client has not seen yet, then what comes."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass

from sqlalchemy.orm import Session

from bot.core.ids import Json
from bot.db import Database, Keyring
from bot.db.keyring import KeyDestroyed
from bot.messaging import repository
from bot.messaging.pubsub import PubSub, conversation_topic

HEARTBEAT = 15.0
"""Seconds of silence after which a watcher gets an empty batch, to notice that its client has gone."""
BATCH = 200


@dataclass(frozen=True)
class Event:
    """One event for a screen. `seq` is None for a passing event, which is not replayed."""

    seq: int | None
    kind: str
    data: Json


def read_events(
    session: Session, keyring: Keyring, conversation_id: str, after: int, limit: int | None = BATCH
) -> list[Event]:
    """The events of a conversation after number `after`, in order, at most `limit`.

    Raises:
        KeyDestroyed: the visitor was erased. A final empty event lets every reader reach this.
    """
    return [
        Event(row.seq, row.kind, keyring.open(session, row.visitor_id, conversation_id, row.data_sealed))
        for row in repository.events(session, conversation_id, after, limit)
    ]


async def follow(
    database: Database, keyring: Keyring, pubsub: PubSub, conversation_id: str, after: int
) -> AsyncIterator[list[Event]]:
    """Batches of events: all after `after`, then each as it comes. An empty batch is a heartbeat.

    Ends when the visitor is erased.
    """

    def read(cursor: int) -> list[Event]:
        with database.snapshot() as session:
            return read_events(session, keyring, conversation_id, cursor)

    with pubsub.subscribe(conversation_topic(conversation_id)) as subscription:
        while True:
            passing = [Event(None, kind, data) for kind, data in subscription.clear()]
            try:
                events = await database.run(read, after)
            except KeyDestroyed:
                return
            if events:
                after = events[-1].seq or after
            if events or passing:
                yield [*events, *passing]
            if len(events) < BATCH and not await subscription.changed(HEARTBEAT):
                yield []
