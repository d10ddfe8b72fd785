"""Every background job: its name, what wakes it, how often it runs at the latest, and what it does.

Jobs wake on a commit that concerns them, or at their time: an idle gateway asks its database next to nothing. What
another process commits is found by the round that comes at the latest.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

import structlog

from bot.core.ids import now
from bot.db import Database
from bot.decisions.recorder import RECORDED
from bot.handoff.repository import next_expiry
from bot.messaging import PubSub
from bot.messaging.pubsub import OPEN_TURNS, QUEUE
from bot.oversight.correction_checks import retry
from bot.policies import Published, in_force
from bot.policies.repository import refresh
from bot.privacy.erasure.service import ERASURE
from bot.services import Services
from bot.transparency_log.anchoring import Anchor
from bot.transparency_log.sequencer import SEALED, LogBroken

log = structlog.get_logger(__name__)

SEAL_SECONDS = 0.9
"""Records that are written within this time are sealed together; two such rounds take less than two seconds."""
ERASE_SECONDS = 5.0
"""Until an erasure that another process began, such as a command, is found."""
RETRY_SECONDS = 1.0
"""Until the next round of a job that failed, or that waits for the engine."""
DAY = 86_400.0


@dataclass(frozen=True)
class Job:
    """Something that is done again and again beside the requests.

    Attributes:
        run: one round; gives the seconds until the next is due, or None when only a wake-up or `every` brings it.
        every: seconds until the next round at the latest.
        topics: a commit that touches one of them wakes the job (`bot.db.touch`).
        delay: seconds between a wake-up and the round, so that what comes close together is done in one.
        first: seconds until the first round.
    """

    name: str
    run: Callable[[], Awaitable[float | None]]
    every: float
    topics: Sequence[str] = ()
    delay: float = 0.0
    first: float = 0.0


async def keep_running(job: Job, pubsub: PubSub) -> None:
    """Run the job's rounds until cancelled. A round that fails is logged and tried again."""
    await asyncio.sleep(job.first)
    with pubsub.subscribe(*job.topics) as subscription:
        while True:
            subscription.clear()
            try:
                due = await job.run()
            except Exception as error:
                # The type alone: an exception's text may hold what visitors said.
                log.error("job:failed", job=job.name, error=type(error).__name__)
                due = RETRY_SECONDS
            if await subscription.changed(job.every if due is None else min(due, job.every)):
                await asyncio.sleep(job.delay)


def jobs(services: Services, engine_ready: Callable[[], bool]) -> list[Job]:
    """The jobs of a gateway."""
    found = [
        Job("seal", Sealing(services).round, 30.0, [RECORDED], delay=SEAL_SECONDS),
        Job("expire handoffs", lambda: services.database.run(_expire_handoffs, services), 30.0, [QUEUE]),
        Job("take open turns", lambda: _take_open_turns(services, engine_ready), 30.0, [OPEN_TURNS], delay=1.0),
        Job("check corrections", CorrectionChecks(services, engine_ready).round, DAY),
        Job("erase", lambda: services.external_stores.sweep(engine_ready()), ERASE_SECONDS, [ERASURE]),
        Job("retain", lambda: _retain(services, engine_ready), 3600.0, first=30.0),
        Job("follow policies", PolicyFollower(services).round, 2.0),
        Job("end consents", lambda: services.database.run(_end_consents, services), 20.0),
    ]
    if services.settings.log_anchor:
        found.append(anchoring(Anchor(services.settings.log_anchor), services.database))
    return found


def anchoring(anchor: Anchor, database: Database) -> Job:
    """Hands new checkpoints over to a witness."""
    return Job("anchor", lambda: anchor.send_due(database), 30.0, [SEALED])


@dataclass
class Sealing:
    """Seals new records into the log."""

    services: Services

    async def round(self) -> float | None:
        """Seal one batch; the next follows at once while there may be more."""
        sequencer = self.services.sequencer
        try:
            note = await self.services.database.run(self._seal)
        except LogBroken as error:
            sequencer.trouble = error.message
            log.error("log:broken", problem=error.message)
            return None
        sequencer.trouble = None
        return None if note is None else 0.1

    def _seal(self) -> str | None:
        with self.services.database.transaction() as session:
            note = self.services.sequencer.seal(session)
        if note is not None:
            self.services.sequencer.keep(note)
        return note


@dataclass
class CorrectionChecks:
    """Asks the engine once, after the start, what its model makes of the corrections that were accepted."""

    services: Services
    engine_ready: Callable[[], bool]
    asked: bool = False

    async def round(self) -> float | None:
        """Ask, once the engine is ready."""
        if self.asked:
            return None
        if not self.engine_ready():
            return RETRY_SECONDS
        await retry(
            self.services.database, self.services.engine, self.services.placeholders.finder, self.services.project
        )
        self.asked = True
        return None


@dataclass
class PolicyFollower:
    """Puts in force here what another process published, and ends the consents whose terms it changed."""

    services: Services
    followed: Published | None = None

    async def round(self) -> float | None:
        """Look once."""
        await self.services.database.run(self._follow)
        return None

    def _follow(self) -> None:
        with self.services.database.snapshot() as session:
            refresh(session)
        current = in_force()
        if current is not self.followed:
            with self.services.database.transaction() as session:
                self.services.consents.end_changed(session)
            self.followed = current


def _expire_handoffs(services: Services) -> float | None:
    """Visitors whose wait is over are told that nobody came. Gives the seconds until the next wait is over."""
    with services.database.snapshot() as session:
        due = next_expiry(session)
    if due is None:
        return None
    seconds = (due - now()).total_seconds()
    if seconds > 0:
        return seconds
    with services.database.transaction() as session:
        services.handoffs.expire_due(session, now())
    return 0.0


async def _take_open_turns(services: Services, engine_ready: Callable[[], bool]) -> float | None:
    """Turns that a crash, or a database that could not write, left open are taken once there is an engine."""
    if not engine_ready():
        return RETRY_SECONDS
    await services.turns.resume()
    return None


async def _retain(services: Services, engine_ready: Callable[[], bool]) -> float | None:
    """What was kept for long enough is cleared."""
    done = await services.retention.run(engine_ready())
    log.info("retention:done", **done.removed)
    return None


def _end_consents(services: Services) -> float | None:
    """Consents that have run out are recorded as expired, and screens are notified; the gate needs no such record."""
    with services.database.transaction() as session:
        services.consents.end_due(session)
    return None
