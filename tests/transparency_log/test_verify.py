"""The verification of a log's integrity, on SQLite and PostgreSQL, with and beside a log that grows."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import create_engine, select, text
from sqlalchemy.pool import NullPool

from bot.core.ids import now
from bot.db import Database, Keyring
from bot.db.models import DecisionRow
from bot.decisions.kinds import Kind
from bot.decisions.models import Decision
from bot.transparency_log import Sequencer
from bot.transparency_log.checkpoint import Signer
from bot.transparency_log.leaf import header_bytes, header_text
from bot.transparency_log.report import Findings, Problem, Report, readable
from bot.transparency_log.repository import HEADER
from bot.transparency_log.sequencer import KEPT
from bot.transparency_log.snapshot import DatabaseUnreadable
from bot.transparency_log.verifier import Given, Log, audit, verify
from tests import transactions
from tests.transparency_log.many import fill, write_at

MASTER = b"k" * 32
COUNT = 600


@dataclass
class Place:
    """A log with everything that writes it."""

    database: Database
    keyring: Keyring
    sequencer: Sequencer
    log: Log

    def fill(self, count: int, seed: int = 0, days: float = 1) -> None:
        fill(self.database, self.keyring, self.sequencer, count, seed, days=days)

    def run(self, *statements: str) -> None:
        """Alter the database past its triggers and references."""
        postgresql = self.database.engine.dialect.name == "postgresql"
        guards = "session_replication_role = replica" if postgresql else "foreign_keys = OFF"
        engine = create_engine(self.log.address, poolclass=NullPool)
        with engine.connect() as connection:
            connection.exec_driver_sql(f"{'SET' if postgresql else 'PRAGMA'} {guards}")
            for statement in statements:
                connection.execute(text(statement))
            connection.commit()

    def first(self, *given: Given) -> Problem | None:
        return verify(self.log, given).integrity.first


@pytest.fixture
def place(any_database: Database, tmp_path: Path) -> Iterator[Place]:
    keyring, sequencer = Keyring.of(MASTER), Sequencer(Signer("example.com/log", b"s" * 32), tmp_path)
    address = any_database.engine.url.render_as_string(hide_password=False)
    log = Log(address, tmp_path / KEPT, (MASTER,), sequencer.signer.verifier_key)
    yield Place(any_database, keyring, sequencer, log)


@pytest.fixture
def filled(place: Place) -> Place:
    place.fill(COUNT)
    return place


def test_a_log_that_nobody_altered_is_whole_and_complete(filled: Place) -> None:
    told: list[tuple[int, int]] = []
    report = audit(filled.log, progress=lambda done, size: told.append((done, size)))
    assert report.ok and report.completeness is not None, report.as_text()
    assert (report.size, report.checkpoints, told[-1]) == (COUNT, 1, (COUNT, COUNT))
    assert report.replies == report.turns > 100
    assert "Integrity: whole. 600 records" in report.as_text()


def test_an_empty_log_is_whole(place: Place) -> None:
    report = audit(place.log)
    assert report.ok and report.size == 0


ALTERATIONS = (
    ("UPDATE decision SET outcome = 'utter_greeting' WHERE leaf_index = {leaf}", "altered"),
    ("UPDATE decision SET confidence = 0.9999 WHERE leaf_index = {leaf}", "altered"),
    ("UPDATE decision SET language = 'e' || {char}(10) WHERE leaf_index = {leaf}", "malformed"),
    ("DELETE FROM decision WHERE leaf_index = {leaf}", "missing"),
    ("UPDATE decision SET leaf_index = 5000 WHERE leaf_index = {leaf}", "missing"),
    ("UPDATE decision_payload SET payload_sealed = NULL WHERE decision_id = '{id}'", "payload_removed"),
    ("DELETE FROM decision_payload WHERE decision_id = '{id}'", "payload_removed"),
    ("UPDATE decision_payload SET visitor_id = 'operator' WHERE decision_id = '{id}'", "payload_altered"),
    ("UPDATE decision_payload SET visitor_id = 'vis_0' WHERE decision_id = '{id}'", "payload_altered"),
)


def test_each_of_several_alterations_is_named(filled: Place) -> None:
    query = select(DecisionRow.leaf_index, DecisionRow.id).where(DecisionRow.visitor_id != "")
    records = transactions.read(filled.database, lambda s: s.execute(query.order_by(DecisionRow.leaf_index)).all())
    char = "chr" if filled.database.engine.dialect.name == "postgresql" else "char"
    expected = {}
    for (leaf, decision_id), (statement, code) in zip(records[7::50], ALTERATIONS, strict=False):
        filled.run(statement.format(leaf=leaf, id=decision_id, char=char))
        expected[leaf, code] = None if code == "missing" else decision_id
    report = verify(filled.log)
    found = {(one.leaf_index, one.code): one for one in report.integrity.ordered()}
    assert len(expected) == len(ALTERATIONS)
    assert {place: found[place].decision_id for place in expected} == expected
    assert report.integrity.first == found[records[7][0], "altered"]
    assert f"record {records[7][1]} at leaf {records[7][0]}: This is not the record" in report.as_text()


def test_a_tile_and_a_checkpoint_that_were_altered_are_told_from_records(filled: Place) -> None:
    filled.run(
        "UPDATE log_tile SET hashes = (SELECT hashes FROM log_tile WHERE level = 0 AND number = 1) "
        "WHERE level = 0 AND number = 0"
    )
    first = filled.first()
    assert first is not None and (first.code, first.leaf_index, first.about) == ("tile_altered", 0, "tile 0/0")
    filled.run("UPDATE log_checkpoint SET root = replace(root, substr(root, 1, 1), 'x')")
    assert "checkpoint_altered" in verify(filled.log).integrity.counts


def test_records_of_a_checkpoint_cut_off_are_missed_only_with_a_kept_checkpoint(filled: Place) -> None:
    note = filled.sequencer.kept()
    assert note is not None
    filled.fill(50, seed=1, days=0.0003)
    filled.run(
        f"DELETE FROM decision_payload WHERE decision_id IN (SELECT id FROM decision WHERE leaf_index >= {COUNT})",
        f"DELETE FROM decision WHERE leaf_index >= {COUNT}",
        f"DELETE FROM log_checkpoint WHERE size > {COUNT}",
        f"UPDATE log_tile SET hashes = substr(hashes, 1, {(COUNT - 512) * 32}) WHERE level = 0 AND number = 2",
    )
    first = filled.first()
    assert first is not None and (first.code, first.leaf_index) == ("cut_off", COUNT)
    (filled.log.kept).unlink()
    report = verify(filled.log, [Given("an older one", note)])
    assert report.ok and KEPT in report.remarks[0]


def test_a_checkpoint_kept_elsewhere_has_to_fit_at_its_own_size(filled: Place, tmp_path: Path) -> None:
    older = filled.sequencer.kept()
    assert older is not None
    filled.fill(300, seed=1, days=0.0003)
    assert filled.first(Given("older.txt", older)) is None
    forged = filled.sequencer.signer.sign(COUNT - 1, b"r" * 32)
    first = filled.first(Given("forged.txt", forged))
    assert first is not None and (first.code, first.about) == ("checkpoint_differs", "forged.txt")
    longer = filled.sequencer.signer.sign(5000, b"r" * 32)
    first = filled.first(Given("longer.txt", longer))
    assert first is not None and (first.code, first.leaf_index) == ("cut_off", COUNT + 300)
    stranger = Signer("example.com/log", b"t" * 32).sign(COUNT, b"r" * 32)
    first = filled.first(Given("stranger.txt", stranger))
    assert first is not None and (first.code, first.about) == ("checkpoint_altered", "stranger.txt")


def test_a_log_that_was_renamed_still_verifies_and_one_with_another_key_does_not(filled: Place) -> None:
    filled.sequencer.signer = Signer("new.example.com/log", b"s" * 32)
    filled.fill(50, seed=1, days=0.0003)
    log = Log(filled.log.address, filled.log.kept, (MASTER,), filled.sequencer.signer.verifier_key)
    assert verify(log).ok
    other = Signer("example.com/log", b"x" * 32).verifier_key
    report = verify(Log(filled.log.address, filled.log.kept, (MASTER,), other))
    assert report.integrity.counts["checkpoint_altered"] == 3 and report.integrity.counts["unsigned"] == COUNT + 50


def test_a_record_waits_a_minute_for_its_seal_before_that_is_a_problem(filled: Place) -> None:
    decision = Decision(Kind.ACCESS, "", "", None, "read:decision")
    write_at(filled.database, filled.keyring, now(), decision)
    assert filled.first() is None
    waiting = write_at(filled.database, filled.keyring, now() - timedelta(seconds=90), decision)
    first = filled.first()
    assert first is not None and (first.code, first.decision_id) == ("unsealed", waiting)


def test_records_from_the_future_and_the_past_are_found(filled: Place) -> None:
    decision = Decision(Kind.ACCESS, "", "", None, "read:decision")
    write_at(filled.database, filled.keyring, now() - timedelta(seconds=30), decision)
    transactions.write(filled.database, filled.sequencer.seal)
    assert filled.first() is None
    past = write_at(filled.database, filled.keyring, now() - timedelta(seconds=120), decision)
    transactions.write(filled.database, filled.sequencer.seal)
    first = filled.first()
    assert first is not None and (first.code, first.decision_id) == ("back_dated", past)
    write_at(filled.database, filled.keyring, now() + timedelta(seconds=120), decision)
    assert verify(filled.log).integrity.counts["post_dated"] == 1


def test_a_missing_operators_key_is_told_and_no_fault_is_put_on_the_records(filled: Place) -> None:
    log = Log(filled.log.address, filled.log.kept, (b"n" * 32,), filled.log.verifier_key)
    assert set(verify(log).integrity.counts) == {"payload_locked"}


def test_a_log_that_grows_meanwhile_is_whole_at_every_moment(filled: Place) -> None:
    stop, failed = threading.Event(), []

    def write() -> None:
        for seed in range(1, 500):
            if stop.is_set():
                return
            filled.fill(40, seed=seed, days=0.0000001)

    def work() -> None:
        try:
            write()
        except Exception as error:
            failed.append(error)

    writer = threading.Thread(target=work)
    writer.start()
    try:
        reports = [audit(filled.log) for _ in range(8)]
    finally:
        stop.set()
        writer.join()
    assert not failed
    assert all(report.ok for report in reports), next(r.as_text() for r in reports if not r.ok)
    assert reports[-1].size > reports[0].size


def test_the_header_made_here_is_the_header_that_is_sealed(filled: Place) -> None:
    for row in transactions.read(filled.database, lambda s: s.execute(select(*HEADER)).all()):
        fields = [row.id, row.at.isoformat(timespec="microseconds"), *row[2:]]
        assert header_bytes(fields) == header_text(row).encode()


def test_where_there_is_no_log_a_sentence_says_so(tmp_path: Path) -> None:
    with pytest.raises(DatabaseUnreadable, match="no database here"):
        verify(Log(f"sqlite:///{tmp_path / 'none.db'}", tmp_path / KEPT, (MASTER,), Signer("a", MASTER).verifier_key))
    (tmp_path / "empty.db").touch()
    with pytest.raises(DatabaseUnreadable, match="holds no log"):
        verify(Log(f"sqlite:///{tmp_path / 'empty.db'}", tmp_path / KEPT, (MASTER,), Signer("a", MASTER).verifier_key))
    assert not (tmp_path / "none.db").exists()


def test_a_report_keeps_the_first_problems_and_counts_all() -> None:
    findings = Findings()
    for leaf in reversed(range(1000)):
        findings.add(Problem("missing", leaf))
    findings.add(Problem("unsealed", None, "dec_1"))
    assert findings.counts == {"missing": 1000, "unsealed": 1}
    assert findings.first == Problem("missing", 0) and len(findings.ordered()) == 100
    report = Report(integrity=findings, size=1000)
    assert not report.ok and "1,000 missing, 1 unsealed" in report.as_text()


def test_what_a_terminal_would_obey_is_not_printed() -> None:
    assert readable("a\x1b[31mb\n\udcff") == "a\\x1b[31mb\\n\\udcff"
    assert len(readable("x" * 500)) == 120
