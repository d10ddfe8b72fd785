"""Clears what was kept for as long as the published purposes say (`kept` in purposes.yml), a little at a time.

The categories that make up a conversation are cleared together, by erasing the visitor: the content of decision records
can be removed in no other way if the log is to verify. The others are cleared by themselves, before that. Legal holds,
open handoffs and open contests exempt a conversation.
"""

from __future__ import annotations

import asyncio
import time
from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import ParamSpec, TypeVar

import structlog
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from bot.core.errors import CandorError, EngineError
from bot.core.ids import now
from bot.db import Database
from bot.db.locks import lock_visitors
from bot.policies import processing
from bot.privacy import repository
from bot.privacy.categories.base import Clearing, PersonalDataCategory
from bot.privacy.categories.registry import CATEGORIES, cleared, together
from bot.privacy.erasure.reasons import Reason
from bot.privacy.erasure.service import Eraser
from bot.privacy.repository import Age, Place, ages, visitors_of
from bot.rasa import Engine

T = TypeVar("T")
P = ParamSpec("P")
PAGE = 200
"""Conversations looked at, and cleared, in one transaction. Visitors are erased one by one."""
DELETED = 1000
"""Rows deleted in one transaction."""
RUNS_KEPT = timedelta(days=366)
BY = "retention"
"""Who erases, for the record."""
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

    def in_place(self) -> list[tuple[PersonalDataCategory, list[str]]]:
        """The categories to be cleared by themselves in the database, with the conversations."""
        found = [(category, self.clear[category.name]) for category in cleared(Clearing.BY_ITSELF)]
        return [(category, conversations) for category, conversations in found if conversations]


@dataclass(frozen=True)
class Round:
    """What one round removed, or would remove, by category; and how many conversations it left alone, and why."""

    removed: Counter[str] = field(default_factory=Counter)
    left_alone: Counter[str] = field(default_factory=Counter)


@dataclass(frozen=True)
class Retention:
    """Enforces `kept`, as published when a round begins.

    Attributes:
        engine: None where there is none, as on the command line; a running Candor then clears its store later.
    """

    database: Database
    eraser: Eraser
    engine: Engine | None = None

    async def due(self) -> Round:
        """What is due now; nothing is changed."""
        found = Round()
        async for page in self._walk():
            found.left_alone.update(page.left_alone)
            found.removed.update(await self.database.run(self._count, page))
        found.removed.update(await self.database.run(self._count_expired))
        return found

    async def run(self, engine_ready: bool = False) -> Round:
        """One round. Many short transactions, so that no turn waits; the next round completes one that was interrupted.

        Args:
            engine_ready: without it the engine's store is left to a later round.
        """
        done = Round()
        async for due in self._walk():
            done.left_alone.update(due.left_alone)
            done.removed.update(await self._clear_all(due))
            if self.engine is not None and engine_ready:
                for category in cleared(Clearing.EXTERNAL):
                    done.removed.update(await self._forget(category, self.engine, due.clear[category.name]))
        done.removed.update(await self._drop_expired())
        await self.database.run(self._add_run, done)
        return done

    async def _walk(self) -> AsyncIterator[Due]:
        """What is due, page by page; a visitor comes with the page of their first conversation."""
        before = now() - min(kept_for().values())
        due, place = await self.database.run(self._page, before, None)
        while place is not None:
            yield due
            due, place = await self.database.run(self._page, before, place)

    async def _clear_all(self, due: Due) -> Counter[str]:
        """Clear what the database holds of it by then: somebody may have written or put a hold meanwhile."""
        removed: Counter[str] = Counter()
        for visitor_id in due.erase:
            removed.update(await self._gently(self._erase, visitor_id) or {})
        if await self.database.run(self._holds_any, due):
            removed.update(await self._gently(self._clear_in_place, due) or {})
        return removed

    async def _gently(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T | None:
        """Run a transaction and then leave others as much time. None when it failed: a later round tries again."""
        begun = time.monotonic()
        try:
            return await self.database.run(work, *args, **kwargs)
        except (SQLAlchemyError, CandorError) as error:
            log.error("retention:failed", error=type(error).__name__)
            return None
        finally:
            await asyncio.sleep(time.monotonic() - begun)

    async def _forget(
        self, category: PersonalDataCategory, engine: Engine, conversations: Sequence[str]
    ) -> Counter[str]:
        moment, forgotten = now(), []
        try:
            for conversation_id in conversations:
                await category.forget(engine, conversation_id)
                forgotten.append(conversation_id)
        except EngineError as error:
            # The others follow in the next round.
            log.warning("retention:engine:failed", code=error.code)
        if forgotten:
            # `moment` is before the engine was asked: what is said meanwhile makes it remember, and forget once more.
            await self.database.run(self._note_forgotten, forgotten, moment)
        return +Counter({category.name: len(forgotten)})

    async def _drop_expired(self) -> Counter[str]:
        removed: Counter[str] = Counter()
        for name in repository.EXPIRED:
            while dropped := await self.database.run(self._drop, name):
                removed[name] += dropped
        return removed

    # Transactions.

    def _page(self, before: datetime, after: Place | None) -> tuple[Due, Place | None]:
        """What is due on the next page, and the page's end; None after the last one."""
        with self.database.snapshot() as session:
            page = repository.begun_before(session, before, after, PAGE)
            if not page:
                return Due(), None
            due = look(session, {row.visitor_id for row in page}, {row.id for row in page})
            return due, (page[-1].created_at, page[-1].id)

    def _count(self, due: Due) -> Counter[str]:
        with self.database.snapshot() as session:
            return _counted(session, due)

    def _holds_any(self, due: Due) -> bool:
        """Whether there is anything to be cleared in place: most rounds find nothing and write nothing."""
        with self.database.snapshot() as session:
            return any(category.count(session, conversations) for category, conversations in due.in_place())

    def _count_expired(self) -> Counter[str]:
        with self.database.snapshot() as session:
            return +Counter(repository.count_expired(session))

    def _erase(self, visitor_id: str) -> Counter[str]:
        """Erase the visitor, if they are still to be; how much there was."""
        with self.database.transaction() as session:
            lock_visitors(session, [visitor_id])
            due = look(session, [visitor_id])
            removed = _counted(session, Due(erased=due.erased))
            if due.erase:
                self.eraser.erase(session, visitor_id, Reason.RETENTION, BY)
            return removed

    def _clear_in_place(self, due: Due) -> Counter[str]:
        with self.database.transaction() as session:
            visitors = visitors_of(session, {one for _, conversations in due.in_place() for one in conversations})
            lock_visitors(session, visitors)
            still = look(session, visitors).in_place()
            return +Counter({category.name: category.clear(session, theirs) for category, theirs in still})

    def _note_forgotten(self, conversations: Sequence[str], moment: datetime) -> None:
        with self.database.transaction() as session:
            repository.note_forgotten(session, conversations, moment)

    def _drop(self, name: str) -> int:
        with self.database.transaction() as session:
            return repository.drop_expired(session, name, DELETED)

    def _add_run(self, done: Round) -> None:
        with self.database.transaction() as session:
            repository.add_run(session, done.removed, RUNS_KEPT)


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


def _judge(due: Due, theirs: Sequence[Age], kept: Mapping[str, timedelta], moment: datetime) -> None:
    """Add what is due of one visitor. A category without a published period goes with the visitor at the latest."""
    longest = max(kept[name] for name in together() if name in kept)
    if all(one.kept_by is None and moment - one.last >= longest for one in theirs):
        due.erase.append(theirs[0].visitor_id)
        due.erased.extend(one.conversation_id for one in theirs)
        return
    external = [category.name for category in cleared(Clearing.EXTERNAL)]
    alone = [*(category.name for category in cleared(Clearing.BY_ITSELF)), *external]
    for one in theirs:
        age = moment - one.last
        names = [name for name in alone if age >= kept.get(name, longest)]
        if one.kept_by is not None:
            due.left_alone[one.kept_by] += bool(names) or age >= longest
            continue
        for name in names:
            if name not in external or one.engine_remembers:
                due.clear[name].append(one.conversation_id)


def _counted(session: Session, due: Due) -> Counter[str]:
    """How much there is of it. What external stores hold of an erased visitor is part of the erasure, not of this."""
    found = Counter({category.name: len(due.clear[category.name]) for category in cleared(Clearing.EXTERNAL)})
    if due.erased:
        found.update({category.name: category.count(session, due.erased) for category in CATEGORIES.values()})
    found.update({category.name: category.count(session, conversations) for category, conversations in due.in_place()})
    return +found
