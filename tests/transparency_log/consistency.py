"""Proofs that a tree is a prefix of a larger one, as anybody can make them from our tiles (RFC 9162, 2.1.4)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bot.transparency_log.merkle import Node, node_hash, range_root, split


def consistency_proof(first: int, second: int, node: Node) -> list[bytes]:
    """The proof that the tree of `first` leaves is a prefix of that of `second` (RFC 9162, 2.1.4.1)."""
    if not 0 < first <= second:
        raise ValueError("The first tree has to be the smaller one, and not empty.")
    return list(_subproof(first, 0, second, node, whole=True))


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


def _subproof(first: int, start: int, end: int, node: Node, *, whole: bool) -> Iterator[bytes]:
    """`first` counts from `start`; `whole` while the first tree is the whole subtree under proof."""
    if start + first == end:
        if not whole:
            yield range_root(start, end, node)
        return
    middle = start + split(end - start)
    if start + first <= middle:
        yield from _subproof(first, start, middle, node, whole=whole)
        yield range_root(middle, end, node)
    else:
        yield from _subproof(start + first - middle, middle, end, node, whole=False)
        yield range_root(start, middle, node)
