"""Changelog fragments are checked, and move into CHANGELOG.md under their kind."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.tools import ROOT

CHANGELOG = (
    "# Changelog\n\n## [Unreleased]\n\n### Added\n\n- One.\n\n### Fixed\n\n- Two.\n\n"
    "## [0.1.0]\n\n### Added\n\n- Old.\n"
)
AFTER = (
    "# Changelog\n\n## [Unreleased]\n\n### Added\n\n- One.\n- Three,\n  on two lines.\n\n### Fixed\n\n- Two.\n\n"
    "### Removed\n\n- Four.\n\n## [0.1.0]\n\n### Added\n\n- Old.\n"
)


def changelog(root: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    script = shutil.copy(ROOT / "scripts" / "changelog.py", root / "scripts" / "changelog.py")
    return subprocess.run([sys.executable, script, *arguments], capture_output=True, text=True, check=False)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for name in ("changes", "scripts"):
        (tmp_path / name).mkdir()
    (tmp_path / "CHANGELOG.md").write_text(CHANGELOG)
    return tmp_path


def test_the_fragments_here_are_whole() -> None:
    command = [sys.executable, str(ROOT / "scripts" / "changelog.py"), "--check"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_fragments_move_under_their_kind(root: Path) -> None:
    (root / "changes" / "a.added.md").write_text("- Three,\n  on two lines.\n")
    (root / "changes" / "b.removed.md").write_text("- Four.\n")
    assert changelog(root).returncode == 0
    assert (root / "CHANGELOG.md").read_text() == AFTER
    assert list((root / "changes").iterdir()) == []
    assert changelog(root).returncode == 0 and (root / "CHANGELOG.md").read_text() == AFTER


@pytest.mark.parametrize(("name", "text"), [("a.md", "- A.\n"), ("a.new.md", "- A.\n"), ("a.fixed.md", "A.\n")])
def test_a_fragment_of_another_form_is_named_and_nothing_moves(root: Path, name: str, text: str) -> None:
    (root / "changes" / name).write_text(text)
    done = changelog(root)
    assert done.returncode == 1 and done.stderr.startswith(f"{name}: ")
    assert (root / "CHANGELOG.md").read_text() == CHANGELOG
