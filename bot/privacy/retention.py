"""Clears what was kept for as long as the published purposes say (`kept` in purposes.yml), a little at a time.

What makes up a conversation goes together, when its visitor is erased: the content of decision records can go in no
other way if the log is to verify. Addresses, identifiers, proposed training examples and what the engine remembers are
cleared by themselves, before that. Legal holds, open handoffs and open contests keep a conversation whole.
"""

from __future__ import annotations

import asyncio
import time
from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, TypeVar

import structlog
from sqlalchemy import CursorResult, delete, func, select, update
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import InstrumentedAttribute, Session

from bot.core.errors import CandorError, EngineError
from bot.core.ids import new_id, now
from bot.db import Database
from bot.db.models import Base, ConversationRow, IdentityUseRow, RetentionRunRow, StaffSessionRow
from bot.policies import processing
from bot.privacy.category_counts import clear, count
from bot.privacy.erasure.reasons import Reason
from bot.privacy.erasure.service import Eraser
from bot.privacy.legal_holds import lock
from bot.privacy.retention_age import Age, ages, begun_before
from bot.rasa import Engine

T = TypeVar("T")
TOGETHER = ("conversation", "identity", "decisions", "contests", "handoffs")
"""Categories that go when the visitor is erased, after the longest of their days."""
SINGLY = ("contact", "identifiers", "training")
"""Categories that are cleared by themselves in the database."""
ENGINE = "engine"
ENFORCED = frozenset({*TOGETHER, *SINGLY, ENGINE})
"""What a published file of purposes has to have under `kept`, and nothing else: nobody would clear it."""
EXPIRED: Mapping[str, tuple[type[Base], InstrumentedAttribute[str], InstrumentedAttribute[datetime]]] = {
    "identity_tokens": (IdentityUseRow, IdentityUseRow.jti_hash, IdentityUseRow.expires_at),
    "staff_sessions": (StaffSessionRow, StaffSessionRow.token_hash, StaffSessionRow.expires_at),
}
"""What runs out at a moment of its own: rows, their key, and the moment."""
PAGE = 200
"""Conversations looked at, and cleared, in one transaction. Visitors are erased one by one."""
DELETED = 1000
"""Rows deleted in one transaction."""
RUNS_KEPT = timedelta(days=366)
BY = "retention"
"""Who erases, as it stands in the record."""
log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Due:
    """What is due among some visitors' conversations."""

    erase: list[str] = field(default_factory=list)
    """Visitors."""
    erased: list[str] = field(default_factory=list)
    """All conversations of those visitors."""
    clear: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    """Conversations by category, without those that are erased whole."""
    left_alone: Counter[str] = field(default_factory=Counter)
    """How many conversations would be due but for a `hold`, an open `handoff` or an open `contest`."""


@dataclass(frozen=True)
class Round:
    """What one round removed, or would remove, by category; and how many conversations it left alone, and why."""

    removed: Counter[str] = field(default_factory=Counter)
    left_alone: Counter[str] = field(default_factory=Counter)


class Retention:
    """Enforces `kept`, as published when a round begins.

    Args:
        engine: None where there is none at hand, as on the command line; a running Candor then clears it later.
    """

    def __init__(self, database: Database, eraser: Eraser, engine: Engine | None = None) -> None:
        self._database = database
        self._eraser = eraser
        self._engine = engine

    async def due(self) -> Round:
        """What is due now; nothing is changed."""
        found = Round()
        async for page in self._walk():
            found.left_alone.update(page.left_alone)
            found.removed.update(await self._database.read(lambda s, due=page: _counted(s, due)))  # type: ignore[misc]
        found.removed.update(await self._database.read(_count_expired))
        return found

    async def run(self, engine_ready: bool = False) -> Round:
        """One round. Many short transactions, so that no turn waits; the next round catches up one that was cut off.

        Args:
            engine_ready: without it the engine is left alone, until a later round.
        """
        done = Round()
        async for due in self._walk():
            done.left_alone.update(due.left_alone)
            done.removed.update(await self._clear_all(due))
            if self._engine is not None and engine_ready:
                done.removed.update(await self._forget(self._engine, due.clear[ENGINE]))
        done.removed.update(await self._drop_expired())
        await self._database.write(lambda s: _note(s, done))
        return done

    async def _walk(self) -> AsyncIterator[Due]:
        """What is due, page by page; a visitor comes with the page of their first conversation."""
        before, place = now() - min(kept_for().values()), None
        while page := await self._database.read(lambda s, at=place: begun_before(s, before, at, PAGE)):  # type: ignore[misc]
            place = (page[-1].created_at, page[-1].id)
            first, visitors = {row.id for row in page}, {row.visitor_id for row in page}
            yield await self._database.read(lambda s, v=visitors, f=first: look(s, v, f))  # type: ignore[misc]

    async def _clear_all(self, due: Due) -> Counter[str]:
        """What the database holds of it, as it stands by then: somebody may have written or put a hold meanwhile."""
        removed = await self._database.read(lambda s: _counted(s, Due(erased=due.erased)))
        for visitor_id in due.erase:
            if not await self._write(lambda s, v=visitor_id: self._erase(s, v)):  # type: ignore[misc]
                removed.subtract(await self._database.read(lambda s, v=visitor_id: _counted_all(s, v)))  # type: ignore[misc]
        if await self._database.read(lambda s: _counted_singly(s, due.clear)):
            removed.update(await self._write(lambda s: _clear_singly(s, due.clear)) or {})
        return +removed

    async def _write(self, work: Callable[[Session], T]) -> T | None:
        """Does it, and leaves others as much time. What cannot be cleared now comes in a later round: then None."""
        begun = time.monotonic()
        try:
            return await self._database.write(work)
        except (SQLAlchemyError, CandorError) as error:
            log.error("retention:failed", error=type(error).__name__)
            return None
        finally:
            await asyncio.sleep(time.monotonic() - begun)

    def _erase(self, session: Session, visitor_id: str) -> bool:
        """Whether the visitor was still to be erased."""
        lock(session, [visitor_id])
        still = bool(look(session, [visitor_id]).erase)
        if still:
            self._eraser.erase(session, visitor_id, Reason.RETENTION, BY)
        return still

    async def _forget(self, engine: Engine, conversations: Sequence[str]) -> Counter[str]:
        moment, forgotten = now(), []
        try:
            for conversation_id in conversations:
                await engine.forget(conversation_id)
                forgotten.append(conversation_id)
        except EngineError as error:
            # Those that are left come in the next round.
            log.warning("retention:engine:failed", code=error.code)
        if forgotten:
            await self._database.write(lambda s: _note_forgotten(s, forgotten, moment))
        return +Counter({ENGINE: len(forgotten)})

    async def _drop_expired(self) -> Counter[str]:
        removed: Counter[str] = Counter()
        for name in EXPIRED:
            while dropped := await self._database.write(lambda s, n=name: _drop(s, n)):  # type: ignore[misc]
                removed[name] += dropped
        return removed


def kept_for() -> dict[str, timedelta]:
    """How long each category is kept after a conversation's last message, as published."""
    return {name: timedelta(days=entry["days"]) for name, entry in processing().kept.items()}


def look(session: Session, visitor_ids: Iterable[str], first: Iterable[str] | None = None) -> Due:
    """What is due now of these visitors.

    Args:
        first: only visitors whose first conversation is one of these.
    """
    due, moment, kept = Due(), now(), kept_for()
    theirs: dict[str, list[Age]] = defaultdict(list)
    for age in ages(session, visitor_ids):
        theirs[age.visitor_id].append(age)
    for all_of_theirs in theirs.values():
        if first is None or all_of_theirs[0].conversation_id in first:
            _judge(due, all_of_theirs, kept, moment)
    return due


def runs(session: Session, limit: int = 10) -> Sequence[RetentionRunRow]:
    """The last rounds, the newest first."""
    return session.scalars(select(RetentionRunRow).order_by(RetentionRunRow.at.desc()).limit(limit)).all()


def _judge(due: Due, theirs: Sequence[Age], kept: Mapping[str, timedelta], moment: datetime) -> None:
    """Add what is due of one visitor."""
    longest = max(kept[name] for name in TOGETHER)
    if all(one.kept_by is None and moment - one.last >= longest for one in theirs):
        due.erase.append(theirs[0].visitor_id)
        due.erased.extend(one.conversation_id for one in theirs)
        return
    for one in theirs:
        age = moment - one.last
        names = [name for name in (*SINGLY, ENGINE) if age >= kept[name]]
        if one.kept_by is not None:
            due.left_alone[one.kept_by] += bool(names) or age >= longest
            continue
        for name in names:
            if name != ENGINE or one.engine_remembers:
                due.clear[name].append(one.conversation_id)


def _counted(session: Session, due: Due) -> Counter[str]:
    """How much there is of it. What the engine knows of a visitor who is erased is part of the erasure, not of this."""
    erased = Counter({name: count(session, name, due.erased) for name in (*TOGETHER, *SINGLY)}) if due.erased else {}
    return Counter({ENGINE: len(due.clear[ENGINE])}) + Counter(erased) + _counted_singly(session, due.clear)


def _counted_all(session: Session, visitor_id: str) -> Counter[str]:
    """How much there is of a visitor."""
    theirs = select(ConversationRow.id).where(ConversationRow.visitor_id == visitor_id)
    return _counted(session, Due(erased=list(session.scalars(theirs))))


def _counted_singly(session: Session, due: Mapping[str, list[str]]) -> Counter[str]:
    return +Counter({name: count(session, name, due[name]) for name in SINGLY if due[name]})


def _clear_singly(session: Session, due: Mapping[str, list[str]]) -> Counter[str]:
    conversations = {one for ids in due.values() for one in ids}
    visitors = session.scalars(select(ConversationRow.visitor_id).where(ConversationRow.id.in_(conversations))).all()
    lock(session, visitors)
    still = look(session, visitors).clear
    return +Counter({name: clear(session, name, still[name]) for name in SINGLY if still[name]})


def _note_forgotten(session: Session, conversations: Sequence[str], moment: datetime) -> None:
    """`moment` lies before the engine was asked: who writes meanwhile is remembered, and has it forget once more."""
    session.execute(
        update(ConversationRow).where(ConversationRow.id.in_(conversations)).values(engine_forgot_at=moment)
    )


def _count_expired(session: Session) -> Counter[str]:
    found = {
        name: session.scalar(select(func.count()).select_from(table).where(ends <= now())) or 0
        for name, (table, _, ends) in EXPIRED.items()
    }
    return +Counter(found)


def _drop(session: Session, name: str) -> int:
    table, key, ends = EXPIRED[name]
    some = select(key).where(ends <= now()).limit(DELETED)
    result: CursorResult[Any] = session.connection().execute(delete(table).where(key.in_(some)))
    return result.rowcount


def _note(session: Session, done: Round) -> None:
    moment = now()
    session.execute(delete(RetentionRunRow).where(RetentionRunRow.at < moment - RUNS_KEPT))
    session.add(RetentionRunRow(id=new_id("ret"), at=moment, removed=dict(done.removed)))
