"""The sequencer on real databases: within two seconds, in order, and never a checkpoint against an earlier one."""

from __future__ import annotations

import contextlib
import itertools
import os
import random
import sqlite3
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import requests
import tamperlog
from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from bot.app import create_app
from bot.core.settings import Settings
from bot.db import Database
from bot.db.models import DecisionDayRow, DecisionRow, LogCheckpointRow, LogTileRow
from bot.jobs import SEAL_SECONDS
from bot.services import Services, build
from bot.transparency_log import Sequencer, sequencer
from bot.transparency_log.checkpoint import Signer, Verifier
from bot.transparency_log.repository import band
from bot.transparency_log.sequencer import KEPT, LogBroken
from tests import transactions
from tests.http import serve
from tests.running import wait_until
from tests.scripted import ScriptedEngine
from tests.transparency_log.records import a_decision, checkpoint_of, checkpoints, leaves, sealed, write

ROUNDS = 2
"""The round that is under way may have begun before the record was written; the next one sees it."""
SIGNER = Signer("test.example/log", b"\x07" * 32)


def seal_all(database: Database, sequencer: Sequencer) -> int:
    """Seal and keep until there is nothing left; how many checkpoints that took."""
    count = 0
    while (note := transactions.write(database, sequencer.seal)) is not None:
        sequencer.keep(note)
        count += 1
    return count


def whole(database: Database) -> None:
    """Every place is taken once, and every checkpoint is signed over just these records."""
    rows = sealed(database)
    assert [row.leaf_index for row in rows] == list(range(len(rows)))
    hashes, verifier = leaves(rows), Verifier(SIGNER.verifier_key)
    for row in checkpoints(database):
        signed = verifier.open(row.note)
        assert (signed.size, signed.root.hex()) == (row.size, row.root)
        assert signed.root == tamperlog.merkle_root(hashes[: row.size])


def test_every_record_gets_its_place_and_the_log_is_signed(any_database: Database, tmp_path: Path) -> None:
    sequencer = Sequencer(SIGNER, tmp_path)
    for turn, count in enumerate((1, 3, 300, 7)):
        write(any_database, count, seed=turn)
        assert seal_all(any_database, sequencer) == 1
    assert [row.size for row in checkpoints(any_database)] == [1, 4, 304, 311]
    assert sequencer.kept() == checkpoints(any_database)[-1].note
    assert [(row.at, row.id) for row in sealed(any_database)] == sorted((r.at, r.id) for r in sealed(any_database))
    whole(any_database)


def test_nothing_new_signs_nothing(any_database: Database, tmp_path: Path) -> None:
    sequencer = Sequencer(SIGNER, tmp_path)
    assert transactions.write(any_database, sequencer.seal) is None and sequencer.kept() is None
    write(any_database, 2)
    assert seal_all(any_database, sequencer) == 1
    assert transactions.write(any_database, sequencer.seal) is None
    assert len(checkpoints(any_database)) == 1


def test_a_long_queue_is_sealed_in_batches(
    any_database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sequencer, "BATCH", 7)
    write(any_database, 20)
    assert seal_all(any_database, Sequencer(SIGNER, tmp_path)) == 3
    whole(any_database)
    first = transactions.read(any_database, lambda s: [checkpoint_of(s, index) for index in (0, 6, 7, 19, 20)])
    assert [row and row.size for row in first] == [7, 7, 14, 20, None]


def test_records_of_a_running_gateway_are_sealed_within_two_seconds(settings: Settings, any_database: Database) -> None:
    """Each is signed over by the second round from then on, and rounds follow each other in less than a second.

    Falls when `_seal` in bot/app.py waits. Counted, so that it holds on a busy machine as well.
    """
    made: list[Services] = []

    def make() -> Any:
        made.append(build(settings, any_database, ScriptedEngine()))
        return create_app(made[0], engine_ready=lambda: False)

    with serve(make) as base:
        seal, rounds = made[0].sequencer.seal, itertools.count()

        def counted(session: Session) -> str | None:
            next(rounds)
            return seal(session)

        made[0].sequencer.seal = counted  # type: ignore[method-assign]
        for number in range(6):
            decision = a_decision(random.Random(number))
            decision_id = transactions.write(any_database, lambda s, d=decision: made[0].recorder.record(s, d))
            before = next(rounds)
            wait_until(lambda i=decision_id: signed_over(any_database, i), 60)
            assert next(rounds) - before - 1 <= ROUNDS
        answer = requests.get(f"{base}/log/checkpoint", timeout=60)
        assert answer.text == checkpoints(any_database)[-1].note == made[0].sequencer.kept()
    assert ROUNDS * SEAL_SECONDS < 2


def signed_over(database: Database, decision_id: str) -> bool:
    def work(session: Session) -> bool:
        index = session.scalar(select(DecisionRow.leaf_index).where(DecisionRow.id == decision_id))
        return index is not None and checkpoint_of(session, index) is not None

    return transactions.read(database, work)


# Never a checkpoint that contradicts an earlier one.


@pytest.fixture
def set_back(settings: Settings, database: Database) -> Iterator[tuple[Database, Sequencer]]:
    """A log of six records whose checkpoint is kept, and its database set back to when there were three."""
    keeper = Sequencer(SIGNER, settings.data_dir)
    write(database, 3, seed=1)
    seal_all(database, keeper)
    copy = settings.data_dir / "backup.db"
    with (
        contextlib.closing(sqlite3.connect(settings.data_dir / "test.db")) as source,
        contextlib.closing(sqlite3.connect(copy)) as target,
    ):
        source.backup(target)
    write(database, 3, seed=2)
    seal_all(database, keeper)
    earlier = Database(f"sqlite:///{copy}")
    yield earlier, keeper
    earlier.close()


def refuses(database: Database, sequencer: Sequencer, words: str) -> None:
    """Says what is wrong, and neither signs nor places anything."""
    before = (len(checkpoints(database)), len(sealed(database)), sequencer.kept())
    with pytest.raises(LogBroken, match=words):
        transactions.write(database, sequencer.seal)
    assert (len(checkpoints(database)), len(sealed(database)), sequencer.kept()) == before


def test_a_database_that_was_set_back_is_not_signed_again(set_back: tuple[Database, Sequencer]) -> None:
    """Falls when the comparison of sizes in Sequencer._check goes."""
    earlier, keeper = set_back
    write(earlier, 1, seed=3)
    refuses(earlier, keeper, "holds 3 sealed records, but 6 were signed")


def test_a_database_that_was_set_back_and_went_another_way_is_not_signed(
    set_back: tuple[Database, Sequencer], tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Falls when Sequencer._check looks at sizes alone."""
    earlier, keeper = set_back
    write(earlier, 5, seed=4)
    seal_all(earlier, Sequencer(SIGNER, tmp_path_factory.mktemp("elsewhere")))
    write(earlier, 1, seed=5)
    refuses(earlier, keeper, "not the one that was signed")


def _flip(hashes: bytes) -> bytes:
    return hashes[:-1] + bytes([hashes[-1] ^ 1])


DAMAGE: dict[str, Callable[[Session], object]] = {
    "a byte of the last tile": lambda s: _change(s, 1, _flip),
    "a byte of the tile above": lambda s: _change(s, 0, _flip, level=1),
    "the last tile is short": lambda s: _change(s, 1, lambda hashes: hashes[:-32]),
    "the last tile is gone": lambda s: s.execute(delete(LogTileRow).where(LogTileRow.number == 1)),
    "the checkpoint's root": lambda s: s.execute(update(LogCheckpointRow).values(root="00" * 32)),
    "the newest checkpoint is gone": lambda s: s.execute(delete(LogCheckpointRow).where(LogCheckpointRow.size == 300)),
    "all checkpoints are gone": lambda s: s.execute(delete(LogCheckpointRow)),
}


def _change(session: Session, number: int, change: Callable[[bytes], bytes], level: int = 0) -> None:
    row = session.get_one(LogTileRow, (level, number))
    session.execute(
        update(LogTileRow)
        .where(LogTileRow.level == level, LogTileRow.number == number)
        .values(hashes=change(row.hashes))
    )


@pytest.mark.parametrize("damage", DAMAGE)
def test_a_tree_that_is_not_the_one_that_was_signed_is_not_signed_again(
    settings: Settings, database: Database, damage: str
) -> None:
    """Falls when the comparison of roots in Sequencer._check goes."""
    keeper = Sequencer(SIGNER, settings.data_dir)
    write(database, 100)
    seal_all(database, keeper)
    write(database, 200, seed=1)
    seal_all(database, keeper)
    transactions.write(database, DAMAGE[damage])
    write(database, 1, seed=2)
    refuses(database, keeper, "was set back|not the one that was signed")


@pytest.mark.parametrize("content", ["", "half a\n", "a\nb\nc\n", "a\n6\n!!!\n"])
def test_a_damaged_kept_checkpoint_is_told_in_words(settings: Settings, database: Database, content: str) -> None:
    write(database, 1)
    (settings.data_dir / KEPT).write_text(content)
    refuses(database, Sequencer(SIGNER, settings.data_dir), "is damaged")


# Crashes and neighbours.


def test_a_crash_between_commit_and_keep_is_harmless(settings: Settings, any_database: Database) -> None:
    write(any_database, 4)
    assert seal_all(any_database, Sequencer(SIGNER, settings.data_dir)) == 1
    write(any_database, 3, seed=1)
    assert transactions.write(any_database, Sequencer(SIGNER, settings.data_dir).seal) is not None  # and here it ends
    again = Sequencer(SIGNER, settings.data_dir)
    assert again.kept() == checkpoints(any_database)[0].note
    write(any_database, 2, seed=2)
    assert seal_all(any_database, again) == 1
    assert again.kept() == checkpoints(any_database)[-1].note
    whole(any_database)


def test_a_crash_before_the_commit_is_harmless(settings: Settings, any_database: Database) -> None:
    write(any_database, 4)
    keeper = Sequencer(SIGNER, settings.data_dir)

    def dies(session: Session) -> None:
        assert keeper.seal(session) is not None
        session.flush()
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        transactions.write(any_database, dies)
    assert sealed(any_database) == [] and checkpoints(any_database) == []
    assert seal_all(any_database, keeper) == 1
    whole(any_database)


def test_a_crash_while_the_checkpoint_is_kept_is_harmless(settings: Settings, database: Database) -> None:
    keeper = Sequencer(SIGNER, settings.data_dir)
    write(database, 2)
    seal_all(database, keeper)
    write(database, 2, seed=1)
    note = transactions.write(database, keeper.seal)
    (settings.data_dir / f"{KEPT}.4").write_text(str(note)[:20])
    write(database, 2, seed=2)
    assert seal_all(database, Sequencer(SIGNER, settings.data_dir)) == 1
    whole(database)


def test_drafts_that_killed_processes_left_are_removed_and_one_being_written_stays(settings: Settings) -> None:
    keeper, old, fresh = Sequencer(SIGNER, settings.data_dir), time.time() - 90, time.time() - 5
    for size, written in ((3, old), (4, old), (5, fresh)):
        draft = settings.data_dir / f"{KEPT}.{size}"
        draft.write_text("half a")
        os.utime(draft, (written, written))
    keeper.keep(SIGNER.sign(6, bytes(32)))
    assert sorted(path.name for path in settings.data_dir.glob(f"{KEPT}*")) == [KEPT, f"{KEPT}.5"]


def test_an_older_checkpoint_never_replaces_a_newer_kept_one(settings: Settings) -> None:
    """Two gateways that share a folder may come to it in any order."""
    keeper = Sequencer(SIGNER, settings.data_dir)
    keeper.keep(SIGNER.sign(20, bytes(32)))
    keeper.keep(SIGNER.sign(10, bytes(32)))
    assert Verifier(SIGNER.verifier_key).open(str(keeper.kept())).size == 20
    assert [path.name for path in settings.data_dir.iterdir() if path.name.startswith(KEPT)] == [KEPT]


def test_two_sealers_at_once_make_one_log(postgres: Callable[[], str], tmp_path: Path) -> None:
    """Two gateways on one PostgreSQL, while records are written. Falls when `_alone` always says yes."""
    address = postgres()
    databases = [Database(address) for _ in range(3)]
    done = threading.Event()
    failures: list[BaseException] = []

    def seal(number: int) -> None:
        folder = tmp_path / str(number)
        folder.mkdir()
        own = Sequencer(SIGNER, folder)
        try:
            while True:
                last = done.is_set()
                seal_all(databases[number], own)
                if last:
                    return
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=seal, args=(number,)) for number in (0, 1)]
    for thread in threads:
        thread.start()
    for number in range(120):
        write(databases[2], 3, seed=number)
    done.set()
    for thread in threads:
        thread.join(60)
    assert failures == []
    assert len(sealed(databases[2])) == 360
    whole(databases[2])
    assert counted(databases[2]) == recounted(databases[2])
    for database in databases:
        database.close()


# What the charts are made from.


def counted(database: Database) -> dict[tuple[Any, ...], int]:
    rows = transactions.read(database, lambda s: s.scalars(select(DecisionDayRow)).all())
    return {(r.day, r.kind, r.intent, r.outcome, r.language, r.model, r.band): r.records for r in rows}


def recounted(database: Database) -> dict[tuple[Any, ...], int]:
    return Counter(
        (
            row.at.date().isoformat(),
            row.kind,
            row.intent or "",
            row.outcome,
            row.language,
            row.model or "",
            -1 if row.confidence is None else min(9, int(row.confidence * 10)),
        )
        for row in sealed(database)
    )


def test_the_tally_counts_each_sealed_record_once(any_database: Database, tmp_path: Path) -> None:
    sequencer = Sequencer(SIGNER, tmp_path)
    for turn in range(4):
        write(any_database, 150, seed=turn)
        seal_all(any_database, sequencer)
    write(any_database, 50, seed=9)
    assert counted(any_database) == recounted(any_database)
    assert sum(counted(any_database).values()) == 600
    sums = transactions.read(any_database, lambda s: s.scalar(select(func.sum(DecisionDayRow.confidence_sum))))
    assert sums == sum(round((row.confidence or 0) * 10_000) for row in sealed(any_database))


@pytest.mark.parametrize(
    ("confidence", "expected"), [(None, -1), (0.0, 0), (0.0999, 0), (0.1, 1), (0.55, 5), (0.9999, 9), (1.0, 9)]
)
def test_bands_are_tenths(confidence: float | None, expected: int) -> None:
    assert band(confidence) == expected
