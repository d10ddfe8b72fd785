"""A real engine for a test: the process, its door, and the action webhook that it calls."""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import json
import os
import shutil
import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import requests

ROOT = Path(__file__).resolve().parents[2]
PYTHON = ROOT / ".venv-engine" / "bin" / "python"
PROJECT = Path(__file__).parent / "project"
TOKEN = "a token for tests"
_START_SECONDS = 180
_REQUESTS = "data/standing_requests"


def clean_environment(**more: str) -> dict[str, str]:
    """Ours without Candor's settings, and without the way out of the machine."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("CANDOR_", "PYTHON"))}
    return {**kept, "RASA_TELEMETRY_ENABLED": "false", **more}


def trained_model() -> Path:
    """A model of the small project in project/, with the real pipeline; trained again when either changed.

    The detectors of standing requests learn from the project's few examples: the real ones take minutes.
    """
    sources = sorted([ROOT / "config.yml", *PROJECT.rglob("*.yml"), *(ROOT / "engine").glob("*.py")])
    digest = hashlib.sha256(b"".join(path.read_bytes() for path in sources)).hexdigest()[:16]
    folder = ROOT / ".make" / "engine-tests"
    model = folder / f"{digest}.tar.gz"
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # of several workers one trains, the others wait for its model
        if not model.exists():
            _train(folder / f"training-{os.getpid()}", model)
    return model


def _train(work: Path, model: Path) -> None:
    work.mkdir()
    config = (ROOT / "config.yml").read_text(encoding="utf-8")
    assert config.count(_REQUESTS) == 1
    (work / "config.yml").write_text(
        config.replace(_REQUESTS, str(PROJECT.relative_to(ROOT) / "standing_requests")), encoding="utf-8"
    )
    project = ["--domain", str(PROJECT / "domain.yml"), "--data", str(PROJECT / "data")]
    command = [
        str(PYTHON), "-m", "rasa", "train", "--config", str(work / "config.yml"), *project,
        "--out", str(work), "--fixed-model-name", "test",
    ]  # fmt: skip
    # Rasa's own cache does not see a change of the modules behind a component.
    environment = clean_environment(RASA_CACHE_DIRECTORY=str(work / "cache"))
    done = subprocess.run(command, cwd=ROOT, env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-3000:]
    for old in model.parent.glob("*.tar.gz"):
        old.unlink()
    (work / "test.tar.gz").replace(model)
    shutil.rmtree(work)


class Engine:
    """A running `python -m engine`. `log` is everything it printed."""

    def __init__(self, model: Path, folder: Path, actions_url: str) -> None:
        self.log_path = folder / "engine.log"
        self.port = _free_port()
        self._session = requests.Session()
        self._session.trust_env = False
        environment = clean_environment(
            CANDOR_ENGINE_TOKEN=TOKEN, CANDOR_ENGINE_STORE=str(folder / "engine.db"), CANDOR_ACTIONS_URL=actions_url
        )
        with self.log_path.open("ab") as log:
            command = [str(PYTHON), "-m", "engine", "--model", str(model), "--port", str(self.port)]
            self.process = subprocess.Popen(
                command, cwd=ROOT, env=environment, stdin=subprocess.PIPE, stdout=log, stderr=log
            )

    def wait_until_ready(self) -> None:
        """Fails with the engine's own words when it ends before it is ready."""
        deadline = time.monotonic() + _START_SECONDS
        while self.process.poll() is None and time.monotonic() < deadline:
            with contextlib.suppress(requests.ConnectionError):
                if self.get("ready").status_code == 200:
                    return
            time.sleep(0.1)
        raise AssertionError(f"the engine did not become ready: {self.log}")

    @property
    def log(self) -> str:
        """What it printed so far."""
        return self.log_path.read_text(errors="replace")

    def get(self, call: str, token: str = TOKEN) -> requests.Response:
        """One GET at the turn channel."""
        return self._session.get(self._url(call), headers={"X-Candor-Token": token}, timeout=30)

    def post(self, call: str, body: Any, token: str = TOKEN) -> requests.Response:
        """One POST at the turn channel; `bytes` go as they are."""
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        return self._session.post(self._url(call), data=data, headers={"X-Candor-Token": token}, timeout=60)

    def turn(self, sender: str, message_id: str, text: str, **slots: Any) -> dict[str, Any]:
        """One turn that must succeed."""
        body = {"sender": sender, "message_id": message_id, "text": text, "slots": slots}
        response = self.post("turn", body)
        assert response.status_code == 200, response.text
        answer: dict[str, Any] = response.json()
        return answer

    def end(self) -> None:
        """Ends it if it still runs."""
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        if self.process.stdin:
            self.process.stdin.close()
        self._session.close()

    def _url(self, call: str) -> str:
        return f"http://127.0.0.1:{self.port}/webhooks/turn/{call}"


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


class _ActionHandler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        call = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        status, answer = act(call)
        body = json.dumps(answer).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Says nothing."""


def act(call: dict[str, Any]) -> tuple[int, dict[str, Any]]:
    """What the test's actions do."""
    name = call["next_action"]
    if name == "action_broken":
        return 500, {"error": "broken on purpose"}
    if name == "action_refused":
        return 400, {"error": "not for me", "action_name": name}
    if name == "action_again":
        return 200, {"events": [{"event": "followup", "name": name}], "responses": []}
    if name == "action_remember":
        return 200, {"events": [{"event": "slot", "name": "remembered", "value": "x"}], "responses": []}
    if name == "validate_trip_form":
        return 200, {"events": _validated(call["tracker"]["events"]), "responses": []}
    return 200, {"events": [], "responses": [{"text": f"{name} says so", "custom": {"by": name}}]}


def _validated(events: list[dict[str, Any]]) -> list[dict[str, Any]]:
    begin = max(i for i, event in enumerate(events) if event["event"] == "action")
    return [_checked(event) for event in events[begin:] if event["event"] == "slot" and event["value"]]


def _checked(event: dict[str, Any]) -> dict[str, Any]:
    value = None if event["value"] == "/order_status" else event["value"]
    return {"event": "slot", "name": event["name"], "value": value}


@contextlib.contextmanager
def action_server() -> Iterator[str]:
    """Serves `act` and gives the address."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _ActionHandler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/webhook"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
