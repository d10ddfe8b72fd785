"""Starts gateway, actions and engine in one process tree, and stops all of them however it ends."""

from __future__ import annotations

import asyncio
import contextlib
import ctypes
import errno
import gc
import secrets
import signal
import socket
import sys
from collections.abc import Coroutine
from importlib import import_module
from typing import TYPE_CHECKING

import structlog
import uvicorn
from sse_starlette.sse import AppStatus
from starlette.types import ASGIApp
from uvicorn.loops.auto import auto_loop_factory

from bot.cli.context import find_model, prepare
from bot.core.errors import SettingsError
from bot.core.settings import ROOT, Settings
from bot.rasa.supervisor import EngineProcess, EngineState, engine_launch, free_port

if TYPE_CHECKING:
    from bot.rasa.action_context import ActionServices
    from bot.services import Services

log = structlog.get_logger(__name__)
_M_ARENA_MAX, _ARENAS = -8, 2
"""glibc's option, and its value: a heap for each thread would take 20 MB more, and one thread at a time needs any."""
_NEW_OBJECTS = 10_000
"""After so many new objects Python looks for cycles. A turn makes some thousands and hardly any cycle."""


class Server(uvicorn.Server):
    """A uvicorn server without signal handlers: `serve` runs two servers and an engine, and handles signals itself.

    `listens` is set as soon as it takes connections.
    """

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.listens, self._stopping = asyncio.Event(), asyncio.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.listens.set()

    async def main_loop(self) -> None:
        """As uvicorn's, but woken once a second instead of ten times, which a machine at rest would feel."""
        while not await self.on_tick(0):
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._stopping.wait(), timeout=1.0)

    def stop(self) -> None:
        """Take no more connections, and end."""
        self.should_exit = True
        self._stopping.set()

    @contextlib.contextmanager
    def capture_signals(self):  # type: ignore[no-untyped-def]
        yield


def run(work: Coroutine[None, None, None]) -> None:
    """Run it to its end on uvloop, where there is one."""
    with contextlib.suppress(OSError, AttributeError):  # other C libraries than glibc
        ctypes.CDLL("libc.so.6").mallopt(_M_ARENA_MAX, _ARENAS)
    with asyncio.Runner(loop_factory=auto_loop_factory()) as runner:
        runner.run(work)


async def serve(settings: Settings) -> None:
    """Serve until SIGINT or SIGTERM."""
    model = find_model(settings)
    listening, inner = listen(settings.host, settings.port), listen("127.0.0.1", 0)
    database, logins = prepare(settings)
    engine_token, actions_token = secrets.token_urlsafe(32), secrets.token_urlsafe(32)
    launch = engine_launch(
        python=settings.engine_python,
        root=ROOT,
        model=model,
        token=engine_token,
        store=settings.data_dir / "engine.db",
        actions_url=f"http://127.0.0.1:{inner.getsockname()[1]}/webhook",
        actions_token=actions_token,
        log_file=settings.data_dir / "engine.log",
    )
    supervisor = EngineProcess(launch, port=free_port(), on_change=_log_state)
    await supervisor.start()
    try:
        await asyncio.to_thread(import_module, "bot.app")  # takes seconds, in which the engine starts
        from bot.api.action_webhook import create_actions_app
        from bot.app import create_app
        from bot.rasa import RasaEngine
        from bot.services import build

        engine = RasaEngine(supervisor.url, engine_token, settings.engine_timeout, settings.engine_turns)
        services = build(settings, database, engine)
        actions = create_actions_app(action_services(services), actions_token)
        gateway = create_app(services, lambda: supervisor.state is EngineState.READY)
        await _serve_until_stopped(
            [(_server(gateway), listening), (_server(actions), inner)], supervisor, settings, logins
        )
        engine.close()
    finally:
        await supervisor.stop()
        database.close()


async def _serve_until_stopped(
    servers: list[tuple[Server, socket.socket]], supervisor: EngineProcess, settings: Settings, logins: str
) -> None:
    """Serves gateway and actions; stops the gateway first, then the engine, and then the actions that it calls."""
    stopping = _on_signals()
    async with asyncio.TaskGroup() as tasks:
        for server, sock in servers:
            tasks.create_task(server.serve(sockets=[sock]))
        announcing = tasks.create_task(_announce(supervisor, settings, servers, logins))
        await stopping.wait()
        announcing.cancel()
        # sse-starlette hooks uvicorn's signal handlers to learn of the shutdown; here they are not installed.
        AppStatus.should_exit = True
        servers[0][0].stop()
        await supervisor.stop()
        servers[1][0].stop()


async def serve_actions(settings: Settings, port: int) -> None:
    """Serve actions/ alone on loopback, without a token, for Rasa's own tools, until SIGINT or SIGTERM."""
    from bot.api.action_webhook import create_actions_app
    from bot.rasa import RasaEngine
    from bot.services import build

    listening = listen("127.0.0.1", port)
    database, _ = prepare(settings)
    services = build(settings, database, RasaEngine("http://127.0.0.1:1", "", 1.0, 1))
    server = _server(create_actions_app(action_services(services), None))
    stopping = _on_signals()
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(server.serve(sockets=[listening]))
        print(f"Actions are served on http://127.0.0.1:{port}/webhook for Rasa's own tools. Ctrl-C stops.", flush=True)
        await stopping.wait()
        server.stop()
    database.close()


def action_services(services: Services) -> ActionServices:
    """The subset of the services that actions/ may use."""
    from bot.rasa.action_context import ActionServices

    return ActionServices(
        database=services.database,
        recorder=services.recorder,
        placeholders=services.placeholders,
        consents=services.consents,
        gate=services.gate,
        shop=services.shop,
        handoffs=services.handoffs,
    )


def listen(host: str, port: int) -> socket.socket:
    """A bound socket.

    Raises:
        SettingsError: the port is taken, or this process may not use it.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # asyncio turns Nagle's algorithm off (40 ms per request) only when the protocol is named.
    sock = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        sock.bind((host, port))
    except OSError as error:
        sock.close()
        if isinstance(error, socket.gaierror) or error.errno == errno.EADDRNOTAVAIL:
            raise SettingsError(
                "CANDOR_HOST: this machine has no such address. Use 127.0.0.1, or 0.0.0.0 for all that it has."
            ) from None
        reason = error.strerror or "it cannot be used"
        raise SettingsError(f"CANDOR_PORT or CANDOR_HOST: {reason.lower()}. Choose another with CANDOR_PORT.") from None
    sock.set_inheritable(False)
    return sock


def _server(app: ASGIApp) -> Server:
    config = uvicorn.Config(
        app,
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=2,
        timeout_keep_alive=30,
    )
    return Server(config)


def _on_signals() -> asyncio.Event:
    stopping = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stopping.set)
    return stopping


def _log_state(state: EngineState) -> None:
    log.info(f"engine:process:{state.value}")


async def _announce(
    supervisor: EngineProcess, settings: Settings, servers: list[tuple[Server, socket.socket]], logins: str
) -> None:
    """Print the addresses of all pages once the engine is ready and both servers listen."""
    print("Starting the dialogue engine …", flush=True)
    if not await supervisor.wait_ready(timeout=180):
        print(f"The engine does not start. Its log: {settings.data_dir / 'engine.log'}", file=sys.stderr, flush=True)
        return
    for server, _ in servers:
        await server.listens.wait()
    gc.collect()
    gc.freeze()  # what is loaded stays: the collector skips it from now on
    gc.set_threshold(_NEW_OBJECTS)
    host, port = servers[0][1].getsockname()[:2]
    base = f"http://{'127.0.0.1' if host in ('0.0.0.0', '::') else host}:{port}"
    print(_welcome(base, settings, logins), flush=True)


def _welcome(base: str, settings: Settings, logins: str) -> str:
    pages = [("Support desk", "/desk"), ("Review console", "/review"), ("API", "/docs")]
    if settings.demo:
        pages.insert(0, ("Demo shop", "/"))
    lines = ["", "Candor is ready.", "", *(f"  {name:16}{base}{path}" for name, path in pages)]
    if logins:
        indented = "\n".join(f"  {line}".rstrip() for line in logins.strip().splitlines())
        lines += ["", indented, "", f"  These logins are kept in {settings.data_dir / 'staff.txt'}."]
    return "\n".join([*lines, "", "Press Ctrl-C to stop.", ""])
