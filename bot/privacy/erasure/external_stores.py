"""Second phase of an erasure: the engine's store, the database's files and the backups; retried until done."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Sequence
from dataclasses import asdict, dataclass, field
from datetime import timedelta
from pathlib import Path

import structlog
from sqlalchemy.orm import Session

from bot.backup.registry import Reached, forget
from bot.core.errors import EngineError
from bot.core.ids import now
from bot.db import Database, Keyring
from bot.db.models import ErasureRow
from bot.messaging import PubSub
from bot.messaging.pubsub import QUEUE, conversation_topic
from bot.privacy.categories.base import Clearing
from bot.privacy.categories.registry import cleared
from bot.privacy.erasure.repository import begun_since, erasure_of
from bot.privacy.erasure.service import Eraser
from bot.privacy.repository import conversations_of
from bot.rasa import Engine

KEY_IN_MEMORY = timedelta(hours=1)
"""How long a destroyed key is looked for in memory: longer than any transaction that may have read it before."""
RETRY_SECONDS = 0.5
"""Until the next round while an erasure is not done."""
SETTLING = timedelta(minutes=1)
"""Time after the beginning of an erasure in which rounds go on: a transaction may yet put the key into memory."""
log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class _Pending:
    """An erasure with the visitor's conversations; `done` when only this process has something left to clear."""

    visitor_id: str
    conversations: Sequence[str]
    done: bool


@dataclass(frozen=True)
class ExternalStores:
    """Completes erasures, whichever process began them.

    A round is due at the start, when a transaction touched the topic `ERASURE` (service.py), after the seconds that the
    round before gave, and every few seconds (bot/jobs.py): another process touches no topic here.

    Attributes:
        holds_turn: whether a turn of this conversation waits or is under way in this process (`TurnQueue.holds`).
        folder: the data folder, which holds the list of backups.
    """

    database: Database
    keyring: Keyring
    eraser: Eraser
    engine: Engine
    pubsub: PubSub
    holds_turn: Callable[[str], bool]
    folder: Path
    _announced: set[str] = field(default_factory=set)
    _cleared: set[str] = field(default_factory=set)

    async def sweep(self, engine_ready: bool) -> float | None:
        """One round: drop destroyed keys from memory, end open streams, clear what can be cleared now.

        Gives the seconds until the next round; None when nothing is left to do.
        """
        recent = await self.database.run(self._recent)
        self.keyring.forget(row.visitor_id for row in recent)
        new = [row.visitor_id for row in recent if row.visitor_id not in self._announced]
        if new:
            await self._announce(new)
        if pending := await self.database.run(self._ready, recent):
            await self._clear(pending, engine_ready)
            recent = await self.database.run(self._recent)
        settled = now() - SETTLING
        return RETRY_SECONDS if any(row.done_at is None or row.begun_at > settled for row in recent) else None

    async def _clear(self, pending: Sequence[_Pending], engine_ready: bool) -> None:
        if not await self._purge(pending):
            return
        for one in pending:
            if not one.done and engine_ready and await self._forgotten(one.conversations):
                await self.database.run(self._finish, one)

    async def _announce(self, visitor_ids: Sequence[str]) -> None:
        """Wake the subscribers of the visitors' conversations: they find the end there."""
        conversations = await self.database.run(self._conversations, visitor_ids)
        self.pubsub.publish(dict.fromkeys([QUEUE, *map(conversation_topic, conversations)], ()))
        self._announced.update(visitor_ids)

    async def _purge(self, pending: Sequence[_Pending]) -> bool:
        """Clear again what was written while the key was destroyed, then purge the database's files and the backups."""
        visitors = {one.visitor_id for one in pending}
        late = [visitor_id for visitor_id in visitors if await self.database.run(self._clear_again, visitor_id)]
        if late or any(not one.done and one.visitor_id not in self._cleared for one in pending):
            if not await self.database.purge():
                return False
            # Keys are overwritten in backups too, in those that lie where they were made.
            reached = await asyncio.to_thread(forget, self.folder, sorted(visitors))
            if reached.blanked or reached.out_of_reach:
                await self.database.run(self._note_backups, visitors, reached)
        self._cleared.update(visitors)
        return True

    async def _forgotten(self, conversations: Sequence[str]) -> bool:
        try:
            for category in cleared(Clearing.EXTERNAL):
                for conversation_id in conversations:
                    await category.forget(self.engine, conversation_id)
        except EngineError as error:
            log.warning("erasure:engine:failed", code=error.code)
            return False
        return True

    # Transactions.

    def _recent(self) -> Sequence[ErasureRow]:
        with self.database.snapshot() as session:
            return begun_since(session, now() - KEY_IN_MEMORY)

    def _conversations(self, visitor_ids: Sequence[str]) -> list[str]:
        with self.database.snapshot() as session:
            return [row.id for row in conversations_of(session, visitor_ids)]

    def _ready(self, recent: Sequence[ErasureRow]) -> list[_Pending]:
        """Those to be cleared now; one with a turn under way comes in a later round."""
        rows = [row for row in recent if row.done_at is None or row.visitor_id not in self._cleared]
        if not rows:
            return []
        found = []
        with self.database.snapshot() as session:
            for row in rows:
                theirs = [one.id for one in conversations_of(session, [row.visitor_id])]
                if not any(map(self.holds_turn, theirs)):
                    found.append(_Pending(row.visitor_id, theirs, row.done_at is not None))
        self.eraser.note(row for row in rows if row.done_at is None)
        return found

    def _clear_again(self, visitor_id: str) -> bool:
        with self.database.transaction() as session:
            row = erasure_of(session, visitor_id)
            return row is not None and bool(self.eraser.clear(session, row))

    def _note_backups(self, visitor_ids: Collection[str], reached: Reached) -> None:
        with self.database.transaction() as session:
            for visitor_id in visitor_ids:
                _add(session, visitor_id, {"backups": asdict(reached)})

    def _finish(self, one: _Pending) -> None:
        external = {category.name: {"conversations": len(one.conversations)} for category in cleared(Clearing.EXTERNAL)}
        with self.database.transaction() as session:
            row = _add(session, one.visitor_id, {**external, "files": "purged"})
            if row is not None:
                row.done_at = now()
                log.info("erasure:done", erasure_id=row.id)


def _add(session: Session, visitor_id: str, stores: dict[str, object]) -> ErasureRow | None:
    row = erasure_of(session, visitor_id)
    if row is not None:
        row.receipt = {**row.receipt, **stores}
    return row
