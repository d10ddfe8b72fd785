"""A whole Candor, started as a user starts it: gateway, engine, database, in a data folder of its own."""

from __future__ import annotations

import os
import re
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Generator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import requests

from tests.command import candor
from tests.tools import ROOT

START_SECONDS = 120
STREAM_SECONDS = 30
PATIENCE = 60.0


@dataclass
class Gateway:
    """One running `candor serve`. `start` may be called again after `kill` or `stop`: same data, same port."""

    data_dir: Path
    settings: dict[str, str] = field(default_factory=dict)
    url: str = ""
    program: str = "bot.cli"
    lines: list[str] = field(default_factory=list)
    _process: subprocess.Popen[str] | None = None

    def start(self, *, wait: bool = True) -> Gateway:
        """`wait`: until the engine is ready; without, give its port a start before."""
        port = self.url.rpartition(":")[2] or "0"
        environment = {
            **os.environ,
            "CANDOR_PORT": port,
            "CANDOR_DATA_DIR": str(self.data_dir),
            "CANDOR_MESSAGE_RATE": "10000",
            **self.settings,
        }
        self.lines.clear()
        self._process = subprocess.Popen(
            [sys.executable, "-m", self.program, "serve"],
            cwd=ROOT,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        threading.Thread(target=self._read, args=(self._process,), daemon=True).start()
        if wait:
            self._wait_ready()
        return self

    def run(self, program: str = "bot.cli") -> None:
        """See that it runs as this program, which may be one that dies."""
        if self.alive and self.program == program:
            return
        if self.alive:
            self.stop()
        self.program = program
        self.start()

    @property
    def alive(self) -> bool:
        return self._process is not None and self._process.poll() is None

    @property
    def process(self) -> subprocess.Popen[str]:
        assert self._process is not None
        return self._process

    @property
    def pid(self) -> int:
        return self.process.pid

    @property
    def output(self) -> str:
        return "".join(self.lines)

    @property
    def logins(self) -> dict[str, tuple[str, str]]:
        """login -> (page, password), as the start-up message gives them."""
        found = re.findall(r"(\/\w+)\s+login (\w+)\s+password (\S+)", self.output)
        return {login: (page, password) for page, login, password in found}

    def engine_pid(self) -> int:
        """The process id of the engine this gateway started."""
        children = subprocess.run(["ps", "-o", "pid=,args=", "--ppid", str(self.pid)], capture_output=True, text=True)
        return next(int(line.split()[0]) for line in children.stdout.splitlines() if "-m engine" in line)

    def engine_ready(self) -> bool:
        return bool(requests.get(f"{self.url}/health", timeout=STREAM_SECONDS).json()["engine"] == "ready")

    def wait_engine(self) -> None:
        wait_until(self.engine_ready, START_SECONDS)

    def kill(self) -> None:
        """kill -9, as a crash would."""
        assert self._process is not None
        self._process.send_signal(signal.SIGKILL)
        self._process.wait()

    def stop(self) -> int:
        """Ctrl-C; gives the exit code."""
        assert self._process is not None
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGINT)
        return self._process.wait(timeout=PATIENCE)

    def command(self, *arguments: str, code: int = 0) -> str:
        """What a `candor` command on the same data folder prints; it must end with `code`."""
        done = candor(self.data_dir, *arguments, CANDOR_DEMO="true")
        assert done.returncode == code, done.stdout + done.stderr
        return done.stdout + done.stderr

    def _read(self, process: subprocess.Popen[str]) -> None:
        assert process.stdout is not None
        with process.stdout as output:
            for line in output:
                self.lines.append(line)

    def _wait_ready(self) -> None:
        def ready() -> bool:
            assert self._process is not None
            if self._process.poll() is not None:
                raise AssertionError(f"candor serve ended:\n{self.output}")
            return "Press Ctrl-C to stop." in self.output

        wait_until(ready, START_SECONDS)
        found = re.search(r"Support desk +(http://\S+)/desk", self.output)
        assert found, self.output
        self.url = found[1]


@dataclass
class Visitor:
    """A visitor at the widget's API."""

    gateway: Gateway
    language: str = "en"
    identity_token: str | None = None
    conversation_id: str = ""
    token: str = ""

    def open(self, *, disclose: bool = True) -> Visitor:
        body = {"language": self.language, "identity_token": self.identity_token}
        opened = requests.post(f"{self.gateway.url}/api/conversations", json=body, timeout=STREAM_SECONDS).json()
        self.conversation_id, self.token = opened["conversation_id"], opened["token"]
        if disclose:
            notice = opened["disclosure"]
            shown = {"version": notice["version"], "language": notice["language"]}
            assert self.call("POST", "/disclosure", shown).status_code == 204
        return self

    def call(self, method: str, path: str = "", body: Any = None) -> requests.Response:
        return requests.request(
            method,
            f"{self.gateway.url}/api/conversations/{self.conversation_id}{path}",
            json=body,
            headers={"Authorization": f"Bearer {self.token}"},
            timeout=STREAM_SECONDS,
        )

    def send(self, text: str, client_message_id: str | None = None) -> dict[str, Any]:
        body = {"client_message_id": client_message_id or os.urandom(8).hex(), "text": text}
        answer = self.call("POST", "/messages", body)
        assert answer.status_code == 202, answer.text
        result: dict[str, Any] = answer.json()
        return result

    def events(self, after: int = 0) -> list[dict[str, Any]]:
        """Every event after `after` that is on record now, as a new client gets them: each once, in order."""
        last, found = self._last_event(), []
        if last > after:
            with closing(read_stream(self, after, STREAM_SECONDS)) as stream:
                for event in stream:
                    found.append(event)
                    if int(event.get("id", 0)) >= last:
                        numbers = [int(one["id"]) for one in found if "id" in one]
                        assert numbers == list(range(after + 1, last + 1)), "each once, in order"
                        return found
            raise AssertionError(f"event {last} is on record and was not sent: {found}")
        return found

    def _last_event(self) -> int:
        query = "SELECT coalesce(max(seq), 0) FROM outbox WHERE conversation_id = ?"
        with closing(sqlite3.connect(self.gateway.data_dir / "candor.db", timeout=30)) as database:
            (last,) = database.execute(query, (self.conversation_id,)).fetchone()
        return int(last)

    def messages(self) -> list[dict[str, Any]]:
        return [event["data"] for event in self.events() if event["event"] == "message"]

    def ask(self, text: str, seconds: float = PATIENCE) -> list[dict[str, Any]]:
        """Send and wait for what answers it, to the end of its turn: the messages with its id in `reply_to`."""
        sent = self.send(text)["message_id"]
        wait_until(lambda: self._turn_ended(sent) and any(m["reply_to"] == sent for m in self.messages()), seconds)
        return [m for m in self.messages() if m["reply_to"] == sent]

    def _turn_ended(self, message_id: str) -> bool:
        """A turn may speak twice: to a standing request, and then to the question beside it."""
        with closing(sqlite3.connect(f"file:{self.gateway.data_dir / 'candor.db'}?mode=ro", uri=True)) as database:
            (turn,) = database.execute("select turn from message where id = ?", (message_id,)).fetchone()
        return bool(turn == "done")


def read_stream(visitor: Visitor, after: int, silence: float) -> Generator[dict[str, Any], None, None]:
    """The events of a conversation's stream until nothing comes for `silence` seconds."""
    import json

    url = f"{visitor.gateway.url}/api/conversations/{visitor.conversation_id}/events"
    headers = {"Authorization": f"Bearer {visitor.token}", "Last-Event-ID": str(after)}
    event: dict[str, Any] = {}
    with requests.get(url, headers=headers, stream=True, timeout=(STREAM_SECONDS, silence)) as response:
        try:
            for raw in response.iter_lines(chunk_size=1):
                line = raw.decode()
                if not line and event:
                    yield event
                    event = {}
                name, _, value = line.partition(": ")
                if name in ("id", "event"):
                    event[name] = value
                elif name == "data":
                    event["data"] = json.loads(value)
        except requests.exceptions.ConnectionError:
            # A read that waits too long surfaces as a connection error: the stream is silent.
            return


def wait_until(condition: Any, seconds: float = PATIENCE) -> None:
    """Until `condition()` is true; fails after `seconds`, which no machine is too slow for."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, f"nothing came of it in {seconds} s"
        time.sleep(0.05)


def customer(gateway: Gateway, customer_id: str, language: str = "en") -> Visitor:
    """One who is signed in to the demo shop."""
    body = {"customer_id": customer_id}
    token = requests.post(f"{gateway.url}/demo/sign-in", json=body, timeout=30).json()["identity_token"]
    return Visitor(gateway, language, token).open()


def text_of(messages: list[dict[str, Any]]) -> str:
    return " ".join(message["text"] for message in messages)
