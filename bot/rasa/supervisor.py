"""Starts the engine, watches it, and starts it again when it dies.

The engine is an old stack that must not see what it has no need of: it gets the few variables named here and nothing
else of ours. Its standard input is a pipe that only we hold; when we die, however we die, the pipe closes and it ends.
"""

from __future__ import annotations

import asyncio
import contextlib
import enum
import http.client
import os
import signal
import socket
import subprocess
import threading
import time
import urllib.request
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

import structlog

log = structlog.get_logger(__name__)

READY_PATH = "/webhooks/turn/ready"

# What a Python process needs of its surroundings. Everything else stays here: passwords, keys, CANDOR_* settings.
_PASSED_ON = ("PATH", "HOME", "USER", "LANG", "LANGUAGE", "LC_ALL", "LC_CTYPE", "TZ", "TMPDIR", "LD_LIBRARY_PATH")
_FIXED = {
    "PYTHONUNBUFFERED": "1",
    "RASA_TELEMETRY_ENABLED": "false",
    "TF_CPP_MIN_LOG_LEVEL": "2",
    "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
}


class EngineState(enum.StrEnum):
    """Where the engine stands. `down` means: it died or hangs, and is started again after a pause."""

    STOPPED = "stopped"
    STARTING = "starting"
    READY = "ready"
    DOWN = "down"


@dataclass(frozen=True)
class Patience:
    """How long the supervisor waits for what; all in seconds."""

    first_pause: float = 0.2
    longest_pause: float = 10.0
    steady: float = 60.0
    """Ready for this long, an engine counts as sound and the next pause is the first again."""
    start: float = 180.0
    """An engine that is not ready by then is killed and started again."""
    silence: float = 30.0
    """A ready engine that has not answered for this long hangs; it is killed and started again."""
    answer: float = 5.0
    """One question whether it is ready may take this long."""
    poll_starting: float = 0.1
    poll_ready: float = 2.0
    stop: float = 5.0


@dataclass(frozen=True)
class EngineLaunch:
    """What to start: the command without its port, where, with which environment, and where its output goes."""

    command: Sequence[str]
    folder: Path
    environment: Mapping[str, str] = field(repr=False)
    token: str = field(repr=False)
    log_file: Path
    log_bytes: int = 5_000_000


def engine_launch(
    *,
    python: Path,
    root: Path,
    model: Path,
    token: str,
    store: Path,
    actions_url: str,
    actions_token: str,
    log_file: Path,
) -> EngineLaunch:
    """The launch of our Rasa engine as docs/explanation/architecture.md describes it."""
    ours = {
        "CANDOR_ENGINE_TOKEN": token,
        "CANDOR_ENGINE_STORE": str(store.resolve()),
        "CANDOR_ACTIONS_URL": actions_url,
        "CANDOR_ACTIONS_TOKEN": actions_token,
    }
    command = (str(python), "-m", "engine", "--model", str(model.resolve()))
    return EngineLaunch(command, root, engine_environment(ours), token, log_file)


def engine_environment(ours: Mapping[str, str], outer: Mapping[str, str] | None = None) -> dict[str, str]:
    """The engine's whole environment: `ours`, and of the outer one only what is harmless and needed."""
    outer = os.environ if outer is None else outer
    return {**{key: outer[key] for key in _PASSED_ON if key in outer}, **_FIXED, **ours}


def free_port() -> int:
    """A loopback port that nobody listens on at this moment."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class EngineProcess:
    """One engine process, kept alive from `start()` to `stop()`.

    `on_change` is called in the event loop with every new state; it must not raise. When the engine dies nothing here
    raises: the state says so.
    """

    def __init__(
        self,
        launch: EngineLaunch,
        *,
        port: int | None = None,
        on_change: Callable[[EngineState], None] | None = None,
        patience: Patience | None = None,
    ) -> None:
        self._launch = launch
        self._port = port or free_port()
        self._on_change = on_change
        self._patience = patience or Patience()
        self._state = EngineState.STOPPED
        self._changed = asyncio.Event()
        self._child: _Child | None = None
        self._watcher: asyncio.Task[None] | None = None

    @property
    def state(self) -> EngineState:
        return self._state

    @property
    def url(self) -> str:
        """The address of the engine's door. It stays the same when the engine is started again."""
        return f"http://127.0.0.1:{self._port}"

    @property
    def pid(self) -> int | None:
        """The running engine's process id."""
        return self._child.pid if self._child else None

    async def start(self) -> None:
        """Begins to start the engine and returns at once; `wait_ready` waits for it."""
        if self._watcher is None:
            self._watcher = asyncio.create_task(self._watch(), name="engine supervisor")

    async def wait_ready(self, timeout: float) -> bool:
        """True as soon as the engine is ready, False when it is not within `timeout` seconds."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(timeout):
                while self._state is not EngineState.READY:
                    self._changed.clear()
                    await self._changed.wait()
        return self._state is EngineState.READY

    async def stop(self) -> None:
        """Ends the engine and whatever it started: asks first, kills after `Patience.stop` seconds."""
        watcher, self._watcher = self._watcher, None
        if watcher is not None:
            watcher.cancel()
            await asyncio.gather(watcher, return_exceptions=True)
        await self._end_child(self._patience.stop)
        self._set(EngineState.STOPPED)

    async def _watch(self) -> None:
        pause = self._patience.first_pause
        while True:
            ready_for = await self._live_once()
            if ready_for >= self._patience.steady:
                pause = self._patience.first_pause
            self._set(EngineState.DOWN)
            await asyncio.sleep(pause)
            pause = min(pause * 2, self._patience.longest_pause)

    async def _live_once(self) -> float:
        """One life of the engine, from its start to its end; answers how long it was ready."""
        self._set(EngineState.STARTING)
        try:
            self._child = _Child(self._launch, self._port)
        except OSError as error:
            log.error("engine:process:not_started", error=type(error).__name__, program=self._launch.command[0])
            return 0.0
        log.info("engine:process:started", pid=self._child.pid)
        ready_since = await self._attend(self._child)
        await self._end_child(0)
        return time.monotonic() - ready_since if ready_since is not None else 0.0

    async def _attend(self, child: _Child) -> float | None:
        """Returns when the engine has died or must be ended; answers since when it was ready."""
        ready_since: float | None = None
        heard = time.monotonic()
        while not await child.ended(self._patience.poll_starting if ready_since is None else self._patience.poll_ready):
            child.rotate_log()
            if await asyncio.to_thread(self._answers):
                heard = time.monotonic()
                ready_since = ready_since or heard
                self._set(EngineState.READY)
            elif time.monotonic() - heard > (self._patience.start if ready_since is None else self._patience.silence):
                log.error("engine:process:silent", pid=child.pid, was_ready=ready_since is not None)
                return ready_since
        # An engine that was never ready has read no message: what it said may be shown.
        said = child.last_words() if ready_since is None else ""
        log.warning("engine:process:died", pid=child.pid, code=child.code, said=said, log=str(self._launch.log_file))
        return ready_since

    def _answers(self) -> bool:
        request = urllib.request.Request(self.url + READY_PATH, headers={"X-Candor-Token": self._launch.token})
        try:
            with _direct.open(request, timeout=self._patience.answer) as response:
                return bool(response.status == 200)
        except (OSError, http.client.HTTPException):  # refused, silent, 401 and 503 are all OSError here
            return False

    async def _end_child(self, grace: float) -> None:
        child, self._child = self._child, None
        if child is not None:
            await child.end(grace)

    def _set(self, state: EngineState) -> None:
        if state is self._state:
            return
        self._state = state
        self._changed.set()
        if self._on_change is not None:
            self._on_change(state)


class _Child:
    """One started process, leader of its own group. A thread waits for it, so that no zombie stays."""

    def __init__(self, launch: EngineLaunch, port: int) -> None:
        self._launch = launch
        self._loop = asyncio.get_running_loop()
        self._gone = asyncio.Event()
        with _open_log(launch.log_file) as output:
            self._log_begins = output.seek(0, os.SEEK_END)
            self._process = subprocess.Popen(
                [*launch.command, "--port", str(port)],
                cwd=launch.folder,
                env=dict(launch.environment),
                stdin=subprocess.PIPE,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        threading.Thread(target=self._reap, name="engine reaper", daemon=True).start()

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def code(self) -> int | None:
        return self._process.returncode

    async def ended(self, within: float) -> bool:
        """Whether the process has ended, after waiting for that for at most `within` seconds."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(within):
                await self._gone.wait()
        return self._gone.is_set()

    async def end(self, grace: float) -> None:
        """Ends the whole group: politely when there is `grace`, and in any case."""
        if grace and not self._gone.is_set():
            self._signal(signal.SIGTERM)
            await self.ended(grace)
        self._signal(signal.SIGKILL)
        if self._process.stdin is not None:
            self._process.stdin.close()
        await self._gone.wait()

    def last_words(self) -> str:
        """The last line that this process wrote, at most 300 characters of it."""
        with contextlib.suppress(OSError), self._launch.log_file.open("rb") as file:
            file.seek(self._log_begins)
            lines = file.read().decode(errors="replace").split("\n")
            return next((line.strip()[:300] for line in reversed(lines) if line.strip()), "")
        return ""

    def rotate_log(self) -> None:
        """Keeps the log small while the engine holds it open: copied away, then emptied in place."""
        path = self._launch.log_file
        with contextlib.suppress(OSError):
            if path.stat().st_size > self._launch.log_bytes:
                with _open_log(path.with_name(path.name + ".1"), "wb") as old:
                    old.write(path.read_bytes()[-self._launch.log_bytes :])
                os.truncate(path, 0)

    def _signal(self, number: signal.Signals) -> None:
        # The leader may be gone while others of its group live; the group's number stays theirs as long as one does.
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self._process.pid, number)

    def _reap(self) -> None:
        self._process.wait()
        with contextlib.suppress(RuntimeError):  # the loop may be closed already
            self._loop.call_soon_threadsafe(self._gone.set)


def _open_log(path: Path, mode: str = "ab") -> IO[bytes]:
    """Opens the engine's log for its owner alone."""
    path.parent.mkdir(parents=True, exist_ok=True)
    return open(path, mode, opener=lambda name, flags: os.open(name, flags, 0o600))


# No proxy from the environment may stand between us and our own loopback.
_direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
