"""Sends each signed checkpoint to somebody else, who keeps it: a log that was set back or forked then shows.

In order, at least once each, beside the sealing and never in its way. What fails is tried again, with growing pauses.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import shlex
import signal
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future

import requests
import structlog

from bot.core.errors import CandorError
from bot.db import Database
from bot.transparency_log import repository

PAUSES = (1.0, 300.0)
"""Seconds until the next try after the first failure, doubled after each, and at most."""
SENDING_SECONDS = 30.0
"""Whoever takes longer has failed."""
HTTP_TIMEOUT = (5.0, 20.0)
"""Seconds to connect, and between two bytes of the answer."""
TYPE = {"Content-Type": "text/plain; charset=utf-8"}
log = structlog.get_logger(__name__)


class AnchorFailed(CandorError):
    """502: the checkpoint could not be handed over. Its words never hold the address or the command."""

    status, code = 502, "anchor_failed"


class Anchor:
    """Hands checkpoints over to a URL (POST of the note as text/plain) or a command (the note on standard input).

    The first ever is the newest checkpoint there is; it speaks for all before it. From then on each is sent.

    Args:
        target: an http or https URL, or a command line, which no shell reads. It may hold a secret: never logged.
    """

    def __init__(self, target: str, pauses: tuple[float, float] = PAUSES) -> None:
        self._target = target.strip()
        self._is_url = self._target.lower().startswith(("http://", "https://"))
        if self._is_url:
            # It warns of odd answers with the whole address in the line.
            logging.getLogger("urllib3").setLevel(logging.CRITICAL)
        self._first_pause, self._longest_pause = pauses
        self._after: int | None = None
        self._pause = 0.0
        self._next_try = 0.0

    async def send_due(self, database: Database) -> float | None:
        """Send the oldest checkpoint that is due. Gives the seconds until the next try; None when there is none."""
        waiting = self._next_try - time.monotonic()
        if waiting > 0:
            return waiting
        try:
            sent = await self.send_next(database)
        except Exception as error:
            self._pause = min(max(self._pause * 2, self._first_pause), self._longest_pause)
            self._next_try = time.monotonic() + self._pause
            log.warning("log:anchor:failed", problem=_words(error), again_in_seconds=self._pause)
            return self._pause
        if sent and self._pause:
            log.info("log:anchor:works_again")
        self._pause = 0.0
        return 0.0 if sent else None

    async def send_next(self, database: Database) -> bool:
        """Send the oldest checkpoint that is due; False when there is none.

        Raises:
            AnchorFailed: it was not taken.
        """
        found = await database.run(self._next, database)
        if found is None:
            return False
        size, note = found
        await self.send(note)
        await database.run(_anchored, database, size)
        self._after = size
        return True

    async def send(self, note: str) -> None:
        """Hand one note over.

        Raises:
            AnchorFailed: it was not taken.
        """
        try:
            async with asyncio.timeout(SENDING_SECONDS):
                await (self._post(note) if self._is_url else self._run(note))
        except TimeoutError:
            raise AnchorFailed(f"no answer within {SENDING_SECONDS:.0f} seconds") from None

    def _next(self, database: Database) -> tuple[int, str] | None:
        with database.snapshot() as session:
            newest = repository.newest(session)
            if newest is None:
                return None
            if self._after is None:
                self._after = repository.last_anchored(session) or newest.size - 1
            # Another gateway may have sent some of them.
            row = repository.first_unanchored(session, self._after)
            if row is None:
                self._after = newest.size
                return None
            return row.size, row.note

    async def _post(self, note: str) -> None:
        status = await _in_thread(lambda: _post(self._target, note))
        if not 200 <= status < 300:
            raise AnchorFailed(f"it answered with status {status}")

    async def _run(self, note: str) -> None:
        try:
            process = await asyncio.create_subprocess_exec(
                *shlex.split(self._target),
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.DEVNULL,
                stderr=asyncio.subprocess.DEVNULL,
                start_new_session=True,
            )
        except (OSError, ValueError, TypeError) as error:
            raise AnchorFailed(f"the command cannot be started ({type(error).__name__})") from None
        try:
            await process.communicate(note.encode())
        finally:
            # When it takes too long or we end, what the command has started goes with it.
            if process.returncode is None:
                with contextlib.suppress(ProcessLookupError):
                    os.killpg(process.pid, signal.SIGKILL)
                await process.wait()
        if process.returncode != 0:
            raise AnchorFailed(f"the command ended with {process.returncode}")


def _post(url: str, note: str) -> int:
    """The status of the answer; its content is of no interest."""
    try:
        with requests.post(
            url, data=note.encode(), headers=TYPE, timeout=HTTP_TIMEOUT, allow_redirects=False, stream=True
        ) as answer:
            return answer.status_code
    except (requests.RequestException, OSError, ValueError) as error:
        # The error's text holds the address.
        raise AnchorFailed(f"it cannot be reached ({type(error).__name__})") from None


async def _in_thread(work: Callable[[], int]) -> int:
    """Run `work` beside everything else; at the end of the process nobody waits for it."""
    future: Future[int] = Future()

    def run() -> None:
        future.set_running_or_notify_cancel()
        try:
            future.set_result(work())
        except BaseException as error:
            future.set_exception(error)

    threading.Thread(target=run, name="candor-anchor", daemon=True).start()
    return await asyncio.wrap_future(future)


def _anchored(database: Database, size: int) -> None:
    with database.transaction() as session:
        repository.note_anchored(session, size)


def _words(error: Exception) -> str:
    """What may be logged of an error: others' texts may hold the address or the command."""
    return error.message if isinstance(error, AnchorFailed) else type(error).__name__
