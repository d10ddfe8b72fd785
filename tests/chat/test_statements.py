"""What a turn, and an idle gateway, ask of the database: statements and commits are counted, never seconds."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import pytest
import requests
from sqlalchemy import event

from bot.app import create_app
from bot.core.settings import Settings
from bot.db import Database
from bot.jobs import SEAL_SECONDS
from bot.services import build
from tests.http import serve
from tests.scripted import ScriptedEngine

MOST_STATEMENTS = 12
QUIET_SECONDS = 5


@dataclass
class Counted:
    """The statements and commits of a block."""

    statements: list[str] = field(default_factory=list)
    commits: int = 0


@contextmanager
def counted(database: Database) -> Iterator[Counted]:
    found = Counted()

    def execute(*arguments: object) -> None:
        found.statements.append(str(arguments[2]))

    def commit(_connection: object) -> None:
        found.commits += 1

    event.listen(database.engine, "before_cursor_execute", execute)
    event.listen(database.engine, "commit", commit)
    yield found
    event.remove(database.engine, "before_cursor_execute", execute)
    event.remove(database.engine, "commit", commit)


@pytest.fixture
def gateway(settings: Settings, any_database: Database) -> Iterator[str]:
    with serve(lambda: create_app(build(settings, any_database, ScriptedEngine()))) as url:
        yield url


@pytest.fixture
def without_jobs(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing runs beside the turn that is counted."""
    monkeypatch.setattr("bot.app.jobs", lambda *_: [])


def ask(gateway: str, text: str, sender: str = "ann") -> list[str]:
    answer = requests.post(f"{gateway}/webhooks/rest/webhook", json={"sender": sender, "message": text}, timeout=60)
    return [one["text"] for one in answer.json()]


def settle(database: Database) -> None:
    """Wait until what the turns left to the jobs is done."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        with counted(database) as found:
            time.sleep(2 * SEAL_SECONDS)
        if not found.commits:
            return


def test_a_plain_turn_takes_twelve_statements_in_two_transactions(
    without_jobs: None, gateway: str, any_database: Database
) -> None:
    ask(gateway, "refund?")
    with counted(any_database) as turn:
        assert len(ask(gateway, "What about refunds?")) == 1
    assert len(turn.statements) <= MOST_STATEMENTS, "\n".join(turn.statements)
    assert turn.commits == 2


def test_an_idle_gateway_asks_next_to_nothing(gateway: str, any_database: Database) -> None:
    """Fails when a job polls: fewer than two statements a second, and nothing is written."""
    ask(gateway, "refund?")
    settle(any_database)
    with counted(any_database) as idle:
        time.sleep(QUIET_SECONDS)
    assert len(idle.statements) < 2 * QUIET_SECONDS, "\n".join(idle.statements)
    assert not [one for one in idle.statements if not one.lstrip().startswith("SELECT")]
