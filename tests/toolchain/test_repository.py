"""What must never get into a tracked file, and scripts that a stranger can start."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

import pytest

from tests.toolchain.tracked_files import tracked
from tests.tools import ROOT

LOCKS = sorted((ROOT / "locks").glob("*.txt"))
CODE = ("bot/", "actions/", "engine/", "web/src/", "tests/")
# Split, so that this file does not hold what it looks for.
UNFINISHED = re.compile(
    "|".join(["TO" + "DO", "FIX" + "ME", "X" * 3, "NotImplemented" + "Error", r"pytest\.sk" + r"ip\("])
)
HOME_OF_SOMEBODY = re.compile(r"(?<![\w.$}])/(?:root|work|home/[a-z]|Users/[A-Za-z]|opt/pypi)[\w.-]*/")


def text_of(name: str) -> str:
    """The file as text; empty for a picture."""
    try:
        return (ROOT / name).read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return ""


def offending(pattern: re.Pattern[str], names: list[str]) -> list[str]:
    return [
        f"{name}:{number}: {line.strip()[:80]}"
        for name in names
        for number, line in enumerate(text_of(name).splitlines(), 1)
        if pattern.search(line)
    ]


def test_no_tracked_file_names_a_folder_of_somebodys_machine() -> None:
    assert offending(HOME_OF_SOMEBODY, tracked()) == []


def test_code_holds_no_unfinished_mark_and_no_hidden_skip() -> None:
    assert offending(UNFINISHED, [name for name in tracked() if name.startswith(CODE)]) == []


def test_locks_are_there() -> None:
    assert {lock.stem for lock in LOCKS} == {"gateway", "dev", "docs", "engine", "tools", "node"}


@pytest.mark.parametrize("lock", LOCKS, ids=lambda path: path.name)
def test_lock_holds_names_versions_hashes_and_no_address(lock: Path) -> None:
    lines = lock.read_text().splitlines()
    pin = re.compile(r"[a-z0-9._-]+==[\w.+!-]+( ; [^:/]+)? \\")
    sha = re.compile(r"    --hash=sha256:[0-9a-f]{64}( \\)?")
    assert [line for line in lines if not (pin.fullmatch(line) or sha.fullmatch(line))] == []
    pinned = [index for index, line in enumerate(lines) if pin.fullmatch(line)]
    assert all("--hash" in lines[index + 1] for index in pinned)


def test_package_lock_holds_no_address() -> None:
    """npm adds the page where each package asks for money when it locks again: take these entries out."""
    lock = (ROOT / "web" / "package-lock.json").read_text()
    assert '"resolved": "http' not in lock and "://" not in lock


def test_dev_lock_holds_the_gateway_lock() -> None:
    """`make run` and `make test` share one environment; otherwise each would undo the other's work."""

    def pins(name: str) -> set[str]:
        return set(re.findall(r"^\S+==\S+", (ROOT / "locks" / f"{name}.txt").read_text(), flags=re.MULTILINE))

    assert pins("gateway") <= pins("dev")


@pytest.mark.parametrize("name", [name for name in tracked() if name.startswith(("scripts/", ".ci/"))])
def test_script_is_executable_and_parses(name: str) -> None:
    script = ROOT / name
    assert name.endswith((".sh", ".py")) or os.access(script, os.X_OK)
    if script.read_text().startswith("#!/usr/bin/env bash") or name.endswith(".sh"):
        done = subprocess.run(["bash", "-n", str(script)], capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
