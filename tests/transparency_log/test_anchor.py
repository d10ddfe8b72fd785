"""Anchoring: each checkpoint is handed to a real HTTP server or a real command, in order, until it was taken."""

from __future__ import annotations

import asyncio
import logging
import os
import shlex
import socket
import sys
import threading
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from structlog.testing import capture_logs

from bot.app import create_app
from bot.core.settings import Settings
from bot.db import Database
from bot.jobs import anchoring as anchoring_job
from bot.jobs import keep_running
from bot.messaging import PubSub
from bot.services import build
from bot.transparency_log import Sequencer, anchoring
from bot.transparency_log.anchoring import Anchor, AnchorFailed
from bot.transparency_log.checkpoint import Signer
from tests import transactions
from tests.http import serve
from tests.running import wait_until
from tests.scripted import ScriptedEngine
from tests.transparency_log.records import checkpoints, write

SIGNER = Signer("test.example/log", b"\x07" * 32)
SECRET = "s3cret-t0ken"


@dataclass
class Witness:
    """Somebody who keeps what is sent. Answers with `statuses` first, one a request, then with 204."""

    url: str = ""
    notes: list[str] = field(default_factory=list)
    types: list[str | None] = field(default_factory=list)
    statuses: list[int] = field(default_factory=list)
    asked: list[float] = field(default_factory=list)


@contextmanager
def witness(*statuses: int) -> Iterator[Witness]:
    """A real HTTP server on 127.0.0.1."""
    found = Witness(statuses=list(statuses))

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            found.asked.append(time.monotonic())
            status = found.statuses.pop(0) if found.statuses else 204
            if status == 204:
                found.notes.append(body)
                found.types.append(self.headers["Content-Type"])
            self.send_response(status)
            if status == 302:
                self.send_header("Location", found.url)
            self.end_headers()

        def do_GET(self) -> None:
            """A page that keeps nothing: where a redirect would lead."""
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    found.url = f"http://127.0.0.1:{server.server_port}/keep?token={SECRET}"
    try:
        yield found
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@asynccontextmanager
async def running(anchor: Anchor, database: Database) -> AsyncIterator[None]:
    pubsub = PubSub()
    database.on_commit(pubsub.publish)
    task = asyncio.create_task(keep_running(anchoring_job(anchor, database), pubsub))
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def until(condition: Callable[[], bool], seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline
        await asyncio.sleep(0.02)


def sign(database: Database, folder: Path, count: int) -> list[str]:
    """So many new checkpoints; their notes."""
    sequencer, notes = Sequencer(SIGNER, folder), []
    for _ in range(count):
        write(database, 1, seed=len(checkpoints(database)))
        notes.append(str(transactions.write(database, sequencer.seal)))
    return notes


def anchored(database: Database) -> list[int]:
    return [row.size for row in checkpoints(database) if row.anchored_at is not None]


def test_checkpoints_are_posted_in_order_and_marked(settings: Settings, any_database: Database) -> None:
    async def scenario() -> None:
        sign(any_database, settings.data_dir, 1)
        async with running(Anchor(kept.url), any_database):
            await until(lambda: anchored(any_database) == [1])
            await asyncio.to_thread(sign, any_database, settings.data_dir, 4)
            await until(lambda: anchored(any_database) == [1, 2, 3, 4, 5])

    with witness() as kept:
        asyncio.run(scenario())
    assert kept.notes == [row.note for row in checkpoints(any_database)]
    assert set(kept.types) == {"text/plain; charset=utf-8"}


def test_the_first_is_the_newest_and_a_restart_goes_on_behind_the_last(settings: Settings, database: Database) -> None:
    async def scenario() -> None:
        sign(database, settings.data_dir, 3)
        async with running(Anchor(kept.url), database):
            await until(lambda: anchored(database) == [3])
        sign(database, settings.data_dir, 3)
        async with running(Anchor(kept.url), database):
            await until(lambda: anchored(database) == [3, 4, 5, 6])

    with witness() as kept:
        asyncio.run(scenario())
    assert kept.notes == [row.note for row in checkpoints(database)][2:]


def test_what_fails_is_sent_again_after_growing_pauses_and_in_order(settings: Settings, database: Database) -> None:
    async def scenario() -> None:
        sign(database, settings.data_dir, 1)
        async with running(Anchor(kept.url, pauses=(0.1, 0.25)), database):
            await until(lambda: len(kept.asked) == 2)
            await asyncio.to_thread(sign, database, settings.data_dir, 2)
            await until(lambda: anchored(database) == [1, 2, 3])

    with witness(500, 302, 404, 503) as kept, capture_logs() as logs:
        asyncio.run(scenario())
    assert kept.notes == [row.note for row in checkpoints(database)]
    pauses = [later - earlier for earlier, later in zip(kept.asked, kept.asked[1:5], strict=False)]
    assert [pause >= least for pause, least in zip(pauses, (0.1, 0.2, 0.25, 0.25), strict=True)] == [True] * 4
    assert [entry["again_in_seconds"] for entry in logs if entry["event"] == "log:anchor:failed"] == [
        0.1,
        0.2,
        0.25,
        0.25,
    ]
    assert [entry["event"] for entry in logs].count("log:anchor:works_again") == 1


def test_another_gateway_may_have_sent_some(settings: Settings, database: Database) -> None:
    async def scenario() -> None:
        first, second = Anchor(kept.url), Anchor(kept.url)
        sign(database, settings.data_dir, 1)
        assert await first.send_next(database) and not await second.send_next(database)
        sign(database, settings.data_dir, 3)
        for one in (first, second, first):
            assert await one.send_next(database)
        assert not await first.send_next(database) and not await second.send_next(database)

    with witness() as kept:
        asyncio.run(scenario())
    assert kept.notes == [row.note for row in checkpoints(database)]


def test_a_command_gets_the_note_on_its_standard_input(settings: Settings, any_database: Database) -> None:
    """Its arguments are read as a shell reads them, quotes and all, but no shell runs them."""
    target = settings.data_dir / "kept here; $(touch no-shell)"
    program = "import sys; open(sys.argv[1], 'ab').write(sys.stdin.buffer.read())"

    async def scenario() -> None:
        sign(any_database, settings.data_dir, 2)
        async with running(Anchor(shlex.join([sys.executable, "-c", program, str(target)])), any_database):
            await until(lambda: anchored(any_database) == [2])
            await asyncio.to_thread(sign, any_database, settings.data_dir, 1)
            await until(lambda: anchored(any_database) == [2, 3])

    asyncio.run(scenario())
    assert target.read_text(encoding="utf-8") == "".join(row.note for row in checkpoints(any_database)[1:])


@pytest.mark.parametrize(
    ("target", "words"),
    [
        ("https://user:" + SECRET + "@127.0.0.1:1/x", "cannot be reached"),
        ("http://127.0.0.1:1/" + SECRET, "cannot be reached"),
        ("http://[" + SECRET, "cannot be reached"),
        ("HTTP://127.0.0.1:1/" + SECRET, "cannot be reached"),
        ("/no/such/program " + SECRET, "cannot be started"),
        ("'" + SECRET, "cannot be started"),
        (" ", "cannot be started"),
        (shlex.join([sys.executable, "-c", "raise SystemExit(3)", SECRET]), "ended with 3"),
    ],
)
def test_a_failure_says_what_is_wrong_and_never_the_address_or_the_command(
    settings: Settings, database: Database, target: str, words: str, caplog: pytest.LogCaptureFixture
) -> None:
    async def scenario() -> None:
        async with running(Anchor(target, pauses=(0.05, 0.05)), database):
            await until(lambda: any(entry["event"] == "log:anchor:failed" for entry in logs))

    sign(database, settings.data_dir, 1)
    with capture_logs() as logs, caplog.at_level(logging.WARNING):
        asyncio.run(scenario())
    failed = next(entry for entry in logs if entry["event"] == "log:anchor:failed")
    assert words in failed["problem"]
    assert SECRET not in str(logs) + caplog.text
    assert anchored(database) == []


def test_an_odd_answer_leaves_no_address_in_the_log(
    settings: Settings, database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    """urllib3 warns of headers that it cannot read, with the address. Falls when Anchor no longer silences it."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def answer() -> None:
            connection, _ = server.accept()
            with connection:
                connection.recv(65536)
                connection.sendall(b"HTTP/1.1 500 No\r\nthis is no header\r\n: nor this\r\n\r\n")

        threading.Thread(target=answer, daemon=True).start()
        target = f"http://127.0.0.1:{server.getsockname()[1]}/{SECRET}"
        with caplog.at_level(logging.WARNING), pytest.raises(AnchorFailed):
            asyncio.run(Anchor(target).send("note"))
    assert SECRET not in caplog.text


@pytest.mark.parametrize("kind", ["url", "command"])
def test_whoever_never_answers_has_failed_after_a_while(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(anchoring, "SENDING_SECONDS", 0.4)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}/"
        target = url if kind == "url" else shlex.join([sys.executable, "-c", "import time; time.sleep(600)"])
        with pytest.raises(AnchorFailed, match="no answer within"):
            asyncio.run(Anchor(target).send("note"))


def test_a_command_that_is_given_up_ends_with_all_it_started(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(anchoring, "SENDING_SECONDS", 1.0)
    told = tmp_path / "pid"
    program = f"sleep 600 & echo $! > {shlex.quote(str(told))}; wait"
    with pytest.raises(AnchorFailed, match="no answer within"):
        asyncio.run(Anchor(shlex.join(["sh", "-c", program])).send("note"))
    pid = int(told.read_text())
    wait_until(lambda: not _lives(pid), 60)


def _lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return f"{pid} (sleep) Z" not in Path(f"/proc/{pid}/stat").read_text()


def test_a_running_gateway_anchors_and_goes_on_sealing_while_nobody_answers(tmp_path: Path, database: Database) -> None:
    """Falls when bot/app.py no longer starts the anchor, or when sealing waits for it."""
    with witness(500, 500) as kept:
        settings = Settings(data_dir=tmp_path, log_anchor=kept.url)
        with serve(lambda: create_app(build(settings, database, ScriptedEngine()), engine_ready=lambda: False)):
            write(database, 1)
            wait_until(lambda: len(kept.asked) == 1, 60)
            write(database, 1, seed=1)
            wait_until(lambda: len(checkpoints(database)) == 2, 60)
            assert anchored(database) == []
            wait_until(lambda: anchored(database) == [1, 2], 60)
    assert kept.notes == [row.note for row in checkpoints(database)]
