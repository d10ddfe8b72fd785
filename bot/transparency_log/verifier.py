"""Verifies the whole log in a database: that nothing was changed, removed, re-ordered, back-dated or cut off.

Segments of 65,536 records are read one after the other, on large logs by several processes; memory stays the same.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from itertools import chain
from multiprocessing import get_context
from pathlib import Path

from bot.core.ids import now
from bot.transparency_log.checkpoint import CheckpointInvalid, Notes
from bot.transparency_log.completeness import check_completeness
from bot.transparency_log.merkle import fold
from bot.transparency_log.report import Problem, Report
from bot.transparency_log.root_accumulator import RootAccumulator
from bot.transparency_log.segment_verifier import (
    LENGTH,
    SLACK,
    Awaited,
    Segment,
    SegmentVerifier,
    Signed,
    check_tile,
    long_before,
)
from bot.transparency_log.sequencer import KEPT
from bot.transparency_log.snapshot import Snapshot
from bot.transparency_log.tiles import WIDTH

MAX_ALONE = 3
"""Full segments that one process reads by itself: starting others takes a second."""
KEPT_LABEL = "The checkpoint kept in the data folder"
Progress = Callable[[int, int], None]
"""Is told how many of how many records have been read."""


@dataclass(frozen=True)
class Log:
    """Where a log lies and what opens it.

    Args:
        address: the database's.
        kept: the file with the newest checkpoint, in the data folder.
        masters: the operator's keys.
        verifier_key: what checkpoints are signed with.
    """

    address: str
    kept: Path
    masters: tuple[bytes, ...]
    verifier_key: str


@dataclass(frozen=True)
class Given:
    """A checkpoint that somebody kept elsewhere: what it is called, and the signed note."""

    label: str
    note: str


def audit(log: Log, given: Sequence[Given] = (), progress: Progress = lambda done, size: None) -> Report:
    """Check integrity, as `verify`, and completeness, side by side. A gateway may be running meanwhile.

    Raises:
        DatabaseUnreadable: there is no log at this address.
    """
    start = time.monotonic()
    with ThreadPoolExecutor(1) as beside:
        completing = beside.submit(check_completeness, log.address)
        report = verify(log, given, progress)
        complete = completing.result()
    report.completeness, report.replies, report.turns = complete.completeness, complete.replies, complete.turns
    report.seconds = time.monotonic() - start
    return report


def verify(log: Log, given: Sequence[Given] = (), progress: Progress = lambda done, size: None) -> Report:
    """Check the log's integrity against its own checkpoints, the one in the data folder and those `given`.

    Raises:
        DatabaseUnreadable: there is no log at this address.
    """
    # Read before the snapshot is taken: what is kept was committed.
    kept = log.kept.read_text(encoding="utf-8", errors="replace") if log.kept.exists() else None
    with Snapshot(log.address) as snapshot:
        return _Verification(log, snapshot, kept, given, progress).run()


def read_segment(log: Log, awaited: Sequence[Awaited], bounds: tuple[int, int]) -> Segment:
    """Read one segment in a process of its own. Full segments never change, but by erasures."""
    with Snapshot(log.address) as snapshot:
        return SegmentVerifier(snapshot, Notes(log.verifier_key), log.masters, *bounds, _within(awaited, bounds)).read()


class _Verification:
    def __init__(
        self, log: Log, snapshot: Snapshot, kept: str | None, given: Sequence[Given], progress: Progress
    ) -> None:
        self._log = log
        self._snapshot = snapshot
        self._notes = Notes(log.verifier_key)
        self._progress = progress
        self._report = Report()
        self._found = self._report.integrity
        self._awaited = [*self._kept(kept), *(found for one in given for found in self._opened(one))]
        self._report.size = self._size()
        self._prefix = RootAccumulator()
        self._by_records: list[bytes] = []
        self._by_tree: list[bytes] = []
        self._newest = ""
        self._fitting = 0
        """The size up to which the signed roots fit."""
        self._broken = False

    def run(self) -> Report:
        size = self._report.size
        awaited = self._reachable()
        with self._segments(size, awaited) as segments:
            for segment in segments:
                self._take(segment)
                self._progress(segment.end, size)
        self._upper_tiles()
        self._strays()
        return self._report

    # What there is to compare with.

    def _kept(self, note: str | None) -> list[Awaited]:
        if note is not None:
            return self._opened(Given(KEPT_LABEL, note))
        self._report.remarks.append(
            f"There is no {KEPT} in the data folder: records cut off the log's end would not be missed. "
            "Compare with a checkpoint kept elsewhere (--against)."
        )
        return []

    def _opened(self, given: Given) -> list[Awaited]:
        try:
            signed = self._notes.open(given.note)
        except CheckpointInvalid:
            self._found.add(Problem("checkpoint_altered", about=given.label))
            return []
        return [Awaited(given.label, signed.size, signed.root)]

    def _size(self) -> int:
        """What the newest checkpoint signed; that in the data folder counts when its records are there at all."""
        stored = self._stored_size()
        others = max((one.size for one in self._awaited), default=0)
        beyond = self._snapshot.first(f"SELECT 1 FROM decision WHERE leaf_index >= {stored} LIMIT 1")
        if others <= stored or beyond is None:
            return stored
        if self._snapshot.first(f"SELECT 1 FROM log_checkpoint WHERE size = {others}") is None:
            self._found.add(Problem("checkpoint_missing", others - 1, about=f"Checkpoint {others}"))
        return others

    def _stored_size(self) -> int:
        for size, root, note in self._snapshot.rows("SELECT size, root, note FROM log_checkpoint ORDER BY size DESC"):
            try:
                return self._notes.stored(size, root, note).size
            except CheckpointInvalid:
                continue
        return 0

    def _reachable(self) -> list[Awaited]:
        size = self._report.size
        for one in self._awaited:
            if one.size > size:
                self._found.add(Problem("cut_off", size, about=one.label))
        return [one for one in self._awaited if 0 < one.size <= size]

    # The segments, in order.

    @contextmanager
    def _segments(self, size: int, awaited: list[Awaited]) -> Iterator[Iterator[Segment]]:
        full = [(at, at + LENGTH) for at in range(0, size - LENGTH + 1, LENGTH)]
        last = [(len(full) * LENGTH, size)] if size % LENGTH else []
        if len(full) < MAX_ALONE:
            yield (self._read(bounds, awaited) for bounds in [*full, *last])
            return
        with ProcessPoolExecutor(min(8, len(os.sched_getaffinity(0))), get_context("spawn")) as pool:
            elsewhere = pool.map(partial(read_segment, self._log, awaited), full)
            yield chain(elsewhere, (self._read(bounds, awaited) for bounds in last))

    def _read(self, bounds: tuple[int, int], awaited: list[Awaited]) -> Segment:
        """Read one segment within our own snapshot, as the last one has to be: it still grows."""
        within = _within(awaited, bounds)
        return SegmentVerifier(self._snapshot, self._notes, self._log.masters, *bounds, within).read()

    def _take(self, segment: Segment) -> None:
        """Put a segment to what came before it."""
        self._report.erased += segment.erased
        self._report.checkpoints += segment.checkpoints
        self._found.merge(segment.findings)
        self._back_dated(segment)
        by_tree = self._compare(segment)
        if segment.end % LENGTH == 0:
            self._prefix.add(LENGTH.bit_length() - 1, segment.by_tree if by_tree else segment.by_records)
            self._by_records.append(segment.by_records)
            self._by_tree.append(segment.by_tree)

    def _compare(self, segment: Segment) -> bool:
        """Compare with the signed roots. Gives whether the stored tree has to be believed rather than the records."""
        undecided, believe_tree = list(segment.strangers), True
        for signed in segment.signed:
            size = signed.checkpoint.size
            fits = [self._prefix.root([one]) == signed.checkpoint.root for one in (signed.by_records, signed.by_tree)]
            concerned = [one for one in undecided if one[0] < size]
            undecided = undecided[len(concerned) :]
            self._decide(concerned, only_tree=fits[0] and not fits[1])
            if any(fits):
                self._fitting, believe_tree = size, not fits[0]
            elif not concerned:
                self._differs(signed)
            self._broken = self._broken or not any(fits)
        self._decide(undecided, only_tree=False)
        more = segment.stranger_count - len(segment.strangers)
        if more:
            self._found.counts["altered"] += more
        return believe_tree

    def _decide(self, strangers: list[tuple[int, str]], *, only_tree: bool) -> None:
        """Records and tree are at odds at these leaves: which of them was changed?"""
        for index, decision_id in strangers:
            if only_tree:
                self._found.add(Problem("tile_altered", index, decision_id, f"tile 0/{index // WIDTH}"))
            else:
                self._found.add(Problem("altered", index, decision_id))

    def _differs(self, signed: Signed) -> None:
        """Neither records nor tree fit a signed root. After the first time that says nothing new."""
        if self._broken:
            return
        size = signed.checkpoint.size
        if not signed.checkpoint.at:
            self._found.add(Problem("checkpoint_differs", about=signed.checkpoint.label))
            return
        row = self._snapshot.first(f"SELECT leaf_index, id FROM decision WHERE leaf_index = {self._suspect(size)}")
        index, decision_id = row or (self._fitting, None)
        self._found.add(Problem("rewritten", int(index), decision_id and str(decision_id), f"leaf {size - 1}"))

    def _suspect(self, size: int) -> int:
        """The first leaf since the last root that fits whose content speaks against it; the first of them if none."""
        told = (
            one.leaf_index for one in self._found.problems if one.code in ("payload_contradicts", "payload_differs")
        )
        return min((at for at in told if at is not None and self._fitting <= at < size), default=self._fitting)

    def _back_dated(self, segment: Segment) -> None:
        """Whether a segment holds what is dated long before an earlier segment; within it that was looked for."""
        if segment.oldest and long_before(segment.oldest, self._newest) and not segment.findings.counts["back_dated"]:
            at = self._snapshot.iso("at")
            rows = self._snapshot.rows(
                f"SELECT leaf_index, id, {at} FROM decision WHERE leaf_index >= {segment.first} "
                f"AND leaf_index < {segment.end} ORDER BY leaf_index"
            )
            for index, decision_id, stamp in rows:
                if long_before(str(stamp), self._newest):
                    self._found.add(Problem("back_dated", index, str(decision_id)))
        self._newest = max(self._newest, segment.newest)

    # What belongs to no segment.

    def _upper_tiles(self) -> None:
        """The tiles of the third level and above, and tiles that no tree of this size has."""
        counts, by_records, by_tree = self._report.size, self._by_records, self._by_tree
        level = 0
        while counts:
            tiles = -(-counts // WIDTH)
            self._unknown_tiles(f"level = {level} AND (number < 0 OR number >= {tiles})")
            if level >= 2:
                by_records, by_tree = self._level(level, by_records, by_tree)
            counts //= WIDTH
            level += 1
        self._unknown_tiles(f"level < 0 OR level >= {level}")

    def _level(self, level: int, by_records: list[bytes], by_tree: list[bytes]) -> tuple[list[bytes], list[bytes]]:
        """Check the tiles of one level; the roots over each of the full ones."""
        above: tuple[list[bytes], list[bytes]] = ([], [])
        for at in range(0, len(by_records), WIDTH):
            parts = by_records[at : at + WIDTH], by_tree[at : at + WIDTH]
            number = at // WIDTH
            row = self._snapshot.first(f"SELECT hashes FROM log_tile WHERE level = {level} AND number = {number}")
            check_tile(self._found, level, number, bytes(row[0]) if row else None, *parts)
            if len(parts[0]) == WIDTH:
                for roots, part in zip(above, parts, strict=True):
                    roots.append(fold(part))
        return above

    def _unknown_tiles(self, condition: str) -> None:
        for level, number in self._snapshot.rows(f"SELECT level, number FROM log_tile WHERE {condition}"):
            self._found.add(Problem("tile_unknown", about=f"tile {level}/{number}"))

    def _strays(self) -> None:
        """Records at places that no checkpoint knows, or at none; checkpoints that are larger than the log."""
        size, moment = self._report.size, now()
        past, future = (self._snapshot.moment(at) for at in (moment - SLACK, moment + SLACK))
        self._records_that("unsigned", f"leaf_index >= {size}")
        self._records_that("misplaced", "leaf_index < 0")
        self._records_that("unsealed", f"leaf_index IS NULL AND at < {past}")
        self._records_that("post_dated", f"at > {future}")
        for (wrong,) in self._snapshot.rows(f"SELECT size FROM log_checkpoint WHERE size > {size} OR size <= 0"):
            self._found.add(Problem("checkpoint_altered", about=f"Checkpoint {wrong}"))
        for (late,) in self._snapshot.rows(f"SELECT size FROM log_checkpoint WHERE at > {future}"):
            self._found.add(Problem("checkpoint_post_dated", about=f"Checkpoint {late}"))

    def _records_that(self, code: str, condition: str) -> None:
        for index, decision_id in self._snapshot.rows(f"SELECT leaf_index, id FROM decision WHERE {condition}"):
            place = index if isinstance(index, int) and index >= 0 else None
            self._found.add(Problem(code, place, str(decision_id)))


def _within(awaited: Sequence[Awaited], bounds: tuple[int, int]) -> list[Awaited]:
    return [one for one in awaited if bounds[0] < one.size <= bounds[1]]
