"""The tree as it lies in the database: however it grows, its roots, proofs and tiles are those that others compute."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence

import pytest
import tamperlog
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from bot.db import Database
from bot.db.models import LogTileRow
from bot.transparency_log import merkle
from bot.transparency_log.tiles import HASH, Tree
from tests import transactions
from tests.transparency_log.consistency import consistency_proof
from tests.transparency_log.trees import accepted_consistency, accepted_inclusion, leaves_of

LEAVES = leaves_of(1700)
BATCHES = {
    "one by one": (1,),
    "odd": (3, 1, 7, 61, 2, 127, 255, 5),
    "around a tile": (255, 1, 256, 257, 511, 2),
    "all at once": (1700,),
}


def grow(database: Database, leaves: Sequence[bytes], sizes: Sequence[int]) -> Iterator[int]:
    """Append `leaves` in batches of these sizes, again and again, each in its own transaction; the size after each."""
    size = 0
    for step in itertools.cycle(sizes):
        part = leaves[size : size + step]
        if not part:
            return
        transactions.write(database, lambda s, at=size, part=part: Tree(s, at).append(part))
        size += len(part)
        yield size


@pytest.mark.parametrize("way", BATCHES)
def test_however_it_grows_its_roots_and_proofs_are_taken_by_others(any_database: Database, way: str) -> None:
    total = 289 if way == "one by one" else len(LEAVES)
    roots = {0: merkle.EMPTY_ROOT}
    for size in grow(any_database, LEAVES[:total], BATCHES[way]):
        if way == "one by one" and size % 16 not in (0, 1):
            continue

        def check(session: Session, size: int = size) -> None:
            tree = Tree(session, size)
            roots[size] = tree.root()
            assert roots[size] == tamperlog.merkle_root(LEAVES[:size])
            for index in {0, size // 3, size - 1}:
                assert accepted_inclusion(index, size, LEAVES[index], tree.inclusion(index), roots[size])
            for first in list(roots)[1::7]:
                assert tree.root(first) == roots[first]
                proof = consistency_proof(first, tree.size, tree.node)
                assert accepted_consistency(first, roots[first], size, roots[size], proof)

        transactions.read(any_database, check)
    assert total in roots


def test_a_tree_of_70000_leaves_has_the_tiles_that_the_specification_names(database: Database) -> None:
    """The example in C2SP tlog-tiles."""
    leaves = leaves_of(70_000)
    assert list(grow(database, leaves, (4096, 4095, 1)))[-1] == 70_000
    tiles = {
        (row.level, row.number): row.hashes
        for row in transactions.read(database, lambda s: s.scalars(select(LogTileRow)).all())
    }
    widths = {place: len(hashes) // HASH for place, hashes in tiles.items()}
    assert widths == {
        **{(0, number): 256 for number in range(273)},
        (0, 273): 112,
        (1, 0): 256,
        (1, 1): 17,
        (2, 0): 1,
    }
    assert b"".join(tiles[0, number] for number in range(274)) == b"".join(leaves)
    assert tiles[1, 0][:HASH] == tamperlog.merkle_root(leaves[:256])
    assert tiles[2, 0] == tamperlog.merkle_root(leaves[:65_536])
    assert transactions.read(database, lambda s: Tree(s, 70_000).root()) == tamperlog.merkle_root(leaves)


def test_appending_reads_few_tiles_however_large_the_tree_is(database: Database) -> None:
    assert list(grow(database, leaves_of(70_000), (4096,)))

    def touched(session: Session) -> int:
        tree = Tree(session, 70_000)
        tree.append(LEAVES[:3])
        tree.root()
        return len([row for row in session.identity_map.values() if isinstance(row, LogTileRow)])

    assert transactions.write(database, touched) == 3


@pytest.mark.parametrize("damage", ["short", "gone"])
def test_a_tile_that_is_short_or_gone_is_told_and_nothing_is_put_in_its_place(database: Database, damage: str) -> None:
    assert list(grow(database, LEAVES[:300], (300,)))

    def break_it(session: Session) -> None:
        row = session.get_one(LogTileRow, (0, 1))
        if damage == "gone":
            session.delete(row)
        else:
            session.execute(update(LogTileRow).where(LogTileRow.number == 1).values(hashes=row.hashes[:-1]))

    transactions.write(database, break_it)
    with pytest.raises(LookupError):
        transactions.write(database, lambda s: Tree(s, 300).root())
    with pytest.raises(LookupError):
        transactions.write(database, lambda s: Tree(s, 300).append(LEAVES[300:310]))
    with pytest.raises(LookupError):
        transactions.write(database, lambda s: Tree(s, 300).inclusion(7))
    assert len(transactions.read(database, lambda s: s.scalars(select(LogTileRow)).all())) == (
        2 if damage == "gone" else 3
    )
