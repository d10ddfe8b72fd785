"""Real HTTP for tests: a uvicorn on a free port of 127.0.0.1, and a reader of server-sent events."""

from __future__ import annotations

import asyncio
import contextlib
import http.client
import json
import queue
import socket
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import uvicorn
from fastapi import APIRouter, FastAPI
from starlette.routing import BaseRoute
from starlette.types import ASGIApp

PATIENCE = 60.0
"""Seconds until a test gives up; nothing waits that long when all is well."""


class _Server(uvicorn.Server):
    """Leaves signals to pytest, and sees at once that it is to stop."""

    async def main_loop(self) -> None:
        while not await self.on_tick(0):
            await asyncio.sleep(0.005)

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


def share_included_routers() -> None:
    """What FastAPI works out of an included router is worked out once in a process, not at the first request of each
    test's application, where it takes most of that test's time.

    An application may go on including routers in its own way: then it works them out itself.
    """
    include = FastAPI.include_router
    made: dict[tuple[int, int], BaseRoute] = {}  # each holds what its key's ids are of: they stay its own

    def shared(app: FastAPI, router: APIRouter, **options: Any) -> None:
        include(app, router, **options)
        if not options:
            key = id(router), id(app.router.generate_unique_id_function)
            app.router.routes[-1] = made.setdefault(key, app.router.routes[-1])

    FastAPI.include_router = shared  # type: ignore[assignment,method-assign]


@contextmanager
def serve(make: Callable[[], ASGIApp]) -> Iterator[str]:
    """Serve the application that `make()` gives, called inside the server's event loop. Gives the base address."""
    sock = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    sock.bind(("127.0.0.1", 0))
    ready: queue.Queue[_Server | BaseException] = queue.Queue()
    thread = threading.Thread(target=_run, args=(make, sock, ready), daemon=True)
    thread.start()
    server = ready.get(timeout=PATIENCE)
    if isinstance(server, BaseException):
        sock.close()
        raise server
    try:
        yield f"http://127.0.0.1:{sock.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(PATIENCE)
        sock.close()


def _run(make: Callable[[], ASGIApp], sock: socket.socket, ready: queue.Queue[_Server | BaseException]) -> None:
    async def main() -> None:
        config = uvicorn.Config(make(), log_config=None, access_log=False, timeout_graceful_shutdown=1)
        server = _Server(config)
        serving = asyncio.create_task(server.serve(sockets=[sock]))
        while not server.started and not serving.done():
            await asyncio.sleep(0.005)
        ready.put(server)
        await serving

    try:
        asyncio.run(main())
    except BaseException as error:  # told to the test, which raises it
        ready.put(error)


@dataclass(frozen=True)
class Sent:
    """One server-sent event."""

    id: str | None
    kind: str
    data: Any


class EventStream:
    """Server-sent events as they come."""

    def __init__(self, response: http.client.HTTPResponse) -> None:
        self._response = response
        self._events: queue.Queue[Sent | None] = queue.Queue()
        threading.Thread(target=self._read, daemon=True).start()

    def next(self, kind: str | None = None) -> Sent:
        """The next event (of `kind`); fails when the stream ends or nothing comes."""
        while True:
            event = self._events.get(timeout=PATIENCE)
            assert event is not None, "the stream has ended"
            if kind in (None, event.kind):
                return event

    def ended(self) -> bool:
        """Waits for the server to end the stream; events that still come are passed over."""
        while self._events.get(timeout=PATIENCE) is not None:
            continue
        return True

    def quiet(self) -> bool:
        """Whether everything that came so far was taken."""
        return self._events.empty()

    def _read(self) -> None:
        fields: dict[str, str] = {}
        with contextlib.suppress(OSError, ValueError, AttributeError, http.client.HTTPException):
            while line := self._response.readline().decode():
                name, _, value = line.rstrip("\r\n").partition(":")
                if name:
                    fields[name] = value.removeprefix(" ")
                elif "data" in fields:
                    self._events.put(Sent(fields.get("id"), fields.get("event", "message"), json.loads(fields["data"])))
                    fields = {}
        self._events.put(None)


@contextmanager
def follow(url: str, headers: Mapping[str, str] | None = None) -> Iterator[EventStream]:
    """Open the event stream at `url`; fails unless it is answered with 200."""
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.netloc, timeout=PATIENCE)
    connection.request("GET", parts._replace(scheme="", netloc="").geturl(), headers=dict(headers or {}))
    response = connection.getresponse()
    try:
        assert response.status == 200, f"{response.status}: {response.read()!r}"
        yield EventStream(response)
    finally:
        with contextlib.suppress(OSError):
            connection.sock.shutdown(socket.SHUT_RDWR)
        connection.close()
