"""Files that other processes and power cuts must not spoil."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from bot.core.files import lock, private, write_atomically


def test_a_file_is_replaced_whole_or_not_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "master.key"
    path.write_text("old")
    with monkeypatch.context() as cut, pytest.raises(OSError, match="power"):
        cut.setattr(os, "fsync", lambda _descriptor: (_ for _ in ()).throw(OSError("power")))
        write_atomically(path, b"new")
    assert path.read_text() == "old"
    write_atomically(path, b"new")
    assert path.read_text() == "new" and [one.name for one in tmp_path.iterdir()] == ["master.key"]


def test_its_content_and_its_name_are_on_disk_in_this_order(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    synced: list[str] = []
    really = os.fsync

    def note(descriptor: int) -> None:
        synced.append("folder" if stat.S_ISDIR(os.fstat(descriptor).st_mode) else "file")
        assert (tmp_path / "kept").exists() == (synced[-1] == "folder")
        really(descriptor)

    monkeypatch.setattr(os, "fsync", note)
    write_atomically(tmp_path / "kept", b"content", "kept.7")
    assert synced == ["file", "folder"]


def test_what_is_written_is_for_its_owner_alone(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        write_atomically(tmp_path / "one", b"1")
        with open(tmp_path / "two", "w", opener=private) as file:
            file.write("2")
    finally:
        os.umask(before)
    assert {stat.S_IMODE(path.stat().st_mode) for path in tmp_path.iterdir()} == {0o600}


def test_a_lock_holds_until_its_file_is_closed(tmp_path: Path) -> None:
    with open(tmp_path / "lock", "ab", opener=private) as first:
        lock(first)
        with open(tmp_path / "lock", "ab") as second, pytest.raises(BlockingIOError):
            lock(second, wait=False)
    with open(tmp_path / "lock", "ab") as third:
        lock(third, wait=False)
