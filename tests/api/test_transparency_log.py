"""The log's public door over real HTTP: what anybody may mirror and check, laid out as C2SP tlog-tiles says."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import requests
import tamperlog
from sqlalchemy import update

from bot.api.transparency_log import router
from bot.core.settings import ROOT
from bot.db.models import DecisionRow
from bot.transparency_log.checkpoint import Checkpoint, Verifier
from tests.http import serve
from tests.parts import Parts, make_app, make_parts
from tests.transparency_log.records import leaves, sealed, write

RECORDS = 600


@dataclass
class Log:
    """A log and its address."""

    base: str
    parts: Parts

    def get(self, path: str) -> requests.Response:
        return requests.get(f"{self.base}/log/{path}", timeout=20)

    def tile(self, path: str) -> bytes:
        answer = self.get(f"tile/{path}")
        assert answer.status_code == 200, answer.text
        assert answer.headers["Content-Type"] == "application/octet-stream"
        assert "immutable" in answer.headers["Cache-Control"]
        return answer.content

    def checkpoint(self) -> Checkpoint:
        return Verifier(self.get("key").text).open(self.get("checkpoint").text)


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Log]:
    """600 sealed records, and one that waits."""
    with make_parts(tmp_path_factory.mktemp("log")) as parts, serve(lambda: make_app(parts, router)) as base:
        for count in (1, 255, 344):
            write(parts.database, count, seed=count)
            parts.write(parts.sequencer.seal)
        write(parts.database, 1, seed=7)
        yield Log(base, parts)


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[Log]:
    with make_parts(tmp_path) as parts, serve(lambda: make_app(parts, router)) as base:
        yield Log(base, parts)


def test_the_checkpoint_is_the_newest_signed_note(log: Log) -> None:
    answer = log.get("checkpoint")
    assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert answer.headers["Cache-Control"] == "no-cache"
    assert log.checkpoint().size == RECORDS
    assert log.checkpoint().origin == log.parts.settings.log_origin


def test_a_stranger_can_rebuild_the_root_from_tiles_alone(log: Log) -> None:
    """With others' code, nothing but HTTP and the tiles that a tree of this size has."""
    signed = log.checkpoint()
    hashes = b"".join(log.tile(path) for path in ("0/000", "0/001", "0/002.p/88"))
    rebuilt = [hashes[at : at + 32] for at in range(0, len(hashes), 32)]
    assert len(rebuilt) == signed.size
    assert tamperlog.merkle_root(rebuilt) == signed.root
    above = log.tile("1/000.p/2")
    assert above == tamperlog.merkle_root(rebuilt[:256]) + tamperlog.merkle_root(rebuilt[256:512])


def test_entries_hash_to_the_lowest_tiles_and_tell_nothing_else(log: Log) -> None:
    found: list[bytes] = []
    for path in ("000", "001", "002.p/88"):
        bundle = log.tile(f"entries/{path}")
        while bundle:
            length = int.from_bytes(bundle[:2])
            found.append(bundle[2 : 2 + length])
            bundle = bundle[2 + length :]
    assert [len(entry) for entry in found] == [32] * RECORDS
    assert tamperlog.merkle_root([tamperlog.hash_leaf(entry) for entry in found]) == log.checkpoint().root
    assert [tamperlog.hash_leaf(entry) for entry in found] == leaves(sealed(log.parts.database))


def test_every_checkpoint_that_was_signed_has_its_partial_tiles(log: Log) -> None:
    whole = log.tile("0/000")
    assert log.tile("0/000.p/1") == whole[:32]
    assert log.tile("0/002.p/5") == log.tile("0/002.p/88")[: 5 * 32]
    assert log.tile("1/000.p/1") == log.tile("1/000.p/2")[:32]
    assert log.tile("entries/000.p/1") == log.tile("entries/000")[:34]


@pytest.mark.parametrize(
    "path",
    [
        "tile/0/002",
        "tile/0/002.p/89",
        "tile/0/003",
        "tile/0/003.p/1",
        "tile/1/000",
        "tile/1/000.p/3",
        "tile/2/000.p/1",
        "tile/63/000",
        "tile/0/x001/000",
        "tile/0/x001/x234/067",
        "tile/entries/002",
        "tile/entries/002.p/89",
        "tile/entries/003.p/1",
    ],
)
def test_what_the_log_does_not_have_yet_is_not_found(log: Log, path: str) -> None:
    refused(log, path)


@pytest.mark.parametrize(
    "path",
    [
        "tile/0/0",
        "tile/0/1",
        "tile/0/x000/000",
        "tile/0/000.p/0",
        "tile/0/000.p/01",
        "tile/0/000.p/256",
        "tile/0/000.p/",
        "tile/0/000.p/1.p/1",
        "tile/0/000.p/٣",
        "tile/0/000/",
        "tile/0/00٠",
        "tile/0/-01",
        "tile/00/000",
        "tile/+0/000",
        "tile/-1/000",
        "tile/64/000",
        "tile/٠/000",
        "tile/0.0/000",
        "tile/99999999999999999999/000",
        "tile/0/" + "x999/" * 12 + "999",
        "tile/entries/" + "x999/" * 12 + "999",
        "tile/entries/0",
        "tile/entries/000.p/256",
        "tile/%00/000",
        "tile/0/%00",
        "tile",
        "tile/0",
        "nothing",
    ],
)
def test_what_is_no_tiles_address_is_not_found(log: Log, path: str) -> None:
    """Each tile has one address, and none makes the gateway stumble."""
    refused(log, path)


def refused(log: Log, path: str) -> None:
    answer = log.get(path)
    assert answer.status_code == 404
    assert answer.headers["Content-Type"] == "application/json"
    assert answer.json()["error"]["code"] == "not_found"
    assert "immutable" not in answer.headers.get("Cache-Control", "")


def test_an_empty_log_says_so(empty: Log) -> None:
    for path in ("checkpoint", "tile/0/000", "tile/0/000.p/1", "tile/entries/000.p/1"):
        refused(empty, path)
    assert Verifier(empty.get("key").text).name == empty.parts.settings.log_origin


def test_a_record_that_was_changed_no_longer_hashes_to_its_tile(empty: Log) -> None:
    write(empty.parts.database, 3)
    empty.parts.write(empty.parts.sequencer.seal)
    changed = sealed(empty.parts.database)[1].id
    empty.parts.write(lambda s: s.execute(update(DecisionRow).where(DecisionRow.id == changed).values(outcome="other")))
    entries, tile = empty.tile("entries/000.p/3"), empty.tile("0/000.p/3")
    same = [tamperlog.hash_leaf(entries[n * 34 + 2 : n * 34 + 34]) == tile[n * 32 : n * 32 + 32] for n in range(3)]
    assert same == [True, False, True]


def test_the_schema_is_served_as_it_is_published(log: Log) -> None:
    answer = log.get("schema")
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "application/schema+json"
    assert answer.json() == json.loads(
        (ROOT / "docs" / "reference" / "spec" / "decision-record.schema.json").read_text("utf-8")
    )
