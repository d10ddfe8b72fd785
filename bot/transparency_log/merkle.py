"""The Merkle tree of RFC 6962 and its proofs (RFC 9162, 2.1), over whatever can give the hash of a node.

A node is named by its level (0: leaves) and its number in that level; it stands for 2**level leaves and never changes
once it is full, so that a tree that grows costs a few hashes for each leaf, however large it is.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from typing import TypeAlias

Node: TypeAlias = Callable[[int, int], bytes]
"""The hash of the full node (level, number)."""

EMPTY_ROOT = hashlib.sha256(b"").digest()


def leaf_hash(data: bytes) -> bytes:
    """SHA-256(0x00 ‖ data)."""
    return hashlib.sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """SHA-256(0x01 ‖ left ‖ right)."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def fold(hashes: Sequence[bytes]) -> bytes:
    """The root over a full row of nodes: 1, 2, 4, 8 … of them."""
    return levels(hashes)[-1][0]


def levels(leaves: Sequence[bytes]) -> list[list[bytes]]:
    """All full nodes over these hashes, level by level from the leaves up."""
    rows = [list(leaves)]
    while len(row := rows[-1]) > 1:
        rows.append([node_hash(row[i], row[i + 1]) for i in range(0, len(row) - 1, 2)])
    return rows


def root(size: int, node: Node) -> bytes:
    """The root of the tree of the first `size` leaves."""
    return EMPTY_ROOT if size == 0 else _range_root(0, size, node)


def inclusion_proof(index: int, size: int, node: Node) -> list[bytes]:
    """The audit path of leaf `index` in the tree of `size` leaves, from the leaf upwards (RFC 9162, 2.1.3.1)."""
    if not 0 <= index < size:
        raise ValueError("There is no such leaf in this tree.")
    return list(_path(index, 0, size, node))


def consistency_proof(first: int, second: int, node: Node) -> list[bytes]:
    """The proof that the tree of `first` leaves is a prefix of that of `second` (RFC 9162, 2.1.4.1)."""
    if not 0 < first <= second:
        raise ValueError("The first tree has to be the smaller one, and not empty.")
    return list(_subproof(first, 0, second, node, whole=True))


def verify_inclusion(index: int, size: int, leaf: bytes, proof: Sequence[bytes], expected: bytes) -> bool:
    """Whether `proof` leads from `leaf` (its hash) at `index` to the root `expected` (RFC 9162, 2.1.3.2)."""
    if not 0 <= index < size:
        return False
    number, last, found = index, size - 1, leaf
    for sibling in proof:
        if last == 0:
            return False
        if number & 1 or number == last:
            found = node_hash(sibling, found)
            while not number & 1 and number:
                number, last = number >> 1, last >> 1
        else:
            found = node_hash(found, sibling)
        number, last = number >> 1, last >> 1
    return last == 0 and found == expected


def verify_consistency(first: int, first_root: bytes, second: int, second_root: bytes, proof: Sequence[bytes]) -> bool:
    """Whether `proof` shows that the first tree is a prefix of the second (RFC 9162, 2.1.4.2)."""
    if first == second:
        return not proof and first_root == second_root
    if not 0 < first < second or not proof:
        return False
    path = [first_root, *proof] if first & (first - 1) == 0 else list(proof)
    number, last = first - 1, second - 1
    while number & 1:
        number, last = number >> 1, last >> 1
    old = new = path[0]
    for sibling in path[1:]:
        if last == 0:
            return False
        if number & 1 or number == last:
            old, new = node_hash(sibling, old), node_hash(sibling, new)
            while not number & 1 and number:
                number, last = number >> 1, last >> 1
        else:
            new = node_hash(new, sibling)
        number, last = number >> 1, last >> 1
    return last == 0 and old == first_root and new == second_root


def _split(size: int) -> int:
    """The largest power of two below `size`."""
    return 1 << ((size - 1).bit_length() - 1)


def _range_root(start: int, end: int, node: Node) -> bytes:
    size = end - start
    if size & (size - 1) == 0:
        level = size.bit_length() - 1
        return node(level, start >> level)
    middle = start + _split(size)
    return node_hash(_range_root(start, middle, node), _range_root(middle, end, node))


def _path(index: int, start: int, end: int, node: Node) -> Iterator[bytes]:
    if end - start == 1:
        return
    middle = start + _split(end - start)
    if index < middle:
        yield from _path(index, start, middle, node)
        yield _range_root(middle, end, node)
    else:
        yield from _path(index, middle, end, node)
        yield _range_root(start, middle, node)


def _subproof(first: int, start: int, end: int, node: Node, *, whole: bool) -> Iterator[bytes]:
    """`first` counts from `start`; `whole` while the first tree is the whole subtree under proof."""
    if start + first == end:
        if not whole:
            yield _range_root(start, end, node)
        return
    middle = start + _split(end - start)
    if start + first <= middle:
        yield from _subproof(first, start, middle, node, whole=whole)
        yield _range_root(middle, end, node)
    else:
        yield from _subproof(start + first - middle, middle, end, node, whole=False)
        yield _range_root(start, middle, node)
