"""Every proof of every tree of 1 to 1,000 leaves, and a tree of a million, checked by others' code (tamperlog)."""

from __future__ import annotations

import random

import pytest
import tamperlog
from sqlalchemy.orm import Session

from bot.db import Database
from bot.transparency_log import merkle
from bot.transparency_log.tiles import Tree
from tests import transactions
from tests.transparency_log.consistency import consistency_proof
from tests.transparency_log.trees import accepted_consistency, accepted_inclusion, leaves_of, node_of

pytestmark = pytest.mark.long
MILLION = 1_000_000


def test_each_of_the_million_proofs_in_trees_of_1_to_1000_leaves_is_taken_by_others() -> None:
    leaves = leaves_of(1000)
    node = node_of(leaves)
    roots = [merkle.root(size, node) for size in range(1001)]
    for size in range(1, 1001):
        for index in range(size):
            proof = merkle.inclusion_proof(index, size, node)
            assert accepted_inclusion(index, size, leaves[index], proof, roots[size])
            first = index + 1
            proof = consistency_proof(first, size, node)
            assert accepted_consistency(first, roots[first], size, roots[size], proof)


def test_a_tree_of_a_million_leaves_in_the_database_is_the_others_tree(database: Database) -> None:
    dice, leaves, roots = random.Random(6962), leaves_of(MILLION), {}
    size = 0
    while size < MILLION:
        part = leaves[size : size + dice.choice((1, 255, 4095, 4096))]

        def append(session: Session, size: int = size, part: list[bytes] = part) -> bytes:
            tree = Tree(session, size)
            tree.append(part)
            return tree.root()

        root = transactions.write(database, append)
        size += len(part)
        roots[size] = root
    assert roots[MILLION] == tamperlog.merkle_root(leaves)

    def check(session: Session) -> None:
        tree = Tree(session, MILLION)
        for index in [0, 65_535, 65_536, MILLION - 1, *dice.sample(range(MILLION), 500)]:
            assert accepted_inclusion(index, MILLION, leaves[index], tree.inclusion(index), roots[MILLION])
        for first, root in roots.items():
            assert accepted_consistency(
                first, root, MILLION, roots[MILLION], consistency_proof(first, MILLION, tree.node)
            )
        for first in dice.sample(list(roots), 5):
            assert roots[first] == tamperlog.merkle_root(leaves[:first])

    transactions.read(database, check)
