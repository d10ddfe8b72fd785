"""A turn of ours against one of plain `rasa init`, by turns, so that a busy machine slows both.

usage: python -m benchmarks.engine

Trains the bot that `rasa init` writes, which takes a few minutes, in a temporary folder.
"""

from __future__ import annotations

import contextlib
import json
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import requests

from benchmarks.served import ROOT

PYTHON = ROOT / ".venv-engine" / "bin" / "python"
TOKEN = "benchmark"
START_SECONDS = 600
TURNS = 200
PER_CONVERSATION = 10
OURS = ("hello", "how can I pay", "thanks", "what is your refund policy")
THEIRS = ("hello", "I am sad", "yes", "bye")
Turn = Callable[[int], None]


def main() -> None:
    """Prints both medians and their ratio."""
    models = sorted((ROOT / "models").glob("*.tar.gz"), key=lambda path: path.stat().st_mtime)
    if not PYTHON.exists() or not models:
        sys.exit("Run `make setup` first: the engine's environment or its model is missing.")
    with tempfile.TemporaryDirectory(prefix="candor-bench-") as folder, contextlib.ExitStack() as ends:
        plain = Path(folder)
        _run("-m", "rasa", "init", "--no-prompt", "--init-dir", str(plain), cwd=plain)
        theirs, their_start = ends.enter_context(_rasa(plain))
        ours, our_start = ends.enter_context(_candor(models[-1], plain))
        took = _measure(ours, theirs)
    print(f"ready after      ours {our_start:.1f} s, rasa init {their_start:.1f} s")
    print(f"turn, median     ours {took[0]:.1f} ms, rasa init {took[1]:.1f} ms, ratio {took[0] / took[1]:.2f}")


def _measure(ours: Turn, theirs: Turn) -> tuple[float, float]:
    times: tuple[list[float], list[float]] = ([], [])
    for number in range(TURNS):
        for turn, taken in zip((ours, theirs), times, strict=True):
            begun = time.perf_counter()
            turn(number)
            taken.append((time.perf_counter() - begun) * 1e3)
    first = TURNS // 10
    return statistics.median(times[0][first:]), statistics.median(times[1][first:])


@contextlib.contextmanager
def _candor(model: Path, folder: Path) -> Iterator[tuple[Turn, float]]:
    port = _free_port()
    environment = {"CANDOR_ENGINE_TOKEN": TOKEN, "CANDOR_ENGINE_STORE": str(folder / "engine.db")}
    command = ["-m", "engine", "--model", str(model), "--port", str(port)]
    url = f"http://127.0.0.1:{port}/webhooks/turn"
    with _process(command, ROOT, environment) as process, requests.Session() as session:
        session.headers["X-Candor-Token"] = TOKEN
        seconds = _wait(session, f"{url}/ready", process)

        def turn(number: int) -> None:
            body = {
                "sender": f"s{number // PER_CONVERSATION}",
                "message_id": str(number),
                "text": OURS[number % len(OURS)],
            }
            session.post(f"{url}/turn", data=json.dumps(body), timeout=60).raise_for_status()

        yield turn, seconds


@contextlib.contextmanager
def _rasa(project: Path) -> Iterator[tuple[Turn, float]]:
    port = _free_port()
    command = ["-m", "rasa", "run", "-i", "127.0.0.1", "-p", str(port), "--credentials", "credentials.yml"]
    url = f"http://127.0.0.1:{port}"
    with _process(command, project, {}) as process, requests.Session() as session:
        seconds = _wait(session, url, process)

        def turn(number: int) -> None:
            body = {"sender": f"s{number // PER_CONVERSATION}", "message": THEIRS[number % len(THEIRS)]}
            session.post(f"{url}/webhooks/rest/webhook", json=body, timeout=60).raise_for_status()

        yield turn, seconds


@contextlib.contextmanager
def _process(arguments: list[str], folder: Path, environment: dict[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    everything = {**os.environ, "RASA_TELEMETRY_ENABLED": "false", **environment}
    null = subprocess.DEVNULL
    process = subprocess.Popen(
        [str(PYTHON), *arguments], cwd=folder, env=everything, stdin=subprocess.PIPE, stdout=null, stderr=null
    )
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def _wait(session: requests.Session, url: str, process: subprocess.Popen[bytes]) -> float:
    begun = time.monotonic()
    while time.monotonic() - begun < START_SECONDS and process.poll() is None:
        with contextlib.suppress(requests.ConnectionError):
            if session.get(url, timeout=10).ok:
                return time.monotonic() - begun
        time.sleep(0.1)
    raise SystemExit(f"The server at {url} did not become ready.")


def _run(*arguments: str, cwd: Path) -> None:
    environment = {**os.environ, "RASA_TELEMETRY_ENABLED": "false"}
    subprocess.run(
        [str(PYTHON), *arguments], cwd=cwd, env=environment, stdin=subprocess.DEVNULL, check=True, capture_output=True
    )


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


if __name__ == "__main__":
    main()
