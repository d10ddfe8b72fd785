"""`candor backup restore`: all of the backup or nothing of it, and nobody who was erased comes back."""

from __future__ import annotations

import os
import shutil
import signal
import sqlite3
import tarfile
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import select

from bot import migrations
from bot.backup.archive import KEYS, NoBackup, write_backup
from bot.backup.registry import forget
from bot.cli.restore import RestoreRefused
from bot.core.errors import Conflict
from bot.db import Database, Keyring
from bot.db.key_rotation import rotate, write_masters
from bot.db.keyring import read_masters
from bot.db.models import DecisionRow, HoldRow
from bot.db.process_lock import alone
from bot.decisions import Recorder
from bot.decisions.kinds import Kind
from bot.offline import build_offline
from bot.privacy.erasure import ledger
from bot.privacy.erasure.reasons import Reason
from bot.privacy.erasure.receipt import receipt
from bot.privacy.erasure.requests import Requests, What, new_token
from bot.privacy.legal_holds import hold, in_force, release
from bot.transparency_log.sequencer import KEPT, LOST, UNKNOWN, LogBroken
from tests.backup.site import SAID, Site, files, where
from tests.command import candor, started
from tests.transactions import read, write

NEWER = """
import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade():
    op.add_column("visitor", sa.Column("note", sa.String(8), nullable=False, server_default="none"))
"""
"""A migration of a later version of Candor."""


def kept(site: Site) -> list[Path]:
    return sorted(site.folder.glob("before-restore-*"))


def test_the_database_is_that_of_the_backup_again(site: Site, shelf: Path) -> None:
    ann, bob = site.visitors(2)
    backup = site.backup(shelf / "one").backup
    (late,) = site.visitors(1)
    done = site.restore(backup.path)
    assert (site.said(ann), site.said(bob), site.said(late)) == (SAID, SAID, None)
    assert done.erased == [] and done.aside is None
    assert os.stat(site.path).st_mode & 0o777 == 0o600
    assert not (site.folder / "restoring").exists()


def test_what_was_there_before_is_a_backup_that_can_be_restored(site: Site, shelf: Path) -> None:
    (ann,) = site.visitors(1)
    backup = site.backup(shelf / "one").backup
    (late,) = site.visitors(1)
    done = site.restore(backup.path)
    assert done.before is not None and kept(site) == [done.before]
    site.restore(done.before)
    assert (site.said(ann), site.said(late)) == (SAID, SAID)


def test_a_new_machine_needs_the_keys_and_the_backup_alone(site: Site, shelf: Path, tmp_path: Path) -> None:
    site.records(40)
    (ann,) = site.visitors(1)
    backup = site.backup(shelf / "one").backup
    other = site.copy_keys_to(tmp_path / "other")
    done = other.restore(backup.path)
    assert other.said(ann) == SAID and done.before is None and done.aside is None
    report = other.verify()
    assert report.ok and report.size == 40, report.as_text()


def test_a_restored_log_is_whole(site: Site, shelf: Path) -> None:
    site.records(60)
    backup = site.backup(shelf / "one").backup
    site.records(30, seed=1)
    site.restore(backup.path)
    report = site.verify()
    assert report.ok and report.size == 60, report.as_text()


def test_the_engines_store_goes_with_the_database_it_belonged_to(site: Site, shelf: Path) -> None:
    site.visitors(1)
    backup = site.backup(shelf / "one").backup
    for name in ("engine.db", "engine.db-wal", "engine.log"):
        (site.folder / name).write_bytes(b"what was said")
    site.restore(backup.path)
    assert {path.name for path in site.folder.glob("engine*")} == {"engine.log"}


def test_staff_have_to_sign_in_again(site: Site, shelf: Path) -> None:
    site.visitors(1)
    site.write(
        "INSERT INTO staff (id, login, name, roles, password_hash, created_at) "
        "VALUES ('stf_1', 'ruth', 'Ruth', '[]', 'x', '2026-01-01 00:00:00.000000')"
    )
    site.write("INSERT INTO staff_session VALUES ('token', 'stf_1', '2099-01-01 00:00:00.000000')")
    site.restore(site.backup(shelf / "one").backup.path)
    assert site.rows("SELECT id FROM staff") == [("stf_1",)] and site.rows("SELECT * FROM staff_session") == []


def test_an_older_schema_is_brought_up_to_date(
    site: Site, shelf: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    visitors = site.visitors(2)
    backup = site.backup(shelf / "one").backup
    assert backup.manifest.schema == "0003"
    newer = shutil.copytree(migrations.FOLDER, tmp_path / "migrations")
    (newer / "versions" / "0004_notes.py").write_text(NEWER)
    monkeypatch.setattr(migrations, "FOLDER", newer)
    site.restore(backup.path)
    assert site.rows("SELECT version_num FROM alembic_version") == [("0004",)]
    assert {*site.rows("SELECT id, note FROM visitor")} == {(visitor, "none") for visitor in visitors}


# Erasures.


def test_who_was_erased_since_is_erased_again_under_the_same_id(site: Site, shelf: Path, tmp_path: Path) -> None:
    ann, bob, eve = site.visitors(3)
    keys = [site.wrapped(ann), site.wrapped(bob)]
    before = site.erase(eve)
    backup = site.backup(shelf / "one").backup
    (late,) = site.visitors(1)
    first, second = site.erase(ann), site.erase(bob, Reason.RETENTION)
    site.erase(late)
    noted = {row.id: (row.visitor_id, row.reason, row.begun_at) for row in site.erasures()}

    done = site.restore(backup.path)

    assert [row.id for row in done.erased] == [first, second]
    found = {row.id: (row.visitor_id, row.reason, row.begun_at) for row in site.erasures()}
    assert found == {id_: noted[id_] for id_ in (before, first, second)}
    assert all(row.done_at is None for row in done.erased)  # the next start clears the engine's store
    assert [where(key, site.folder) for key in keys] == [set(), set()]
    assert site.rows(f"SELECT wrapped FROM visitor_key WHERE visitor_id = '{ann}'") == [(None,)]
    assert [entry.visitor_id for entry in ledger.read(site.folder)] == [eve, ann, bob, late]


def test_the_visitors_receipt_opens_after_a_restore_as_well(site: Site, shelf: Path) -> None:
    ann, bob = site.visitors(2)
    backup = site.backup(shelf / "one").backup
    token, both = new_token(), [ann, bob]
    with site.open() as database:
        services = build_offline(site.settings, database)
        requests = Requests(services.keyring, services.eraser)
        rows = write(
            database, lambda s: requests.ask(s, both, What.EVERYTHING, Reason.VISITOR_REQUEST, "visitor", token=token)
        )
    request_id = rows[0].request_id
    assert request_id is not None
    site.restore(backup.path)
    with site.open() as database:
        opened = read(database, lambda s: requests.opened_by(s, request_id, token))
        told = read(database, lambda s: receipt(s, opened, "en"))
    assert {row.visitor_id for row in opened} == set(both)
    assert (told["request_id"], told["what"], len(told["conversations"])) == (request_id, "everything", 2)
    assert told["asked_at"] == min(row.begun_at for row in rows).isoformat()


def test_the_erasures_are_on_record_again_and_the_log_says_so(site: Site, shelf: Path) -> None:
    (ann,) = site.visitors(1)
    site.records(20)
    backup = site.backup(shelf / "one").backup
    site.erase(ann, Reason.RETENTION)
    site.origin = "localhost/another"
    site.restore(backup.path)
    with site.open() as database:
        query = select(DecisionRow).where(DecisionRow.kind == Kind.ERASURE)
        (record,) = read(database, lambda s: s.scalars(query).all())
    assert (record.visitor_id, record.outcome) == (ann, "erased:retention") and record.leaf_index == 20
    assert site.erasures()[0].record_id == record.id
    assert site.verify().ok


def test_who_was_erased_is_erased_again_however_often_a_backup_comes_back(site: Site, shelf: Path) -> None:
    (ann,) = site.visitors(1)
    backup = site.backup(shelf / "one").backup
    erasure_id = site.erase(ann)
    for _ in range(3):
        done = site.restore(backup.path)
        assert [row.id for row in done.erased] == [erasure_id]
    assert len(list(ledger.read(site.folder))) == 1


def test_a_key_that_was_blanked_in_the_backup_tells_of_an_erasure_that_no_ledger_knows(
    site: Site, shelf: Path, tmp_path: Path
) -> None:
    ann, bob = site.visitors(2)
    backup = site.backup(shelf / "one").backup
    site.erase(ann)
    forget(site.folder, [ann])
    other = site.copy_keys_to(tmp_path / "other")
    done = other.restore(backup.path)
    (row,) = done.erased
    assert (row.visitor_id, row.reason) == (ann, "operator") and other.said(bob) == SAID
    assert [(one.visitor_id, one.erasure_id) for one in ledger.read(other.folder)] == [(ann, row.id)]


def test_a_hold_that_had_ended_before_the_erasure_does_not_bring_anybody_back(site: Site, shelf: Path) -> None:
    (ann,) = site.visitors(1)
    recorder = Recorder(Keyring.from_folder(site.folder), "test")
    ((conversation,),) = site.rows("SELECT id FROM conversation")
    with site.open() as database:
        number = write(database, lambda s: hold(s, recorder, conversation, "Claim 12", "olga").id)
        write(database, lambda s: hold(s, recorder, conversation, "Claim 13", "olga").id)
    backup = site.backup(shelf / "one").backup
    with site.open() as database:
        for one in read(database, in_force):
            write(database, lambda s, n=one.id: release(s, recorder, n, "olga"))  # type: ignore[misc]
    erasure_id = site.erase(ann)
    done = site.restore(backup.path)
    assert [row.id for row in done.erased] == [erasure_id]
    with site.open() as database:
        assert read(database, lambda s: s.get_one(HoldRow, number)).ended_by == "restore"
        assert read(database, in_force) == []


def test_erasures_alone_can_be_done_again_beside_a_database_that_was_restored_otherwise(
    site: Site, shelf: Path
) -> None:
    (ann,) = site.visitors(1)
    shutil.copy(site.path, shelf / "copy.db")
    erasure_id = site.erase(ann)
    shutil.copy(shelf / "copy.db", site.path)
    for expected in (f"{erasure_id})", "Nobody had to be erased again."):
        done = candor(site.folder, "erasure", "reapply")
        assert done.returncode == 0 and expected in done.stdout, done.stderr
    assert [row.id for row in site.erasures()] == [erasure_id]
    assert len(list(ledger.read(site.folder))) == 1


# The log goes on.


def test_where_nothing_was_signed_since_the_log_keeps_its_name(site: Site, shelf: Path) -> None:
    site.records(20)
    backup = site.backup(shelf / "one").backup
    checkpoint = (site.folder / KEPT).read_text()
    done = site.restore(backup.path)
    assert done.lost is None and (site.folder / KEPT).read_text() == checkpoint
    site.records(5, seed=1)
    assert site.verify().size == 25 and site.verify().ok


def test_where_records_are_gone_nothing_is_signed_under_the_name_that_signed_them(site: Site, shelf: Path) -> None:
    site.records(20)
    backup = site.backup(shelf / "one").backup
    site.records(7, seed=1)
    signed = (site.folder / KEPT).read_text()
    done = site.restore(backup.path)
    assert done.lost == 7 and not (site.folder / KEPT).exists()
    (evidence,) = site.folder.glob(f"{LOST}*")
    assert evidence.read_text() == signed
    with pytest.raises(LogBroken, match="CANDOR_LOG_ORIGIN"):
        site.records(3, seed=2)
    assert not (site.folder / KEPT).exists()
    site.origin = "localhost/another"
    assert site.seal()
    assert (site.folder / KEPT).read_text().startswith("localhost/another\n")
    report = site.verify()
    assert report.ok and report.size == 23, report.as_text()


def test_where_nobody_knows_what_was_signed_since_the_name_is_not_used_again(
    site: Site, shelf: Path, tmp_path: Path
) -> None:
    site.records(20)
    backup = site.backup(shelf / "one").backup
    other = site.copy_keys_to(tmp_path / "other")
    assert other.restore(backup.path).lost == UNKNOWN
    with pytest.raises(LogBroken):
        other.records(3, seed=2)
    other.origin = "localhost/another"
    assert other.seal() and other.verify().ok


def test_who_moves_and_takes_the_checkpoint_along_keeps_the_name(site: Site, shelf: Path, tmp_path: Path) -> None:
    site.records(20)
    backup = site.backup(shelf / "one").backup
    other = site.copy_keys_to(tmp_path / "other")
    shutil.copy(site.folder / KEPT, other.folder / KEPT)
    assert other.restore(backup.path).lost is None
    other.records(3, seed=2)
    assert other.verify().size == 23 and other.verify().ok


# What is refused, and then nothing has changed.


def refused(site: Site, path: Path, error: type[Exception], says: str, code: str) -> None:
    before = files(site.folder)
    with pytest.raises(error, match=says) as caught:
        site.restore(path)
    assert caught.value.code == code  # type: ignore[attr-defined]
    assert not (site.folder / "restoring").exists()
    changed = {name for name, content in files(site.folder).items() if before.get(name) != content}
    assert {Path(name).name for name in changed} <= {"candor.lock", "candor.db"}
    assert site.said(site.rows("SELECT id FROM visitor")[0][0]) == SAID


@pytest.mark.parametrize(
    "where_",
    ["everywhere", "cut off: candor.db", f"cut off: {KEYS}", "cut off: manifest.json", "a bit: candor.db"]
    + [f"a bit: {KEYS}", "a bit: manifest.json", "a bit: name", "a key is missing", "a key is another's", "all of it"],
)
def test_a_damaged_file_is_refused_wherever_the_damage_is(site: Site, shelf: Path, where_: str) -> None:
    site.visitors(30)
    backup = site.backup(shelf / "one").backup
    whole = backup.path.read_bytes()
    backup.path.write_bytes(_damaged(whole, backup.path, where_))
    refused(site, backup.path, NoBackup, "damaged", "backup_damaged")
    backup.path.write_bytes(whole)
    site.restore(backup.path)


def _damaged(whole: bytes, path: Path, where_: str) -> bytes:
    with tarfile.open(path) as archive:
        places = {info.name: (info.offset_data, info.size) for info in archive}
    what, _, name = where_.partition(": ")
    middle = places[name][0] + places[name][1] // 2 if name in places else 3
    return {
        "everywhere": b"Dear Ann, " * 5000,
        "all of it": b"",
        "cut off": whole[:middle],
        "a bit": _flip(whole, middle),
        "a key is missing": whole.replace(_line(whole, places[KEYS]), b""),
        "a key is another's": _swap_keys(whole, places[KEYS]),
    }[what]


def _flip(content: bytes, at: int) -> bytes:
    return content[:at] + bytes([content[at] ^ 1]) + content[at + 1 :]


def _line(content: bytes, place: tuple[int, int]) -> bytes:
    return content[place[0] : sum(place)].splitlines(keepends=True)[3]


def _swap_keys(content: bytes, place: tuple[int, int]) -> bytes:
    lines = [line.split(b" ") for line in content[place[0] : sum(place)].splitlines()]
    lines[0][1], lines[1][1] = lines[1][1], lines[0][1]
    swapped = b"".join(b" ".join(line) + b"\n" for line in lines)
    return content[: place[0]] + swapped + content[sum(place) :]


def test_a_backup_of_a_newer_candor_is_refused(site: Site, shelf: Path) -> None:
    site.visitors(1)
    backup = site.backup(shelf / "one").backup
    with open(shelf / "copy.db", "wb") as file:
        backup.copy_database(file)
    newer = replace(backup.manifest, schema="9999", candor="7.0.0")
    (shelf / "newer").touch()
    write_backup(shelf / "newer", newer, backup.keys(), shelf / "copy.db")
    refused(site, shelf / "newer", RestoreRefused, r"newer Candor \(7.0.0\). Update", "backup_newer")


@pytest.mark.parametrize("name", ["master.key", "lookup.key", "log.key"])
@pytest.mark.parametrize("how", ["another", "none"])
def test_a_backup_made_with_other_keys_is_refused(site: Site, shelf: Path, name: str, how: str) -> None:
    site.records(5)
    site.visitors(1)
    backup = site.backup(shelf / "one").backup
    key = (site.folder / name).read_text()
    (site.folder / name).unlink()
    if how == "another":
        (site.folder / name).write_text("5e" * 32 + "\n")
    with pytest.raises(RestoreRefused, match=name) as caught:
        site.restore(backup.path)
    assert caught.value.code == "other_keys"
    (site.folder / name).write_text(key)
    site.restore(backup.path)


def test_after_a_rotation_the_older_key_has_to_follow_the_current_one(site: Site, shelf: Path) -> None:
    (ann,) = site.visitors(1)
    (old,) = read_masters(site.folder)
    backup = site.backup(shelf / "one").backup
    with site.open() as database:
        rotate(database, site.folder)
    refused(site, backup.path, RestoreRefused, "older key may follow", "other_keys")
    write_masters(site.folder, [*read_masters(site.folder), old])
    site.restore(backup.path)
    assert site.said(ann) == SAID
    with site.open() as database:
        rotate(database, site.folder)
    assert len(read_masters(site.folder)) == 1 and site.said(ann) == SAID


def test_while_candor_runs_it_is_refused(site: Site, shelf: Path) -> None:
    site.visitors(1)
    backup = site.backup(shelf / "one").backup
    with site.open():
        with pytest.raises(Conflict, match="Stop it, then try again") as caught:
            site.restore(backup.path)
        assert caught.value.code == "in_use"
    site.restore(backup.path)


def test_while_another_program_reads_the_database_it_is_refused(site: Site, shelf: Path) -> None:
    site.visitors(1)
    backup = site.backup(shelf / "one").backup
    with closing(sqlite3.connect(site.path)) as connection:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("BEGIN")
        connection.execute("SELECT count(*) FROM visitor").fetchone()
        refused(site, backup.path, Conflict, "Stop it", "in_use")
    site.restore(backup.path)


def test_while_a_backup_is_restored_candor_does_not_start(site: Site) -> None:
    site.visitors(1)
    with alone(site.path), pytest.raises(Conflict, match="being restored") as caught:
        Database(site.settings.database_address)
    assert caught.value.code == "being_restored"
    Database(site.settings.database_address).close()


# What goes wrong meanwhile.


def test_a_database_that_cannot_be_read_any_more_is_set_aside_as_it_is(site: Site, shelf: Path) -> None:
    (ann,) = site.visitors(1)
    backup = site.backup(shelf / "one").backup
    site.path.write_bytes(b"lightning struck" * 1000)
    Path(f"{site.path}-wal").write_bytes(b"here too")
    done = site.restore(backup.path)
    assert done.before is None and done.aside is not None
    assert done.aside.read_bytes() == b"lightning struck" * 1000
    assert Path(f"{done.aside}-wal").read_bytes() == b"here too" and site.said(ann) == SAID


def test_a_write_ahead_log_of_a_database_that_is_gone_does_not_touch_the_restored_one(site: Site, shelf: Path) -> None:
    (ann,) = site.visitors(1)
    backup = site.backup(shelf / "one").backup
    site.path.unlink()
    Path(f"{site.path}-wal").write_bytes(os.urandom(8192))
    site.restore(backup.path)
    assert site.said(ann) == SAID and not Path(f"{site.path}-wal").exists()


@pytest.mark.parametrize(
    ("step", "is_new"),
    [
        pytest.param("before _extract", False, marks=pytest.mark.long),
        pytest.param("after _extract", False, marks=pytest.mark.long),
        pytest.param("after _erase_again", False, marks=pytest.mark.long),
        pytest.param("after _save", False, marks=pytest.mark.long),
        ("before the swap", False),
        ("after the swap", True),
        pytest.param("after set_aside", True, marks=pytest.mark.long),
    ],
)
def test_killed_at_any_step_it_is_the_old_database_or_the_new_one(
    site: Site, shelf: Path, step: str, is_new: bool
) -> None:
    site.records(20)
    ann, bob = site.visitors(2)
    backup = site.backup(shelf / "one").backup
    (late,) = site.visitors(1)
    site.records(5, seed=1)
    key = site.wrapped(ann)
    erasure_id = site.erase(ann)
    own = {"CANDOR_DATA_DIR": str(site.folder), "CANDOR_DEMO": "false", "DIES_AT": step}
    died = started("backup", "restore", str(backup.path), program="tests.backup.dies_in_restore", **own)
    assert died.returncode == -signal.SIGKILL, died.stderr

    # The next start finds one or the other, whole, and removes what was left.
    assert site.said(bob) == SAID and site.said(late) == (None if is_new else SAID)
    assert not (site.folder / "restoring").exists()
    assert [row.id for row in site.erasures()] == [erasure_id]
    assert where(key, site.folder) == set()

    # And a second attempt does what the first one did not.
    done = candor(site.folder, "backup", "restore", str(backup.path))
    assert done.returncode == 0 and erasure_id in done.stdout, done.stderr
    assert (site.said(bob), site.said(late)) == (SAID, None)
    assert [row.id for row in site.erasures()] == [erasure_id] and site.verify().ok
