"""Verifies a segment of the log: up to 65,536 records, the tiles of the tree over them, the checkpoints that end there.

What follows from the records and what the stored tiles say are carried on side by side where they differ, so that
whoever knows the signed roots can tell whether a record was changed or the tree.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, TypeAlias

from bot.core.ids import now
from bot.transparency_log.checkpoint import CheckpointInvalid, Notes
from bot.transparency_log.leaf import header_bytes
from bot.transparency_log.merkle import leaf_hash, levels
from bot.transparency_log.record_check import Contents, well_formed
from bot.transparency_log.report import MAX_PROBLEMS, Findings, Problem
from bot.transparency_log.root_accumulator import RootAccumulator, peaks_of
from bot.transparency_log.snapshot import Snapshot, Undecodable
from bot.transparency_log.tiles import HASH, WIDTH

LENGTH = WIDTH * WIDTH
"""Leaves of a full segment: those under one tile of the second level."""
SLACK = timedelta(seconds=60)
"""How far clocks may be apart, and how long a record may wait for its seal."""
UNKNOWN = bytes(HASH)
"""Stands for the hash of a leaf that nobody has any more."""
Tops: TypeAlias = tuple[RootAccumulator, list[bytes]]

COLUMNS = """d.leaf_index, d.id, {at}, d.kind, d.conversation_id, d.visitor_id, d.turn_id, d.intent, d.confidence,
d.outcome, d.language, d.model, d.commitment"""
CONTENT = """p.visitor_id, p.payload_sealed, k.wrapped FROM decision d
LEFT JOIN decision_payload p ON p.decision_id = d.id LEFT JOIN visitor_key k ON k.visitor_id = p.visitor_id"""


@dataclass(frozen=True)
class Awaited:
    """A checkpoint to compare with; one of the database's own with the moment it has there."""

    label: str
    size: int
    root: bytes
    at: str = ""


@dataclass(frozen=True)
class Signed:
    """A checkpoint that ends in a segment, and what the segment adds to the root of its size."""

    checkpoint: Awaited
    by_records: bytes
    by_tree: bytes


@dataclass
class Segment:
    """What was found between the leaves `first` (included) and `end` (not). Moments are text as in a header."""

    first: int
    end: int
    findings: Findings = field(default_factory=Findings)
    erased: int = 0
    checkpoints: int = 0
    signed: list[Signed] = field(default_factory=list)
    strangers: list[tuple[int, str]] = field(default_factory=list)
    """Leaves that are not what the tree says (the first hundred), with the ids of the records that stand there."""
    stranger_count: int = 0
    by_records: bytes = b""
    by_tree: bytes = b""
    oldest: str = ""
    newest: str = ""


class SegmentVerifier:
    """Reads one segment within a snapshot.

    Args:
        masters: the operator's keys.
        awaited: further checkpoints to compare with.
    """

    def __init__(
        self,
        snapshot: Snapshot,
        notes: Notes,
        masters: Sequence[bytes],
        first: int,
        end: int,
        awaited: Sequence[Awaited] = (),
    ) -> None:
        self._snapshot = snapshot
        self._notes = notes
        self._contents = Contents(masters, _erased(snapshot))
        self._found = Segment(first, end)
        self._next = first
        self._hashes: list[bytes] = []
        self._ids: list[str] = []
        self._stamps: list[str] = []
        self._records: Tops = (RootAccumulator(), [])
        self._tree: Tops = (RootAccumulator(), [])
        self._rest: tuple[list[bytes], list[bytes]] = ([], [])
        self._tiles = {
            number: bytes(hashes) for number, hashes in self._rows_of_tiles(0, first // WIDTH, -(-end // WIDTH))
        }
        self._awaited = sorted([*awaited, *self._stored_checkpoints()], key=lambda one: -one.size)

    def read(self) -> Segment:
        """Read it all, once."""
        found = self._found
        for row in self._rows():
            if row[0] == self._next or self._placed(row):
                self._take(row)
        while self._next < found.end:
            self._missing()
        self._close()
        self._upper_tile()
        found.by_records, found.by_tree = self._records[0].root(self._rest[0]), self._tree[0].root(self._rest[1])
        found.erased = self._contents.absent
        return found

    # Records.

    def _rows(self) -> Iterator[tuple[Any, ...]]:
        try:
            yield from self._snapshot.strict_rows(self._query())
        except Undecodable:
            yield from self._snapshot.rows(self._query())

    def _query(self) -> str:
        """All that has not been read yet."""
        columns = COLUMNS.format(at=self._snapshot.iso("d.at"))
        where = f"d.leaf_index >= {self._next} AND d.leaf_index < {self._found.end}"
        return f"SELECT {columns}, {CONTENT} WHERE {where} ORDER BY d.leaf_index"

    def _placed(self, row: tuple[Any, ...]) -> bool:
        """Whether the row stands further on: then those between are missing."""
        index = row[0]
        if not isinstance(index, int) or index < self._next:
            self._found.findings.add(Problem("misplaced", int(index), str(row[1])))
            return False
        while self._next < index:
            self._missing()
        return True

    def _take(self, row: tuple[Any, ...]) -> None:
        fields = row[1:13]
        try:
            header = header_bytes(fields)
        except (TypeError, ValueError):
            header = b""
        fault = self._contents.fault(fields, *row[13:]) if well_formed(header) else "malformed"
        if fault:
            self._found.findings.add(Problem(fault, self._next, str(row[1])))
        self._add(leaf_hash(hashlib.sha256(header).digest()), str(row[1]), str(row[2]))

    def _missing(self) -> None:
        self._found.findings.add(Problem("missing", self._next))
        start = self._next % WIDTH * HASH
        stored = self._tiles.get(self._next // WIDTH, b"")[start : start + HASH]
        self._add(stored if len(stored) == HASH else UNKNOWN, "", "")

    def _add(self, leaf: bytes, decision_id: str, stamp: str) -> None:
        self._hashes.append(leaf)
        self._ids.append(decision_id)
        self._stamps.append(stamp)
        self._next += 1
        if self._next % WIDTH == 0:
            self._close()

    # The tree over each 256 of them.

    def _close(self) -> None:
        if not self._hashes:
            return
        first = self._next - len(self._hashes)
        by_records = by_tree = levels(self._hashes)
        strange: set[int] = set()
        if self._tiles.get(first // WIDTH) != b"".join(self._hashes):
            stored, strange = self._compare(first)
            by_tree = levels(stored)
        self._date(first, strange)
        self._sign(first, by_records, by_tree, sound=not strange)
        if len(self._hashes) == WIDTH:
            for (peaks, groups), rows in ((self._records, by_records), (self._tree, by_tree)):
                peaks.add(len(rows) - 1, rows[-1][0])
                groups.append(rows[-1][0])
        else:
            self._rest = (peaks_of(by_records, len(self._hashes)), peaks_of(by_tree, len(self._hashes)))
        self._hashes, self._ids, self._stamps = [], [], []

    def _compare(self, first: int) -> tuple[list[bytes], set[int]]:
        """The leaf hashes by the stored tile, and the places (from 0) of those that are others by the records."""
        number, count = first // WIDTH, len(self._hashes)
        tile = self._tiles.get(number)
        if tile is None or len(tile) != count * HASH:
            code = "tile_missing" if tile is None else "tile_altered"
            self._found.findings.add(Problem(code, first, about=f"tile 0/{number}"))
        stored = [(tile or b"")[at * HASH : (at + 1) * HASH] for at in range(count)]
        stored = [one if len(one) == HASH else known for one, known in zip(stored, self._hashes, strict=True)]
        strange = {at for at in range(count) if stored[at] != self._hashes[at]}
        self._found.stranger_count += len(strange)
        for at in sorted(strange)[: MAX_PROBLEMS - len(self._found.strangers)]:
            self._found.strangers.append((first + at, self._ids[at]))
        return stored, strange

    def _upper_tile(self) -> None:
        """The tile of the second level holds the root of each full 256."""
        count = len(self._records[1])
        if not count:
            return
        number = self._found.first // LENGTH
        row = next(self._rows_of_tiles(1, number, number + 1), None)
        check_tile(self._found.findings, 1, number, bytes(row[1]) if row else None, self._records[1], self._tree[1])

    # Moments and checkpoints.

    def _date(self, first: int, strange: set[int]) -> None:
        """No record is dated long before one that was sealed earlier. What is altered anyway does not count."""
        found, stamps = self._found, self._stamps
        if not strange and stamps[0] >= found.newest and all(map(str.__le__, stamps, stamps[1:])):
            found.oldest = found.oldest or stamps[0]
            found.newest = stamps[-1]
            return
        for at, stamp in enumerate(stamps):
            if at in strange or not self._ids[at]:
                continue
            found.oldest = min(found.oldest or stamp, stamp)
            if stamp >= found.newest:
                found.newest = stamp
            elif long_before(stamp, found.newest):
                found.findings.add(Problem("back_dated", first + at, self._ids[at]))

    def _sign(self, first: int, by_records: list[list[bytes]], by_tree: list[list[bytes]], sound: bool) -> None:
        """What this adds to each checkpoint that ends here."""
        while self._awaited and self._awaited[-1].size <= self._next:
            signed = self._awaited.pop()
            count = signed.size - first
            roots = [
                peaks.root(peaks_of(rows, count))
                for peaks, rows in ((self._records[0], by_records), (self._tree[0], by_tree))
            ]
            self._found.signed.append(Signed(signed, *roots))
            if sound and signed.at and long_before(signed.at, max(self._stamps[:count])):
                self._found.findings.add(Problem("checkpoint_late", signed.size - 1, about=signed.label))

    def _stored_checkpoints(self) -> list[Awaited]:
        """The stored checkpoints that end in this segment, as far as they are as they were signed."""
        found, whole, before = self._found, [], ""
        at = self._snapshot.iso("at")
        rows = self._snapshot.rows(
            f"SELECT size, root, note, {at} FROM log_checkpoint WHERE size <= {found.end} AND size >= "
            f"coalesce((SELECT max(size) FROM log_checkpoint WHERE size <= {found.first}), 0) ORDER BY size"
        )
        for size, root, note, stamp in rows:
            late, before = long_before(str(stamp), before), max(before, str(stamp))
            if size <= found.first:
                continue
            label = f"Checkpoint {size}"
            try:
                signed = self._notes.stored(size, root, note)
            except CheckpointInvalid:
                found.findings.add(Problem("checkpoint_altered", size - 1, about=label))
                continue
            found.checkpoints += 1
            whole.append(Awaited(label, size, signed.root, str(stamp)))
            if late:
                found.findings.add(Problem("checkpoint_late", size - 1, about=label))
        return whole

    def _rows_of_tiles(self, level: int, first: int, end: int) -> Any:
        return self._snapshot.rows(
            f"SELECT number, hashes FROM log_tile WHERE level = {level} AND number >= {first} AND number < {end}"
        )


def check_tile(
    findings: Findings, level: int, number: int, tile: bytes | None, by_records: list[bytes], by_tree: list[bytes]
) -> None:
    """A tile above the lowest holds the roots over the tiles below, be they made from the records or the tree."""
    span = WIDTH**level
    about, first = f"tile {level}/{number}", number * WIDTH * span
    if tile is None:
        findings.add(Problem("tile_missing", first, about=about))
        return
    entries = [tile[at * HASH : (at + 1) * HASH] for at in range(-(-len(tile) // HASH))]
    known = list(zip(by_records, by_tree, strict=True))
    bad = [at for at, (entry, fits) in enumerate(zip(entries, known, strict=False)) if entry not in fits]
    if len(entries) != len(known):
        bad.append(min(len(entries), len(known)))
    if bad:
        findings.add(Problem("tile_altered", first + bad[0] * span, about=about))


def long_before(stamp: str, other: str) -> bool:
    """Whether a moment lies more than `SLACK` before another one; no moment at all lies before everything."""
    if stamp >= other:
        return False
    try:
        return datetime.fromisoformat(stamp) < datetime.fromisoformat(other) - SLACK
    except ValueError:
        return True


def _erased(snapshot: Snapshot) -> dict[str, bool]:
    """The visitors whose erasure is on record, and whether it was recorded more than a minute ago."""
    settled = snapshot.moment(now() - SLACK)
    query = f"SELECT visitor_id, at < {settled} FROM decision WHERE kind = 'erasure'"
    return {visitor: bool(ago) for visitor, ago in snapshot.rows(query)}
