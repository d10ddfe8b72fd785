"""The log's tree as it lies in the database: tiles of 256 hashes, as in C2SP tlog-tiles."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy.orm import Session

from bot.db.models import LogTileRow
from bot.transparency_log import merkle, repository

HASH = 32
"""Bytes of a hash."""
WIDTH = 256
"""Hashes in a full tile."""
HEIGHT = 8
"""Levels of the tree that a tile spans."""


class Tree:
    """The tree within one transaction. Reads a few tiles, however large the log is."""

    def __init__(self, session: Session, size: int) -> None:
        self._session = session
        self._tiles: dict[tuple[int, int], LogTileRow] = {}
        self.size = size

    def append(self, leaves: Sequence[bytes]) -> None:
        """Add leaf hashes at the end. Each tile that is filled gives one hash to the tile above.

        Raises:
            LookupError: a tile is missing or too short.
        """
        self._extend(0, self.size, leaves)
        self.size += len(leaves)

    def root(self, size: int | None = None) -> bytes:
        """The root, now or at an earlier size; raises as `node`, like the one below."""
        return merkle.root(self.size if size is None else size, self.node)

    def inclusion(self, index: int) -> list[bytes]:
        """The audit path of a leaf in the tree as it is now."""
        return merkle.inclusion_proof(index, self.size, self.node)

    def node(self, level: int, number: int) -> bytes:
        """The hash of a full node.

        Raises:
            LookupError: the tile that holds it is missing or too short.
        """
        height = level % HEIGHT
        first = (number << height) % WIDTH
        row = self._tile(level // HEIGHT, (number << height) // WIDTH)
        span = row.hashes[first * HASH : (first + (1 << height)) * HASH] if row is not None else b""
        if len(span) != HASH << height:
            raise LookupError("The log's tree lacks a tile.")
        return _root(span)

    def _extend(self, level: int, count: int, hashes: Sequence[bytes]) -> None:
        """Add `hashes` to a tile level that holds `count`."""
        filled: list[bytes] = []
        first_filled, at = count // WIDTH, 0
        while at < len(hashes):
            number, taken = divmod(count + at, WIDTH)
            part = hashes[at : at + WIDTH - taken]
            row = self._tile(level, number) or repository.add_tile(self._session, level, number)
            self._tiles[level, number] = row
            if len(row.hashes) < taken * HASH:
                raise LookupError("The log's tree lacks a tile.")
            row.hashes = row.hashes[: taken * HASH] + b"".join(part)
            at += len(part)
            if taken + len(part) == WIDTH:
                filled.append(_root(row.hashes))
        if filled:
            self._extend(level + 1, first_filled, filled)

    def _tile(self, level: int, number: int) -> LogTileRow | None:
        row = self._tiles.get((level, number)) or repository.tile(self._session, level, number)
        if row is not None:
            self._tiles[level, number] = row
        return row


def _root(hashes: bytes) -> bytes:
    """The root over a full row of nodes."""
    return merkle.fold([hashes[i : i + HASH] for i in range(0, len(hashes), HASH)])
