"""Trees for tests, held in memory, and what somebody else's code (tamperlog) says of them."""

from __future__ import annotations

from collections.abc import Sequence

import tamperlog

from bot.transparency_log import merkle
from bot.transparency_log.merkle import Node


def leaves_of(count: int) -> list[bytes]:
    """So many leaf hashes, all different."""
    return [tamperlog.hash_leaf(f"leaf {number}".encode()) for number in range(count)]


def node_of(leaves: Sequence[bytes]) -> Node:
    """The full nodes over these leaf hashes."""
    rows = [list(leaves)]
    while len(rows[-1]) > 1:
        row = rows[-1]
        rows.append([merkle.node_hash(row[i], row[i + 1]) for i in range(0, len(row) - 1, 2)])
    return lambda level, number: rows[level][number]


def accepted_inclusion(index: int, size: int, leaf: bytes, proof: Sequence[bytes], root: bytes) -> bool:
    """Whether the others take this proof."""
    try:
        tamperlog.verify_inclusion(index, size, leaf, list(proof), root)
    except tamperlog.ProofError:
        return False
    return True


def accepted_consistency(
    first: int, first_root: bytes, second: int, second_root: bytes, proof: Sequence[bytes]
) -> bool:
    """Whether the others take this proof."""
    try:
        tamperlog.verify_consistency(first, first_root, second, second_root, list(proof))
    except tamperlog.ProofError:
        return False
    return True
