"""Visitors' keys: what they seal, who wraps them, and that a destroyed one stays destroyed."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from cryptography.exceptions import InvalidTag
from sqlalchemy.orm import Session

from bot.db import Database, Keyring
from bot.db.erased import is_erased
from bot.db.key_rotation import write_masters
from bot.db.keyring import MASTER_FILE, KeyDestroyed, MasterKeyMissing, key_id, read_masters
from bot.db.models import VisitorKeyRow
from tests import transactions

FIRST, SECOND = b"1" * 32, b"2" * 32


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "keys"
    folder.mkdir()
    write_masters(folder, [FIRST])
    return folder


def seal(database: Database, keyring: Keyring, visitor_id: str, value: object = "secret") -> bytes:
    return transactions.write(database, lambda s: keyring.seal(s, visitor_id, "row", value))


def opened(database: Database, keyring: Keyring, visitor_id: str, sealed: bytes, about: str = "row") -> object:
    return transactions.read(database, lambda s: keyring.open(s, visitor_id, about, sealed))


def wrapped(database: Database, visitor_id: str) -> bytes | None:
    return transactions.read(database, lambda s: s.get_one(VisitorKeyRow, visitor_id)).wrapped


def test_a_value_opens_for_its_visitor_and_its_row_alone(any_database: Database, folder: Path) -> None:
    keyring = Keyring.from_folder(folder)
    value = {"text": "你好, “Ann” \u0000 ann@example.org"}
    sealed = seal(any_database, keyring, "vis_1", value)
    seal(any_database, keyring, "vis_2")
    assert opened(any_database, Keyring.from_folder(folder), "vis_1", sealed) == value
    for visitor_id, about in (("vis_1", "another row"), ("vis_2", "row")):
        with pytest.raises(InvalidTag):
            opened(any_database, keyring, visitor_id, sealed, about)
    with pytest.raises(InvalidTag):
        opened(any_database, keyring, "vis_1", sealed[:-1] + bytes([sealed[-1] ^ 1]))


def test_a_wrapped_key_says_which_master_wrapped_it_and_cannot_be_moved(database: Database, folder: Path) -> None:
    keyring = Keyring.from_folder(folder)
    seal(database, keyring, "vis_1")
    found = wrapped(database, "vis_1")
    assert found is not None and found[:4] == key_id(FIRST) and len(found) == 4 + 12 + 32 + 16
    assert len(keyring.unwrap("vis_1", found)) == 32
    with pytest.raises(InvalidTag):
        keyring.unwrap("vis_2", found)


def test_of_several_masters_the_first_wraps_and_each_opens(database: Database, folder: Path) -> None:
    before = seal(database, Keyring.from_folder(folder), "vis_1")
    write_masters(folder, [SECOND, FIRST])
    keyring = Keyring.from_folder(folder)
    assert opened(database, keyring, "vis_1", before) == "secret"
    seal(database, keyring, "vis_2")
    assert (wrapped(database, "vis_2") or b"")[:4] == key_id(SECOND)


def test_a_running_gateway_takes_up_a_new_master_by_itself(database: Database, folder: Path) -> None:
    running = Keyring.from_folder(folder)
    seal(database, running, "vis_1")
    write_masters(folder, [SECOND, FIRST])
    seal(database, running, "vis_2")
    assert (wrapped(database, "vis_2") or b"")[:4] == key_id(SECOND)
    third = seal(database, Keyring(lambda: [SECOND], b""), "vis_3")
    assert opened(database, running, "vis_3", third) == "secret"


def test_a_row_read_before_the_old_master_went_can_still_be_unwrapped(database: Database, folder: Path) -> None:
    running = Keyring.from_folder(folder)
    seal(database, running, "vis_1")
    old = wrapped(database, "vis_1")
    write_masters(folder, [SECOND])
    running.reread()
    assert old is not None and len(running.unwrap("vis_1", old)) == 32


def test_a_missing_master_is_said_and_mended_by_putting_it_back(database: Database, folder: Path) -> None:
    sealed = seal(database, Keyring.from_folder(folder), "vis_1")
    write_masters(folder, [SECOND])
    without = Keyring.from_folder(folder)
    with pytest.raises(MasterKeyMissing, match="master.key"):
        opened(database, without, "vis_1", sealed)
    write_masters(folder, [SECOND, FIRST])
    assert opened(database, without, "vis_1", sealed) == "secret"


def test_the_master_file_is_made_at_first_use_for_its_owner_alone(tmp_path: Path) -> None:
    Keyring.from_folder(tmp_path)
    first = read_masters(tmp_path)
    assert len(first) == 1 and len(first[0]) == 32
    assert os.stat(tmp_path / MASTER_FILE).st_mode & 0o777 == 0o600
    Keyring.from_folder(tmp_path)
    assert read_masters(tmp_path) == first


def test_the_file_of_one_key_from_before_rotations_is_read(tmp_path: Path, database: Database) -> None:
    (tmp_path / MASTER_FILE).write_text(FIRST.hex())
    assert read_masters(tmp_path) == [FIRST]
    seal(database, Keyring.from_folder(tmp_path), "vis_1")
    assert (wrapped(database, "vis_1") or b"")[:4] == key_id(FIRST)


def test_a_master_of_another_length_is_refused() -> None:
    for wrong in ([], [b"short"], [FIRST, b"x" * 33]):
        with pytest.raises(ValueError, match="32 bytes"):
            Keyring(lambda wrong=wrong: wrong, b"")


def test_a_destroyed_key_opens_and_seals_nothing_and_is_never_made_again(any_database: Database, folder: Path) -> None:
    keyring = Keyring.from_folder(folder)
    sealed = seal(any_database, keyring, "vis_1")
    for visitor_id in ("vis_1", "vis_without_a_key_so_far"):
        transactions.write(any_database, lambda s, v=visitor_id: keyring.destroy(s, v))
        assert wrapped(any_database, visitor_id) is None
        for ring in (keyring, Keyring.from_folder(folder)):
            with pytest.raises(KeyDestroyed):
                opened(any_database, ring, visitor_id, sealed)
            with pytest.raises(KeyDestroyed):
                seal(any_database, ring, visitor_id)
        assert transactions.read(any_database, lambda s, v=visitor_id: is_erased(s, v))
    moment = transactions.read(any_database, lambda s: s.get_one(VisitorKeyRow, "vis_1")).destroyed_at
    transactions.write(any_database, lambda s: keyring.destroy(s, "vis_1"))
    assert transactions.read(any_database, lambda s: s.get_one(VisitorKeyRow, "vis_1")).destroyed_at == moment


def test_a_key_that_another_process_destroyed_is_gone_once_it_is_forgotten(database: Database, folder: Path) -> None:
    here, elsewhere = Keyring.from_folder(folder), Keyring.from_folder(folder)
    sealed = seal(database, here, "vis_1")
    assert opened(database, here, "vis_1", sealed) == "secret"
    transactions.write(database, lambda s: elsewhere.destroy(s, "vis_1"))
    assert opened(database, here, "vis_1", sealed) == "secret"
    here.forget(["vis_1", "vis_unknown"])
    with pytest.raises(KeyDestroyed):
        opened(database, here, "vis_1", sealed)


def test_what_an_erasure_emptied_counts_as_erased(database: Database, folder: Path) -> None:
    keyring = Keyring.from_folder(folder)
    seal(database, keyring, "vis_1")
    with pytest.raises(KeyDestroyed):
        opened(database, keyring, "vis_1", b"")


def test_a_key_whose_transaction_was_rolled_back_seals_nothing_later(database: Database, folder: Path) -> None:
    keyring = Keyring.from_folder(folder)

    def fails(session: Session) -> None:
        keyring.seal(session, "vis_1", "row", "lost")
        raise RuntimeError

    with pytest.raises(RuntimeError):
        transactions.write(database, fails)
    sealed = seal(database, keyring, "vis_1")
    assert opened(database, Keyring.from_folder(folder), "vis_1", sealed) == "secret"


def test_lookups_stay_when_the_master_changes_and_a_visitors_own_go_with_their_key(
    database: Database, folder: Path
) -> None:
    keyring = Keyring.from_folder(folder)

    def own(ring: Keyring, visitor_id: str) -> str:
        return transactions.write(database, lambda s: ring.digest_of(s, visitor_id, "+44 20 7946 0018"))

    lookup, mine = keyring.digest("token"), own(keyring, "vis_1")
    assert mine != own(keyring, "vis_2") and mine != keyring.digest("+44 20 7946 0018")
    write_masters(folder, [SECOND, FIRST])
    again = Keyring.from_folder(folder)
    assert (again.digest("token"), own(again, "vis_1")) == (lookup, mine)
    transactions.write(database, lambda s: again.destroy(s, "vis_1"))
    with pytest.raises(KeyDestroyed):
        own(again, "vis_1")
