"""Docstrings of tests name only what exists; `scripts/docstring_names.py` finds the others."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.tools import ROOT


def checked(root: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(ROOT / "scripts" / "docstring_names.py"), str(root)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_the_tests_here_name_nothing_that_is_gone() -> None:
    done = checked(ROOT)
    assert (done.returncode, done.stdout) == (0, ""), done.stderr


@pytest.mark.parametrize(
    ("name", "gone"),
    [
        ("Gate.grant", False),
        ("grant()", False),
        ("order_history", False),
        ("Gate.refuse", True),
        ("_grant", True),
        ("make test", False),
        ("[ORDER_1]", False),
    ],
)
def test_a_name_that_is_gone_is_found(tmp_path: Path, name: str, gone: bool) -> None:
    for folder in ("bot", "tests"):
        (tmp_path / folder).mkdir()
    (tmp_path / "bot" / "gate.py").write_text('class Gate:\n    def grant(self): return "order_history"\n')
    (tmp_path / "tests" / "test_a.py").write_text(f'def test_a():\n    """Fails when `{name}` goes."""\n')
    done = checked(tmp_path)
    assert (done.returncode, done.stdout) == ((1, f"tests/test_a.py:2: {name}\n") if gone else (0, ""))
