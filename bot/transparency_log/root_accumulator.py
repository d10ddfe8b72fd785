"""A tree's root, from left to right and with a handful of hashes: for whoever reads a log once from its start."""

from __future__ import annotations

from collections.abc import Sequence

from bot.transparency_log.merkle import EMPTY_ROOT, node_hash


class RootAccumulator:
    """The full subtrees that the leaves so far make, the largest first."""

    def __init__(self) -> None:
        self._peaks: list[tuple[int, bytes]] = []

    def add(self, height: int, node: bytes) -> None:
        """Add a full subtree of 2**height leaves; the leaves so far have to be a multiple of that."""
        while self._peaks and self._peaks[-1][0] == height:
            node = node_hash(self._peaks.pop()[1], node)
            height += 1
        self._peaks.append((height, node))

    def root(self, tail: Sequence[bytes] = ()) -> bytes:
        """The root over the leaves so far and the smaller subtrees in `tail`."""
        nodes = [node for _, node in self._peaks]
        nodes += tail
        if not nodes:
            return EMPTY_ROOT
        found = nodes.pop()
        while nodes:
            found = node_hash(nodes.pop(), found)
        return found


def peaks_of(rows: Sequence[Sequence[bytes]], count: int) -> list[bytes]:
    """The full subtrees over the first `count` leaves of `levels`, the largest first."""
    found, offset = [], 0
    for height in range(count.bit_length() - 1, -1, -1):
        if count >> height & 1:
            found.append(rows[height][offset >> height])
            offset += 1 << height
    return found
