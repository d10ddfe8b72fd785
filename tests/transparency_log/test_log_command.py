"""`candor log` as an operator and an auditor type it."""

from __future__ import annotations

import json
import os
import pty
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from bot.core.settings import Settings
from bot.db import Database, Keyring
from bot.offline import make_sequencer
from bot.transparency_log.checkpoint import Signer
from tests.command import candor
from tests.databases import migrated
from tests.tools import ROOT
from tests.transparency_log import independent
from tests.transparency_log.many import fill

COUNT = 400


def log(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return candor(folder, "log", *arguments, COLUMNS="200")


def add(folder: Path, count: int, seed: int) -> None:
    settings = Settings(data_dir=folder)
    database = Database(settings.database_address)
    fill(database, Keyring.from_folder(folder), make_sequencer(settings), count, seed, days=0.0003)
    database.close()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A data folder with a log."""
    folder = tmp_path / "data"
    migrated(folder / "candor.db")
    add(folder, COUNT, 0)
    return folder


def alter(folder: Path, *statements: str) -> None:
    with closing(sqlite3.connect(folder / "candor.db", isolation_level=None)) as connection:
        for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            connection.execute(f"DROP TRIGGER {name}")
        for statement in statements:
            connection.execute(statement)


def one(folder: Path, query: str) -> str:
    with closing(sqlite3.connect(folder / "candor.db")) as connection:
        return str(connection.execute(query).fetchone()[0])


def test_verify_ends_with_zero_when_all_is_well_and_with_one_when_not(folder: Path, tmp_path: Path) -> None:
    kept = tmp_path / "checkpoint.txt"
    kept.write_text(log(folder, "show-checkpoint").stdout)
    add(folder, 100, 1)
    with kept.open("a") as file:
        file.write(log(folder, "show-checkpoint").stdout)
    done = log(folder, "verify", "--against", str(kept))
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Integrity: whole. 500 records" in done.stdout and "Completeness: whole." in done.stdout
    decision = one(folder, "SELECT id FROM decision WHERE leaf_index = 321")
    alter(folder, "UPDATE decision SET outcome = 'x' WHERE leaf_index = 321")
    done = log(folder, "verify", "--json")
    report = json.loads(done.stdout)
    assert done.returncode == 1 and not report["ok"] and report["completeness"]["ok"]
    first = report["integrity"]["first"]
    assert (first["code"], first["leaf_index"], first["decision_id"]) == ("altered", 321, decision)


def test_verify_against_a_checkpoint_of_another_log_ends_with_one(folder: Path, tmp_path: Path) -> None:
    key = Signer("localhost/candor", b"x" * 32)
    (tmp_path / "other.txt").write_text(key.sign(COUNT, b"r" * 32))
    done = log(folder, "verify", "--against", str(tmp_path / "other.txt"))
    assert done.returncode == 1 and "other.txt was changed, or was not signed by this log's key" in done.stdout


def test_an_export_is_verified_without_database_and_data_folder(folder: Path, tmp_path: Path) -> None:
    kept, whole, nowhere = tmp_path / "checkpoint.txt", tmp_path / "log.jsonl", tmp_path / "nowhere"
    kept.write_text(log(folder, "show-checkpoint").stdout)
    key = log(folder, "show-key").stdout.strip()
    add(folder, 100, 1)
    done = log(folder, "export", str(whole), "--by", "anna")
    assert done.returncode == 0 and "501 records are in log.jsonl" in done.stdout, done.stderr
    assert whole.stat().st_mode & 0o777 == 0o600
    # The export itself is on record, by whom as well.
    last = json.loads(json.loads(whole.read_text().splitlines()[-2])["payload"])
    assert (last["kind"], last["outcome"], last["result"]["staff"]) == ("access", "export:log", {"login": "anna"})
    check = ("verify", "--export", str(whole), "--key", key, "--against", str(kept))
    done = log(nowhere, *check)
    assert done.returncode == 0 and "Integrity: whole. 501 records" in done.stdout, done.stdout + done.stderr
    assert not nowhere.exists()
    assert independent.verify(whole.read_text(), key, kept.read_text()) == 0


def test_a_proof_is_what_the_specifications_say(folder: Path) -> None:
    decision = one(folder, "SELECT id FROM decision WHERE leaf_index = 77")
    proof = json.loads(log(folder, "prove", decision).stdout)
    assert (proof["leaf_index"], proof["tree_size"]) == (77, COUNT)
    size, root = independent.open_checkpoint(proof["checkpoint"], proof["verifier_key"])
    assert (size, root.hex()) == (COUNT, proof["root"])
    # RFC 9162, 2.1.3.2, step by step.
    fn, sn, r = 77, size - 1, bytes.fromhex(proof["leaf_hash"])
    for p in map(bytes.fromhex, proof["path"]):
        if fn % 2 or fn == sn:
            r = independent.node_hash(p, r)
            while fn % 2 == 0 and fn:
                fn, sn = fn >> 1, sn >> 1
        else:
            r = independent.node_hash(r, p)
        fn, sn = fn >> 1, sn >> 1
    assert sn == 0 and r == root
    text = log(folder, "prove", decision, "--format", "tlog-proof").stdout
    head, _, note = text.partition("\n\n")
    assert head.split("\n")[:2] == ["c2sp.org/tlog-proof@v1", "index 77"]
    assert len(head.split("\n")) == 2 + len(proof["path"]) and note == proof["checkpoint"]


def test_an_altered_record_has_no_proof(folder: Path) -> None:
    decision = one(folder, "SELECT id FROM decision WHERE leaf_index = 77")
    alter(folder, "UPDATE decision SET outcome = 'x' WHERE leaf_index = 77")
    done = log(folder, "prove", decision)
    assert done.returncode == 2 and "not as it was sealed" in done.stderr and not done.stdout


def test_what_is_not_there_is_told_in_a_sentence(folder: Path, tmp_path: Path) -> None:
    assert "There is no such record." in log(folder, "prove", "dec_nothing").stderr
    assert "There is no file nothing.txt." in log(folder, "verify", "--against", "nothing.txt").stderr
    empty = tmp_path / "empty"
    for arguments in (("verify",), ("show-checkpoint",), ("show-key",), ("export", str(tmp_path / "x"))):
        done = log(empty, *arguments)
        assert done.returncode == 2 and "data folder" in done.stderr, done.stderr
    assert not empty.exists() and not (tmp_path / "x").exists()
    done = log(folder, "verify", "--export", str(tmp_path / "x"))
    assert done.returncode == 2 and "--key" in done.stderr


def test_a_terminal_sees_a_bar_and_the_report_stays_by_itself(folder: Path) -> None:
    ours, theirs = pty.openpty()
    environment = {**os.environ, "CANDOR_DATA_DIR": str(folder)}
    command = [sys.executable, "-m", "bot.cli", "log", "verify", "--json"]
    done = subprocess.run(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=theirs, timeout=120)
    os.close(theirs)
    assert json.loads(done.stdout)["ok"]
    assert "#" * 36 + "]  100%" in os.read(ours, 4096).decode()
    os.close(ours)
