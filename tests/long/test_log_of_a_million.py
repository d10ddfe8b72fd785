"""A log of a million records, on SQLite and PostgreSQL: appending stays as quick as at first, and verification takes
seconds and little memory (make test-long). Prints its figures. CANDOR_LOG_RECORDS changes the number.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.pool import NullPool

from bot import migrations
from bot.core.ids import new_id
from bot.core.messages import Ranked
from bot.core.settings import Settings
from bot.db import Database, Keyring
from bot.decisions import Recorder
from bot.decisions.kinds import Kind
from bot.decisions.models import Decision
from bot.offline import make_sequencer
from bot.transparency_log import Sequencer
from tests import transactions
from tests.tools import ROOT
from tests.transparency_log.many import fill

RECORDS = int(os.environ.get("CANDOR_LOG_RECORDS", "1000000"))
SMALL = 2000
ROUNDS = 150
FLAT = 1.3
PER_SECOND = 50_000
"""Records a second that are aimed at; printed beside what was measured, since no test asserts on seconds."""
MEGABYTES = 250
MEASURED = (
    "import resource, subprocess, sys; subprocess.run(sys.argv[1:]); "
    "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss, end='')"
)
"""Runs a command and prints, after what it says, how many kilobytes its largest process had."""
pytestmark = [pytest.mark.long, pytest.mark.timeout(7200)]


@dataclass
class Place:
    """A log in a folder and a database of its own."""

    name: str
    folder: Path
    settings: Settings
    database: Database
    keyring: Keyring
    sequencer: Sequencer

    def fill(self, count: int) -> float:
        start = time.monotonic()
        fill(self.database, self.keyring, self.sequencer, count)
        return time.monotonic() - start

    def append(self, recorder: Recorder, number: int) -> float:
        """Record one turn and seal it, each in its transaction; milliseconds."""
        turn = [
            Decision(
                kind,
                f"con_{number // 3}",
                f"vis_{number // 3}",
                new_id("msg"),
                "utter_greeting",
                input={"text": "Hello there, where is my order [ORDER_1]?"},
                intent="order_status",
                confidence=0.9,
                alternatives=[Ranked("order_status", 0.9)],
            )
            for kind in (Kind.UNDERSTANDING, Kind.ACTION, Kind.ANSWER)
        ]
        start = time.perf_counter()
        transactions.write(self.database, lambda s: recorder.record_all(s, turn))
        note = transactions.write(self.database, self.sequencer.seal)
        assert note is not None
        self.sequencer.keep(note)
        return 1000 * (time.perf_counter() - start)

    def verify(self) -> tuple[dict[str, Any], int]:
        """`candor log verify --json`; the report, and the most megabytes that one of its processes had."""
        address = {} if self.settings.database_url is None else {"DATABASE_URL": self.settings.database_url}
        environment = {**os.environ, **address, "CANDOR_DATA_DIR": str(self.folder)}
        candor = str(Path(sys.executable).with_name("candor"))
        # By way of a process that has no other children: this one may have had an engine.
        command = [sys.executable, "-c", MEASURED, candor, "log", "verify", "--json"]
        done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=3600)
        report, _, kilobytes = done.stdout.rpartition("\n")
        assert report, done.stderr
        return json.loads(report), int(kilobytes) // 1024

    def run(self, *statements: str) -> None:
        """Alter the database past its triggers."""
        postgresql = self.settings.database_url is not None
        engine = create_engine(self.settings.database_address, poolclass=NullPool)
        with engine.connect() as connection:
            if postgresql:
                connection.execute(text("SET session_replication_role = replica"))
            else:
                query = text("SELECT name FROM sqlite_master WHERE type = 'trigger'")
                for (name,) in connection.execute(query).all():
                    connection.execute(text(f"DROP TRIGGER {name}"))
            for statement in statements:
                connection.execute(text(statement))
            connection.commit()


def make(name: str, folder: Path, address: str | None) -> Place:
    folder.mkdir()
    settings = Settings(data_dir=folder, DATABASE_URL=address)  # type: ignore[call-arg]
    migrations.upgrade(settings.database_address)
    database = Database(settings.database_address)
    return Place(name, folder, settings, database, Keyring.from_folder(folder), make_sequencer(settings))


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def places(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Place, Place]]:
    """A small log and a large one."""
    folder, fresh = tmp_path_factory.mktemp(request.param), None
    if request.param == "postgresql":
        fresh = request.getfixturevalue("postgres")
    small, large = (make(request.param, folder / size, fresh() if fresh else None) for size in ("small", "large"))
    small.fill(SMALL)
    seconds = large.fill(RECORDS)
    print(f"\n{request.param}: {RECORDS:,} records made in {seconds:.0f} s")
    yield small, large
    small.database.close()
    large.database.close()


def test_appending_to_a_large_log_takes_no_longer_than_at_its_start(places: tuple[Place, Place]) -> None:
    """Recorded and sealed, by turns on the small log and on the large one."""
    took: dict[str, list[float]] = {"small": [], "large": []}
    for number in range(ROUNDS):
        for name, place in zip(took, places, strict=True):
            took[name].append(place.append(Recorder(place.keyring, "test"), number))
    medians = {name: statistics.median(times) for name, times in took.items()}
    ratio = medians["large"] / medians["small"]
    print(f"\n{places[0].name}: a turn recorded and sealed in {medians} ms; ratio {ratio:.2f}")
    assert ratio <= FLAT


def test_a_large_log_is_verified_in_seconds_and_in_little_memory(places: tuple[Place, Place]) -> None:
    _, large = places
    report, megabytes = large.verify()
    speed = report["integrity"]["records"] / report["seconds"]
    print(
        f"\n{large.name}: verified in {report['seconds']} s, {speed:,.0f} records a second "
        f"(aim: {PER_SECOND:,}), {megabytes} MB"
    )
    assert report["ok"], report
    assert megabytes <= MEGABYTES


def test_what_is_altered_far_apart_in_a_large_log_is_named(places: tuple[Place, Place]) -> None:
    """Across the segments that several processes read."""
    _, large = places
    low, middle, high = RECORDS // 5, RECORDS // 2, RECORDS - RECORDS // 7
    large.run(
        f"UPDATE decision SET outcome = 'x' WHERE leaf_index = {middle}",
        f"UPDATE decision SET leaf_index = -7 WHERE leaf_index = {low}",
        f"UPDATE decision SET leaf_index = {low} WHERE leaf_index = {high}",
        f"UPDATE decision SET leaf_index = {high} WHERE leaf_index = -7",
        f"UPDATE decision_payload SET payload_sealed = NULL WHERE decision_id = "
        f"(SELECT id FROM decision WHERE leaf_index = {middle + 1})",
        "UPDATE log_tile SET hashes = (SELECT hashes FROM log_tile WHERE level = 1 AND number = 0) "
        "WHERE level = 1 AND number = 1",
    )
    report, _ = large.verify()
    found = {(one["code"], one["leaf_index"]) for one in report["integrity"]["list"]}
    assert {("altered", low), ("altered", middle), ("altered", high), ("payload_removed", middle + 1)} <= found
    assert report["integrity"]["problems"]["altered"] == 3 and ("tile_altered", 65536) in found
    assert report["integrity"]["first"]["leaf_index"] == min(low, 65536)
