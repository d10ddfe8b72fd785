"""A server of one's own for a measurement: free port, fresh data folder, ended afterwards."""

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
_TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Served:
    """A running server: Candor, or plain Rasa."""

    port: int
    seconds_to_ready: float
    pid: int

    def memory(self) -> list[int]:
        """Resident memory in MB: of the process itself, then of each child."""
        shown = subprocess.run(["ps", "-eo", "pid=,ppid=,rss="], capture_output=True, text=True, check=True).stdout
        rows = [tuple(map(int, line.split())) for line in shown.splitlines()]
        own = [rss // 1024 for pid, _, rss in rows if pid == self.pid]
        return own + [rss // 1024 for _, parent, rss in rows if parent == self.pid]

    def cpu_seconds(self) -> float:
        """What the process and its children have used so far."""
        shown = subprocess.run(["ps", "-eo", "pid=,ppid="], capture_output=True, text=True, check=True).stdout
        rows = [tuple(map(int, line.split())) for line in shown.splitlines()]
        used = [Path(f"/proc/{pid}/stat").read_text() for pid, parent in rows if self.pid in (pid, parent)]
        return sum(sum(map(int, stat.rpartition(")")[2].split()[11:13])) for stat in used) / _TICKS


@contextlib.contextmanager
def served() -> Iterator[Served]:
    """Starts Candor, waits until it is ready, and ends it.

    Raises:
        RuntimeError: it ended or was not ready in time; its own words are on standard error.
    """
    with tempfile.TemporaryDirectory(prefix="candor-bench-") as folder:
        port = free_port()
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


def free_port() -> int:
    """A port of the loopback address that nobody uses now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def connect(port: int) -> http.client.HTTPConnection:
    """A connection that is kept open from one call to the next."""
    return http.client.HTTPConnection("127.0.0.1", port, timeout=60)
