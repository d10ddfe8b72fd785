"""`candor keys rotate`: a new master in the old one's place, whatever happens meanwhile."""

from __future__ import annotations

import os
import random
import secrets
import signal
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.core.errors import Conflict
from bot.db import Database, Keyring, key_rotation
from bot.db.key_rotation import rotate, write_masters
from bot.db.keyring import MASTER_FILE, KeyDestroyed, MasterKeyMissing, key_id, read_masters
from bot.db.models import DecisionPayloadRow, VisitorKeyRow
from bot.decisions import Recorder
from bot.decisions.kinds import Kind
from bot.decisions.models import Decision
from tests import transactions
from tests.command import candor, started
from tests.databases import migrated


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "data"
    folder.mkdir()
    return folder


@pytest.fixture
def own(folder: Path) -> Iterator[Database]:
    """A database in the data folder, as `candor` finds it."""
    migrated(folder / "candor.db")
    database = Database(f"sqlite:///{folder / 'candor.db'}")
    yield database
    database.close()


def fill(database: Database, keyring: Keyring, count: int) -> dict[str, bytes]:
    """Visitors with one sealed value each."""
    names = [f"vis_{number:06d}" for number in range(count)]
    return transactions.write(database, lambda s: {name: keyring.seal(s, name, "row", name) for name in names})


def check(database: Database, keyring: Keyring, sealed: dict[str, bytes]) -> None:
    def work(session: Session) -> bool:
        return all(keyring.open(session, name, "row", value) == name for name, value in sealed.items())

    assert transactions.read(database, work)


def wrapped(database: Database) -> dict[str, bytes | None]:
    rows = transactions.read(
        database, lambda s: s.execute(select(VisitorKeyRow.visitor_id, VisitorKeyRow.wrapped)).all()
    )
    return {row.visitor_id: row.wrapped for row in rows}


def payloads(database: Database) -> dict[str, bytes | None]:
    return transactions.read(
        database, lambda s: {row.decision_id: row.payload_sealed for row in s.scalars(select(DecisionPayloadRow))}
    )


def raw(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in sorted(folder.iterdir()))


def test_every_key_is_wrapped_anew_and_nothing_sealed_is_rewritten(any_database: Database, folder: Path) -> None:
    keyring = Keyring.from_folder(folder)
    sealed = fill(any_database, keyring, 40)
    recorder = Recorder(keyring, "test")
    for visitor_id in ("vis_000001", ""):
        decision = Decision(Kind.ANSWER, "", visitor_id, None, "said")
        transactions.write(any_database, lambda s, d=decision: recorder.record(s, d))
    before, old_masters, contents = wrapped(any_database), read_masters(folder), payloads(any_database)
    digest = keyring.digest("token")

    assert rotate(any_database, folder) == 41  # the operator's own key is one of them

    (new,) = read_masters(folder)
    after = wrapped(any_database)
    assert [new] != old_masters and os.stat(folder / MASTER_FILE).st_mode & 0o777 == 0o600
    assert set(after) == set(before) and all((value or b"")[:4] == key_id(new) for value in after.values())
    assert payloads(any_database) == contents
    assert Keyring.from_folder(folder).digest("token") == digest
    for ring in (keyring, Keyring.from_folder(folder)):
        check(any_database, ring, sealed)
    with pytest.raises(MasterKeyMissing):
        check(any_database, Keyring(lambda: old_masters, b""), sealed)


def test_progress_is_told_in_batches_of_a_thousand(own: Database, folder: Path) -> None:
    sealed = fill(own, Keyring.from_folder(folder), 2300)
    told: list[int] = []
    assert rotate(own, folder, told.append) == 2300
    assert told == [1000, 2000, 2300]
    check(own, Keyring.from_folder(folder), sealed)


def test_visitors_who_come_meanwhile_are_served(own: Database, folder: Path) -> None:
    running = Keyring.from_folder(folder)
    sealed = fill(own, running, 1200)
    gateway = Database(str(own.engine.url))
    came: dict[str, bytes] = {}
    ended = threading.Event()

    def serve() -> None:
        while not ended.is_set():
            name = f"vis_{secrets.token_hex(8)}"
            came[name] = transactions.write(gateway, lambda s, name=name: running.seal(s, name, "row", name))

    thread = threading.Thread(target=serve)
    thread.start()
    try:
        deadline = time.monotonic() + 60
        while len(came) < 20 and time.monotonic() < deadline:
            rotate(own, folder)
    finally:
        ended.set()
        thread.join()
        gateway.close()
    assert len(came) >= 20 and len(read_masters(folder)) == 1
    check(own, running, sealed | came)
    check(own, Keyring.from_folder(folder), sealed | came)


def test_the_old_key_waits_for_whoever_is_using_it(any_database: Database, folder: Path) -> None:
    """A key wrapped before the rotation and committed after it would be lost if the old master went meanwhile."""
    sealed = fill(any_database, Keyring.from_folder(folder), 3)
    read, go_on, slow = threading.Event(), threading.Event(), threading.Event()

    def masters() -> list[bytes]:
        found = read_masters(folder)
        if slow.is_set():
            read.set()
            go_on.wait(20)
        return found

    running = Keyring(masters, b"")
    slow.set()
    late: dict[str, bytes] = {}
    gateway = Database(any_database.engine.url.render_as_string(hide_password=False))

    def work(session: Session) -> None:
        # By its name it comes before those that are wrapped anew first, so that they pass it over.
        late["a_late_one"] = running.seal(session, "a_late_one", "row", "a_late_one")

    writing = threading.Thread(target=lambda: transactions.write(gateway, work))
    rotating = threading.Thread(target=lambda: rotate(any_database, folder))
    writing.start()
    assert read.wait(20)
    rotating.start()
    time.sleep(0.5)
    assert rotating.is_alive()
    go_on.set()
    writing.join(20)
    rotating.join(20)
    gateway.close()
    assert len(read_masters(folder)) == 1
    check(any_database, Keyring.from_folder(folder), sealed | late)


@pytest.mark.parametrize(
    "step",
    [
        pytest.param("before the new key", marks=pytest.mark.long),
        pytest.param("after the new key", marks=pytest.mark.long),
        "in a batch",
        pytest.param("after the last batch", marks=pytest.mark.long),
        pytest.param("before the old key goes", marks=pytest.mark.long),
        pytest.param("after the old key went", marks=pytest.mark.long),
    ],
)
def test_killed_at_any_step_nothing_is_lost_and_the_next_run_finishes(own: Database, folder: Path, step: str) -> None:
    sealed = fill(own, Keyring.from_folder(folder), 1100)
    (old,) = read_masters(folder)
    settings = {"CANDOR_DATA_DIR": str(folder), "CANDOR_DEMO": "false", "DIES_AT": step}
    died = started("keys", "rotate", program="tests.db.dies_in_rotation", **settings)
    assert died.returncode == -signal.SIGKILL, died.stderr
    masters = read_masters(folder)
    assert len(masters) == {"before the new key": 1, "after the old key went": 1}.get(step, 2)
    check(own, Keyring.from_folder(folder), sealed)

    assert candor(folder, "keys", "rotate").returncode == 0
    (new,) = read_masters(folder)
    assert new != old
    assert new == masters[0] or step in ("before the new key", "after the old key went")
    check(own, Keyring.from_folder(folder), sealed)
    assert {(value or b"")[:4] for value in wrapped(own).values()} == {key_id(new)}


def test_a_key_that_is_destroyed_meanwhile_stays_destroyed(any_database: Database, folder: Path) -> None:
    keyring = Keyring.from_folder(folder)
    fill(any_database, keyring, 1)
    read = wrapped(any_database)["vis_000000"]
    assert read is not None
    transactions.write(any_database, lambda s: keyring.destroy(s, "vis_000000"))
    transactions.write(any_database, lambda s: key_rotation._wrap_anew(s, keyring, [("vis_000000", read)]))
    rotate(any_database, folder)
    assert wrapped(any_database) == {"vis_000000": None}
    with pytest.raises(KeyDestroyed):
        transactions.read(any_database, lambda s: Keyring.from_folder(folder).open(s, "vis_000000", "row", b"x" * 40))


def test_a_missing_master_stops_the_rotation_before_anything_is_lost(own: Database, folder: Path) -> None:
    keyring = Keyring.from_folder(folder)
    sealed = fill(own, keyring, 2)
    (lost,) = read_masters(folder)
    write_masters(folder, [b"o" * 32])
    with pytest.raises(MasterKeyMissing):
        rotate(own, folder)
    write_masters(folder, [*read_masters(folder), lost])
    assert rotate(own, folder) == 2
    check(own, Keyring.from_folder(folder), sealed)


def test_two_rotations_at_once_do_not_meet(own: Database, folder: Path) -> None:
    Keyring.from_folder(folder)
    with key_rotation._alone(folder), pytest.raises(Conflict, match="Wait for it"):
        rotate(own, folder)
    rotate(own, folder)


def test_no_file_keeps_what_a_rotation_or_an_erasure_replaced(own: Database, folder: Path) -> None:
    """SQLite can leave copies in the unused part of a page, which would outlive both; in this table it leaves none."""
    chance = random.Random(7)
    keyring = Keyring.from_folder(folder)
    gone: set[bytes] = set()
    living: list[str] = []
    for round_ in range(6):
        for _ in range(150):
            name = f"vis_{round_}_{secrets.token_hex(chance.choice([4, 12, 18]))}"
            transactions.write(own, lambda s, name=name: keyring.seal(s, name, "row", name))
            living.append(name)
        before = {value for value in wrapped(own).values() if value}
        if round_ % 2:
            gone |= {bytes.fromhex(line) for line in (folder / MASTER_FILE).read_text().split()} | before
            rotate(own, folder)
        else:
            chance.shuffle(living)
            for name in living[:60]:
                gone.add(wrapped(own)[name] or b"")
                transactions.write(own, lambda s, name=name: keyring.destroy(s, name))
            del living[:60]
    present, content = {value for value in wrapped(own).values() if value}, raw(folder)
    assert all(value in content for value in present) and any(value in content for value in gone)
    assert own.purge_now()
    content = raw(folder)
    assert [value.hex() for value in gone if value in content or value.hex().encode() in content] == []
