"""The bot that `rasa init` writes, served by plain Rasa: what a turn of ours is measured against."""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

from benchmarks.served import ROOT, Served, free_port

PYTHON = ROOT / ".venv-engine" / "bin" / "python"
PROJECT = ROOT / ".make" / "rasa-init"
"""Made and trained once; its training takes a few minutes."""
START_SECONDS = 600
TEXTS = ("hello", "I am sad", "yes", "bye")
ENVIRONMENT = {**os.environ, "RASA_TELEMETRY_ENABLED": "false"}


@contextlib.contextmanager
def plain_rasa() -> Iterator[Served]:
    """Serves it on a free port, with its REST channel."""
    if not list((PROJECT / "models").glob("*.tar.gz")):
        _make(PROJECT)
    port = free_port()
    command = [str(PYTHON), "-m", "rasa", "run", "-i", "127.0.0.1", "-p", str(port)]
    null = subprocess.DEVNULL
    begun = time.monotonic()
    process = subprocess.Popen(command, cwd=PROJECT, env=ENVIRONMENT, stdin=null, stdout=null, stderr=null)
    try:
        _wait(port, process)
        yield Served(port, time.monotonic() - begun, process.pid)
    finally:
        process.kill()
        process.wait()


def _make(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    print("making and training what `rasa init` makes; this takes a few minutes …", flush=True)
    command = [str(PYTHON), "-m", "rasa", "init", "--no-prompt", "--init-dir", str(folder)]
    subprocess.run(command, cwd=folder, env=ENVIRONMENT, stdin=subprocess.DEVNULL, check=True, capture_output=True)


def _wait(port: int, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + START_SECONDS
    while process.poll() is None and time.monotonic() < deadline:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        time.sleep(0.1)
    raise SystemExit("Plain Rasa did not become ready.")
