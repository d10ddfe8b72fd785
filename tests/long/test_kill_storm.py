"""200 times kill -9 under load, at random moments, to the gateway, the engine and the sequencer (make test-long).

Whatever a visitor's screen received stands on record, sealed; nothing came twice; the log verifies.
Under plain pytest CANDOR_KILLS and CANDOR_STORM_SEED change number and seed.
"""

from __future__ import annotations

import json
import os
import random
import sqlite3
import subprocess
import sys
import threading
import time
from collections import Counter
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
import requests

from tests.running import Gateway, Visitor, wait_until
from tests.tools import ROOT

KILLS = int(os.environ.get("CANDOR_KILLS", "200"))
SEED = int(os.environ.get("CANDOR_STORM_SEED", "6962"))
TALKERS = 5
ENDS = ("answer", "failure", "request", "route")
TEXTS = (
    "what is your refund policy",
    "how long does delivery take",
    "I want to pay by card, is that possible?",
    "are you a robot",
    "where is my order FH-204817",
    "asdf qwer",
    "怎么退货",
    "thank you",
)
pytestmark = [pytest.mark.long, pytest.mark.engine, pytest.mark.timeout(7200)]


class Talker:
    """A visitor who keeps talking, resends what was not taken, and listens on from the last event seen."""

    def __init__(self, gateway: Gateway, number: int) -> None:
        self.visitor = Visitor(gateway).open()
        self.random = random.Random(number)
        self.seen: list[tuple[int, str, Any]] = []
        self.sent: dict[str, str] = {}
        self.stop = threading.Event()
        self.threads = [threading.Thread(target=work, daemon=True) for work in (self._talk, self._listen)]

    def start(self) -> None:
        for thread in self.threads:
            thread.start()

    def end(self) -> None:
        self.stop.set()
        for thread in self.threads:
            thread.join(timeout=30)

    @property
    def replies(self) -> list[dict[str, Any]]:
        """What answered a message: by the assistant, or by the system in its place."""
        messages = [data for _, kind, data in self.seen if kind == "message"]
        return [m for m in messages if m["author"] in ("assistant", "system") and m["reply_to"]]

    def _talk(self) -> None:
        number = 0
        while not self.stop.is_set():
            number += 1
            body = {"client_message_id": f"m{number}", "text": self.random.choice(TEXTS)}
            while not self.stop.is_set():
                try:
                    answer = self.visitor.call("POST", "/messages", body)
                except requests.RequestException:
                    time.sleep(0.1)
                    continue
                assert answer.status_code == 202, answer.text
                self.sent[answer.json()["message_id"]] = body["text"]
                break
            self.stop.wait(self.random.uniform(0.1, 0.8))

    def _listen(self) -> None:
        cursor = 0
        while not self.stop.is_set():
            try:
                for number, kind, data in self._stream(cursor):
                    self.seen.append((number, kind, data))
                    cursor = number
                    if self.stop.is_set():
                        return
            except requests.RequestException:
                time.sleep(0.1)

    def _stream(self, after: int) -> Any:
        url = f"{self.visitor.gateway.url}/api/conversations/{self.visitor.conversation_id}/events"
        headers = {"Authorization": f"Bearer {self.visitor.token}", "Last-Event-ID": str(after)}
        event: dict[str, Any] = {}
        with requests.get(url, headers=headers, stream=True, timeout=(3, 3)) as response:
            for raw in response.iter_lines(chunk_size=1):
                name, _, value = raw.decode().partition(": ")
                if name:
                    event[name] = value
                elif "id" in event:
                    yield int(event["id"]), event["event"], json.loads(event["data"])
                if not name:
                    event = {}


def test_two_hundred_kills_lose_nothing_double_nothing_and_leave_a_log_that_verifies(tmp_path: Path) -> None:
    dice = random.Random(SEED)
    gateway = Gateway(tmp_path, settings={"CANDOR_HANDOFF_WAIT": "86400"}).start()
    talkers = [Talker(gateway, SEED + n) for n in range(TALKERS)]
    for talker in talkers:
        talker.start()
    try:
        killed = Counter(kill_something(gateway, dice) for _ in range(KILLS))
        wait_until(lambda: answers(gateway), 120)
        time.sleep(3)
    finally:
        for talker in talkers:
            talker.end()
    database = tmp_path / "candor.db"
    wait_until(lambda: count(database, "message where turn = 'accepted'") == 0, 120)
    wait_until(lambda: count(database, "decision where leaf_index is null") == 0, 10)
    for talker in talkers:
        check(talker, database)
    report = verify(gateway)
    gateway.stop()
    received = sum(len(talker.replies) for talker in talkers)
    print(f"\n{dict(killed)} kills; {received} replies received, {count(database, 'decision')} records; {report}")
    assert sum(killed.values()) == KILLS and received > KILLS


def kill_something(gateway: Gateway, dice: random.Random) -> str:
    """Kill -9 one of them at a random moment; a gateway is started again at once."""
    what = dice.choices(("gateway", "engine", "sequencer"), (5, 3, 2))[0]
    if dice.random() < 0.8:  # so that turns are under way; else perhaps while it starts
        wait_until(lambda: answers(gateway), 120)
    time.sleep(dice.uniform(0.2, 4))
    if what == "engine":
        try:
            os.kill(gateway.engine_pid(), 9)
        except (StopIteration, ProcessLookupError):
            what = "gateway"
    if what == "engine":
        return what
    gateway.kill()
    if what == "sequencer":
        gateway.program = "tests.e2e.dies_while_sealing"
        gateway.start(wait=False)
        assert gateway.process.wait(timeout=60) == -9
        gateway.program = "bot.cli"
    gateway.start(wait=False)
    return what


def answers(gateway: Gateway) -> bool:
    """Whether the gateway takes requests and its engine is ready."""
    try:
        return gateway.engine_ready()
    except requests.RequestException:
        return False


def check(talker: Talker, database: Path) -> None:
    """Each event came once and in order; each reply has sealed records of its turn; each turn has one end."""
    numbers = [number for number, _, _ in talker.seen]
    assert numbers == list(range(1, len(numbers) + 1))
    with closing(sqlite3.connect(database)) as connection:
        rows = connection.execute(
            "select turn_id, kind from decision where conversation_id = ? and leaf_index is not null",
            (talker.visitor.conversation_id,),
        ).fetchall()
        messages = dict(connection.execute("select client_message_id, count(*) from message group by 1").fetchall())
    kinds: dict[str, list[str]] = {}
    for turn, kind in rows:
        kinds.setdefault(turn, []).append(kind)
    for reply in talker.replies:
        wanted = {"answer"} if reply["author"] == "assistant" else {"answer", "failure", "route", "handoff"}
        assert wanted & set(kinds.get(reply["reply_to"], ())), reply
    for message_id in talker.sent:
        # What is obeyed without the engine is answered, and then routed nowhere else.
        of_turn = sorted(set(ENDS) & set(kinds.get(message_id, ())))
        assert len(of_turn) == sum(kind in ENDS for kind in kinds.get(message_id, ())), (message_id, kinds[message_id])
        assert of_turn in (["answer"], ["failure"], ["answer", "request", "route"]), (message_id, kinds.get(message_id))
    assert max(count for client_id, count in messages.items() if client_id) <= TALKERS


def verify(gateway: Gateway) -> str:
    """`candor log verify`, as an auditor runs it."""
    command = [sys.executable, "-m", "bot.cli", "log", "verify"]
    environment = {**os.environ, "CANDOR_DATA_DIR": str(gateway.data_dir)}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout.strip().replace("\n", " | ")


def count(database: Path, what: str) -> int:
    with closing(sqlite3.connect(database, timeout=30)) as connection:
        return int(connection.execute(f"select count(*) from {what}").fetchone()[0])
