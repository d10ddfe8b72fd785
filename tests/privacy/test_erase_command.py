"""`candor visitor erase` as an operator types it."""

from __future__ import annotations

from pathlib import Path

from tests.command import candor


def test_who_is_not_known_is_told_in_a_sentence(tmp_path: Path) -> None:
    for who in (("--visitor", "vis_unknown"), ("--conversation", "con_unknown"), ("--customer", "C-unknown")):
        done = candor(tmp_path / "data", "visitor", "erase", *who, "--reason", "operator")
        assert done.returncode == 2 and "There is no such" in done.stderr and "Traceback" not in done.stderr
    for wrong in ((), ("--visitor", "a", "--conversation", "b"), ("--visitor", "a", "--customer", "b")):
        done = candor(tmp_path / "data", "visitor", "erase", *wrong, "--reason", "operator")
        assert done.returncode == 2 and "Give --visitor or --conversation" in done.stderr
    assert candor(tmp_path / "data", "visitor", "erase", "--visitor", "a", "--reason", "because").returncode == 2
