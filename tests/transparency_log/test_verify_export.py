"""An export is checked by itself: whatever is altered in it is found, and others' code agrees."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from bot.transparency_log import log_export
from bot.transparency_log.checkpoint import CheckpointInvalid, Signer, split_notes
from bot.transparency_log.report import Report
from bot.transparency_log.verifier import Given
from tests.transparency_log import independent
from tests.transparency_log.tampering import Original, make_original

Lines = list[str]


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Original:
    return make_original(tmp_path_factory.mktemp("original"))


@pytest.fixture
def export(original: Original, tmp_path: Path) -> Path:
    """The whole log as a file."""
    log_export.export(original.log, tmp_path / "log.jsonl")
    return tmp_path / "log.jsonl"


def verify(path: Path, original: Original, *notes: str) -> Report:
    return log_export.verify_export(path, original.verifier_key, [Given("kept", note) for note in notes])


def test_an_export_is_whole_and_tells_erased_records(original: Original, export: Path) -> None:
    told: list[tuple[int, int]] = []
    report = log_export.verify_export(export, original.verifier_key, (), lambda done, size: told.append((done, size)))
    assert report.ok and report.completeness is None, report.as_text()
    assert report.erased > 20 and report.checkpoints == 1
    assert told[-1] == (export.stat().st_size, export.stat().st_size)
    assert independent.verify(export.read_text(), original.verifier_key) == report.erased


def test_every_earlier_checkpoint_fits_at_its_own_size(original: Original, export: Path) -> None:
    with closing(sqlite3.connect(original.folder / "candor.db")) as connection:
        notes = [note for (note,) in connection.execute("SELECT note FROM log_checkpoint").fetchall()]
    report = verify(export, original, *notes)
    assert report.ok and report.checkpoints == len(notes) + 1 > 6


def test_a_file_may_hold_several_checkpoints() -> None:
    signer = Signer("localhost/candor", b"x" * 32)
    notes = [signer.sign(size, bytes([size]) * 32) for size in (3, 5, 9)]
    assert split_notes("".join(notes)) == notes
    assert split_notes("\n".join(notes) + "\n") == notes
    assert split_notes(notes[0] + "— witness.example abcd\n" + notes[1]) == [
        notes[0] + "— witness.example abcd\n",
        notes[1],
    ]
    assert split_notes("\n\n") == [] and split_notes("nonsense") == ["nonsense"]


def test_checkpoints_of_others_do_not_fit(original: Original, export: Path) -> None:
    signer = Signer("localhost/candor", bytes.fromhex((original.folder / "log.key").read_text().split()[0]))
    for note, code in (
        (signer.sign(300, b"r" * 32), "checkpoint_differs"),
        (signer.sign(9999, b"r" * 32), "cut_off"),
        (Signer("localhost/candor", b"x" * 32).sign(300, b"r" * 32), "checkpoint_altered"),
        ("nonsense", "checkpoint_altered"),
    ):
        first = verify(export, original, note).integrity.first
        assert first is not None and (first.code, first.about) == (code, "kept")
    with pytest.raises(CheckpointInvalid):
        log_export.verify_export(export, "nonsense")


def with_content(lines: Lines) -> int:
    """A line in the middle that has content and is in English."""
    return next(n for n in range(200, 400) if '"payload":"{' in lines[n] and "\\nen\\n" in lines[n])


def changed(lines: Lines, at: int, **values: object) -> Lines:
    record = {**json.loads(lines[at]), **values}
    return [*lines[:at], json.dumps(record), *lines[at + 1 :]]


def later(lines: Lines, at: int, **by: float) -> str:
    """The line's header, dated otherwise."""
    fields = json.loads(lines[at])["header"].split("\n")
    fields[2] = (datetime.fromisoformat(fields[2]) + timedelta(**by)).isoformat(timespec="microseconds")
    return "\n".join(fields)


CHANGES: dict[str, Callable[[Lines, int], Lines]] = {
    "payload_differs": lambda lines, at: changed(lines, at, salt="00" * 32),
    "payload_contradicts": lambda lines, at: [*lines[:at], lines[at].replace("\\nen\\n", "\\nde\\n"), *lines[at + 1 :]],
    "payload_removed": lambda lines, at: changed(lines, at, payload=None, salt=None),
    "missing": lambda lines, at: [*lines[:at], *lines[at + 1 :]],
    "missing ": lambda lines, at: [*lines[:at], lines[at + 1], lines[at], *lines[at + 2 :]],
    "misplaced": lambda lines, at: [*lines[:at], lines[at - 1], *lines[at:]],
    "line_malformed": lambda lines, at: [*lines[:at], "{", *lines[at + 1 :]],
    "line_malformed ": lambda lines, at: [*lines[:at], "[" * 200_000, *lines[at + 1 :]],
    "line_malformed  ": lambda lines, at: changed(lines, at, leaf_index=str(at)),
    "back_dated": lambda lines, at: changed(lines, at, header=later(lines, at, days=-30), payload=None, salt=None),
    "post_dated": lambda lines, at: changed(lines, at, header=later(lines, at, days=3000)),
}


@pytest.mark.parametrize("change", CHANGES)
def test_an_altered_line_is_found_and_named(original: Original, export: Path, change: str) -> None:
    lines = export.read_text().splitlines()
    at = with_content(lines)
    export.write_text("\n".join(CHANGES[change](lines, at)) + "\n")
    report = verify(export, original)
    codes = {(one.code, one.leaf_index) for one in report.integrity.ordered()}
    assert not report.ok and report.integrity.first is not None
    assert (change.strip(), at - (change == "misplaced")) in codes
    assert report.integrity.first.leaf_index == at - (change == "misplaced")


def test_an_export_that_was_cut_off_is_found(original: Original, export: Path) -> None:
    lines = export.read_text().splitlines()
    export.write_text("\n".join([*lines[:300], lines[-1]]) + "\n")
    first = verify(export, original).integrity.first
    assert first is not None and (first.code, first.leaf_index) == ("cut_off", 300)
    export.write_text("\n".join(lines[:-1]) + "\n")
    first = verify(export, original).integrity.first
    assert first is not None and first.code == "line_malformed" and "with the checkpoint" in first.words


def test_a_header_changed_where_no_content_is_left_does_not_lead_to_the_root(original: Original, export: Path) -> None:
    lines = export.read_text().splitlines()
    at = next(n for n, line in enumerate(lines) if '"payload":null' in line)
    export.write_text("\n".join(changed(lines, at, header=later(lines, at, microseconds=1))) + "\n")
    assert verify(export, original).integrity.counts == {"checkpoint_differs": 1}
