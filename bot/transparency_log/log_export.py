"""A log as a file: JSON lines that can be checked without the database, the data folder or any key but the public one.

Each line is `{header, salt, payload, leaf_index}`, salt and payload null where they were erased; the last one is
`{checkpoint, verifier_key}`.
"""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from bot.core.files import private
from bot.core.ids import Json, now
from bot.transparency_log.checkpoint import Checkpoint, CheckpointInvalid, Notes
from bot.transparency_log.leaf import FIELDS, SCHEMA, header_bytes
from bot.transparency_log.merkle import leaf_hash, levels
from bot.transparency_log.record_check import LASTING, SALT, Contents, content_fault
from bot.transparency_log.report import Problem, Report
from bot.transparency_log.root_accumulator import RootAccumulator, peaks_of
from bot.transparency_log.segment_verifier import COLUMNS, CONTENT, long_before
from bot.transparency_log.snapshot import Snapshot
from bot.transparency_log.tiles import WIDTH
from bot.transparency_log.verifier import Given, Log, Progress

OWN_LABEL = "The export's own checkpoint"
MAX_LINE = 1 << 24
"""Bytes that a line may have. An export may come from a stranger."""
PROGRESS_LINES = 4096
"""Lines after which progress is told."""


def export(log: Log, path: Path, progress: Progress = lambda done, size: None) -> int:
    """Write every sealed record up to the newest checkpoint to `path` (mode 600); how many there are.

    A record whose content cannot be opened is written without it.

    Raises:
        DatabaseUnreadable: there is no log at this address.
    """
    with Snapshot(log.address) as snapshot, open(path, "w", encoding="utf-8", opener=private) as file:
        newest = snapshot.first("SELECT size, note FROM log_checkpoint ORDER BY size DESC LIMIT 1")
        size, note = newest or (0, "")
        contents = Contents(log.masters, {})
        columns = COLUMNS.format(at=snapshot.iso("d.at"))
        order = f"WHERE d.leaf_index >= 0 AND d.leaf_index < {size} ORDER BY d.leaf_index"
        for done, row in enumerate(snapshot.rows(f"SELECT {columns}, {CONTENT} {order}"), 1):
            file.write(_line(_record(row, contents.salted(row[1:13], *row[13:]))))
            if done % PROGRESS_LINES == 0:
                progress(done, size)
        file.write(_line({"checkpoint": note, "verifier_key": log.verifier_key}))
    progress(size, size)
    return int(size)


def verify_export(
    path: Path, verifier_key: str, given: Sequence[Given] = (), progress: Progress = lambda done, size: None
) -> Report:
    """Check an export of a whole log against the checkpoints `given` and its own.

    Raises:
        CheckpointInvalid: `verifier_key` is none.
        OSError: the file cannot be read.
    """
    start = time.monotonic()
    reader = _Reader(Notes(verifier_key), given)
    total = path.stat().st_size
    with path.open("rb") as file:
        for number, line in enumerate(iter(lambda: file.readline(MAX_LINE), b""), 1):
            reader.take(number, line)
            if number % PROGRESS_LINES == 0:
                progress(file.tell(), total)
    progress(total, total)
    report = reader.finish()
    report.seconds = time.monotonic() - start
    return report


class _Reader:
    """Takes an export's lines in turn."""

    def __init__(self, notes: Notes, given: Sequence[Given]) -> None:
        self._notes = notes
        self._report = Report()
        self._found = self._report.integrity
        opened = [(one.label, found) for one in given if (found := self._open(one)) is not None]
        self._awaited = sorted(opened, key=lambda one: -one[1].size)
        self._peaks = RootAccumulator()
        self._hashes: list[bytes] = []
        self._newest = ""
        self._latest = now().isoformat(timespec="microseconds")
        self._own: Given | None = None
        self._erased: set[str] = set()
        self._absent: dict[str, list[Problem]] = {}
        self._counts: dict[str, int] = {}

    def take(self, number: int, line: bytes) -> None:
        """One line: a record, or the checkpoint at the end."""
        try:
            content = json.loads(line)
            if "checkpoint" in content:
                self._own = Given(OWN_LABEL, str(content["checkpoint"]))
                return
            fields = _fields(content["header"])
            index, salted = content["leaf_index"], _salted(content)
            if type(index) is not int:
                raise TypeError("A place is a whole number.")
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
            self._found.add(Problem("line_malformed", self._report.size, about=str(number)))
            return
        if self._in_place(index, fields[0]):
            self._record(fields, content["header"], salted)

    def finish(self) -> Report:
        """What the end tells: erasures, and the checkpoints."""
        size = self._report.size
        for visitor, problems in self._absent.items():
            if visitor in self._erased:
                self._report.erased += self._counts[visitor]
            else:
                self._found.add(problems[0], self._counts[visitor])
        if self._own is None:
            self._found.add(Problem("line_malformed", size, about="at the end, with the checkpoint,"))
        elif (own := self._open(self._own)) is not None:
            self._awaited.insert(0, (self._own.label, own))
        self._check_roots()
        for label, signed in self._awaited:
            if signed.size > size:
                self._found.add(Problem("cut_off", size, about=label))
        return self._report

    def _in_place(self, index: int, decision_id: str) -> bool:
        expected = self._report.size
        if index < expected:
            self._found.add(Problem("misplaced", index, decision_id))
            return False
        if index > expected:
            self._found.add(Problem("missing", expected), index - expected)
            # Nothing that follows can lead to a signed root; the records themselves are still looked at.
            self._report.size = index
        return True

    def _record(self, fields: tuple[Any, ...], header: str, salted: bytes | None) -> None:
        index = self._report.size
        if salted is None and fields[2] in LASTING:
            self._found.add(Problem("payload_removed", index, fields[0]))
        elif salted is None:
            self._counts[fields[4]] = self._counts.get(fields[4], 0) + 1
            self._absent.setdefault(fields[4], [Problem("payload_removed", index, fields[0])])
        elif fault := content_fault(fields, salted):
            self._found.add(Problem(fault, index, fields[0]))
        if fields[2] == "erasure":
            self._erased.add(fields[4])
        if long_before(fields[1], self._newest):
            self._found.add(Problem("back_dated", index, fields[0]))
        if long_before(self._latest, fields[1]):
            self._found.add(Problem("post_dated", index, fields[0]))
        self._newest = max(self._newest, fields[1])
        self._add(leaf_hash(hashlib.sha256(header.encode()).digest()))

    def _add(self, leaf: bytes) -> None:
        self._hashes.append(leaf)
        self._report.size += 1
        self._check_roots()
        if len(self._hashes) == WIDTH:
            rows = levels(self._hashes)
            self._peaks.add(len(rows) - 1, rows[-1][0])
            self._hashes = []

    def _check_roots(self) -> None:
        """Compare with the checkpoints that were signed at this size."""
        while self._awaited and self._awaited[-1][1].size == self._report.size:
            label, signed = self._awaited.pop()
            root = self._peaks.root(peaks_of(levels(self._hashes), len(self._hashes)))
            if root == signed.root:
                self._report.checkpoints += 1
            elif not self._found.counts["missing"]:
                self._found.add(Problem("checkpoint_differs", about=label))

    def _open(self, given: Given) -> Checkpoint | None:
        try:
            return self._notes.open(given.note)
        except CheckpointInvalid:
            self._found.add(Problem("checkpoint_altered", about=given.label))
            return None


def _fields(header: str) -> tuple[Any, ...]:
    """A header's fields, as the database has them.

    Raises:
        ValueError: it is no header.
    """
    schema, *values, end = header.split("\n")
    if schema != SCHEMA or end or len(values) != len(FIELDS):
        raise ValueError("This is no header.")
    fields: list[Any] = list(values)
    for place in (5, 6, 10):
        fields[place] = fields[place] or None
    fields[7] = float(fields[7]) if fields[7] else None
    if header_bytes(fields) != header.encode():
        raise ValueError("This is no header.")
    return tuple(fields)


def _salted(content: dict[str, Json]) -> bytes | None:
    if content["payload"] is None:
        return None
    return bytes.fromhex(content["salt"]) + str(content["payload"]).encode()


def _record(row: tuple[Any, ...], salted: bytes | None) -> dict[str, Json]:
    return {
        "header": header_bytes(row[1:13]).decode("utf-8", "replace"),
        "salt": None if salted is None else salted[:SALT].hex(),
        "payload": None if salted is None else salted[SALT:].decode("utf-8", "replace"),
        "leaf_index": row[0],
    }


def _line(content: dict[str, Json]) -> str:
    return json.dumps(content, ensure_ascii=False, separators=(",", ":")) + "\n"
