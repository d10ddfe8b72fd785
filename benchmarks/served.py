"""A Candor of one's own for a measurement: free port, fresh data folder, ended afterwards."""

from __future__ import annotations

import contextlib
import http.client
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Served:
    """A running Candor."""

    port: int
    seconds_to_ready: float
    pid: int

    def memory(self) -> dict[str, int]:
        """Resident memory in MB of the gateway and of the engine."""
        shown = subprocess.run(["ps", "-eo", "pid=,ppid=,rss="], capture_output=True, text=True, check=True).stdout
        rows = [tuple(map(int, line.split())) for line in shown.splitlines()]
        gateway = sum(rss for pid, _, rss in rows if pid == self.pid)
        engine = sum(rss for _, parent, rss in rows if parent == self.pid)
        return {"gateway": gateway // 1024, "engine": engine // 1024}


@contextlib.contextmanager
def served() -> Iterator[Served]:
    """Starts Candor, waits until it is ready, and ends it.

    Raises:
        RuntimeError: it ended or was not ready in time; its own words are on standard error.
    """
    with tempfile.TemporaryDirectory(prefix="candor-bench-") as folder:
        port = _free_port()
        own = {"CANDOR_PORT": str(port), "CANDOR_DATA_DIR": folder, "CANDOR_MESSAGE_RATE": "10000"}
        begun = time.monotonic()
        process = subprocess.Popen(
            [sys.executable, "-c", "from bot.cli.main import main; main()", "serve"],
            cwd=ROOT,
            env={**os.environ, **own, "CANDOR_LOG_LEVEL": "WARNING"},
            stdout=subprocess.PIPE,
            text=True,
        )
        try:
            _wait_for_the_word(process)
            yield Served(port, time.monotonic() - begun, process.pid)
        finally:
            process.send_signal(signal.SIGINT)
            process.communicate(timeout=20)


def _wait_for_the_word(process: subprocess.Popen[str]) -> None:
    assert process.stdout is not None
    for line in process.stdout:
        if "Candor is ready" in line:
            return
    raise RuntimeError("Candor ended before it was ready.")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def connect(port: int) -> http.client.HTTPConnection:
    """A connection that is kept open from one call to the next."""
    return http.client.HTTPConnection("127.0.0.1", port, timeout=30)
