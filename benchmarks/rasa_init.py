"""The bot that `rasa init` writes, served by plain Rasa: what a turn of ours is measured against."""

from __future__ import annotations

import contextlib
import json
import os
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from benchmarks.served import ROOT, connect

PYTHON = ROOT / ".venv-engine" / "bin" / "python"
PROJECT = ROOT / ".make" / "rasa-init"
"""Made and trained once; its training takes a few minutes."""
START_SECONDS = 600
TEXTS = ("hello", "I am sad", "yes", "bye")
PER_CONVERSATION = 5
ENVIRONMENT = {**os.environ, "RASA_TELEMETRY_ENABLED": "false"}
Turn = Callable[[int], None]


@contextlib.contextmanager
def plain_rasa() -> Iterator[tuple[Turn, float]]:
    """A function that takes turn number n, and the seconds from start to ready."""
    if not list((PROJECT / "models").glob("*.tar.gz")):
        _make(PROJECT)
    port = _free_port()
    command = [str(PYTHON), "-m", "rasa", "run", "-i", "127.0.0.1", "-p", str(port)]
    null = subprocess.DEVNULL
    begun = time.monotonic()
    process = subprocess.Popen(command, cwd=PROJECT, env=ENVIRONMENT, stdin=null, stdout=null, stderr=null)
    try:
        _wait(port, process)
        seconds = time.monotonic() - begun
        connection = connect(port)

        def turn(number: int) -> None:
            body = {"sender": f"s{number // PER_CONVERSATION}", "message": TEXTS[number % len(TEXTS)]}
            headers = {"Content-Type": "application/json"}
            connection.request("POST", "/webhooks/rest/webhook", json.dumps(body).encode(), headers)
            if not json.loads(connection.getresponse().read()):
                raise SystemExit("Plain Rasa did not answer.")

        yield turn, seconds
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


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
