"""After the key is destroyed: the engine's store, the database's files and the backups, as often as it takes."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import asdict
from datetime import timedelta
from functools import partial
from pathlib import Path

import structlog
from sqlalchemy.orm import Session

from bot.backup.registry import Reached, forget
from bot.core.errors import EngineError
from bot.core.ids import now
from bot.db import Database, Keyring
from bot.messaging import Hub
from bot.messaging.pubsub import QUEUE, conversation_topic
from bot.privacy.erasure.rows import conversations_of
from bot.privacy.erasure.service import Eraser, begun_since, erasure_of, unfinished
from bot.rasa import Engine

LATELY = timedelta(hours=1)
"""How long a destroyed key is looked for in memory: longer than any transaction that may have read it before."""
log = structlog.get_logger(__name__)


class Stores:
    """Sees erasures through, whichever process began them.

    Args:
        holds_turn: whether a turn of this conversation waits or is under way in this process (`TurnQueue.holds`).
        folder: the data folder, where the list of backups is.
    """

    def __init__(
        self,
        database: Database,
        keyring: Keyring,
        eraser: Eraser,
        engine: Engine,
        hub: Hub,
        holds_turn: Callable[[str], bool],
        folder: Path,
    ) -> None:
        self._database = database
        self._keyring = keyring
        self._eraser = eraser
        self._engine = engine
        self._hub = hub
        self._holds_turn = holds_turn
        self._folder = folder
        self._told: set[str] = set()
        self._purged: set[str] = set()

    async def sweep(self, engine_ready: bool) -> None:
        """One round: let go of destroyed keys, end what is open on screens, clear what can be cleared now."""
        lately = await self._database.read(lambda s: begun_since(s, now() - LATELY))
        self._keyring.forget(lately)
        for visitor_id in set(lately) - self._told:
            await self._tell(visitor_id)
        pending = await self._database.read(self._ready_to_finish) if lately else []
        if not pending:
            return
        await self._database.read(lambda s: self._eraser.note(unfinished(s)))
        purged = await self._purge(pending)
        for visitor_id, conversations in pending:
            if engine_ready and purged and await self._forgotten(conversations):
                done = partial(_done, visitor_id=visitor_id, conversations=len(conversations))
                await self._database.write(done)

    async def _tell(self, visitor_id: str) -> None:
        """Wake who follows the visitor's conversations: they find the end there."""
        conversations = await self._database.read(lambda s: list(s.scalars(conversations_of(visitor_id))))
        self._hub.wake(dict.fromkeys([QUEUE, *map(conversation_topic, conversations)], ()))
        self._told.add(visitor_id)

    def _ready_to_finish(self, session: Session) -> list[tuple[str, list[str]]]:
        """Unfinished erasures with their conversations; those with a turn under way come in a later round."""
        visitors = [row.visitor_id for row in unfinished(session)]
        found = [(visitor, list(session.scalars(conversations_of(visitor)))) for visitor in visitors]
        return [(visitor, theirs) for visitor, theirs in found if not any(map(self._holds_turn, theirs))]

    async def _purge(self, pending: list[tuple[str, list[str]]]) -> bool:
        """Clear again what was being written while the key was destroyed, then make the files let go of it."""
        visitors = {visitor for visitor, _ in pending}
        late = [v for v in visitors if await self._database.write(lambda s, v=v: self._clear_again(s, v))]  # type: ignore[misc]
        if late or not visitors <= self._purged:
            if not await self._database.purge():
                return False
            await self._blank(visitors)
            self._purged |= visitors
        return True

    async def _blank(self, visitors: set[str]) -> None:
        """In backups too the keys are overwritten, in those that lie where they were made."""
        reached = await asyncio.to_thread(forget, self._folder, sorted(visitors))
        if reached.blanked or reached.out_of_reach:
            await self._database.write(lambda s: _note_backups(s, visitors, reached))

    def _clear_again(self, session: Session, visitor_id: str) -> bool:
        row = erasure_of(session, visitor_id)
        return row is not None and bool(self._eraser.clear(session, row))

    async def _forgotten(self, conversations: list[str]) -> bool:
        try:
            for conversation_id in conversations:
                await self._engine.forget(conversation_id)
        except EngineError as error:
            log.warning("erasure:engine:failed", code=error.code)
            return False
        return True


def _note_backups(session: Session, visitors: set[str], reached: Reached) -> None:
    for visitor_id in visitors:
        row = erasure_of(session, visitor_id)
        if row is not None:
            row.receipt = {**row.receipt, "backups": asdict(reached)}


def _done(session: Session, visitor_id: str, conversations: int) -> None:
    row = erasure_of(session, visitor_id)
    if row is not None:
        row.receipt = {**row.receipt, "engine": {"conversations": conversations}, "files": "purged"}
        row.done_at = now()
        log.info("erasure:done", erasure_id=row.id)
