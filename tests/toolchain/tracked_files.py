"""The files of the repository."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

from tests.tools import ROOT


def tracked() -> list[str]:
    """The files of the repository, those not committed yet included."""
    listed = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard", "-z"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    names = listed.stdout.split("\0") if listed.returncode == 0 else []
    return [name for name in names if name and (ROOT / name).is_file()] or _walk()


def _walk() -> list[str]:
    """The same without git, for a downloaded archive."""
    left_out = {
        ".git",
        ".venv",
        ".venv-engine",
        ".venv-docs",
        ".tools",
        ".make",
        ".candor",
        ".rasa",
        "node_modules",
        "models",
        "static",
    }
    found = []
    for folder, folders, files in os.walk(ROOT):
        folders[:] = [name for name in folders if name not in left_out and "cache" not in name]
        found += [str((Path(folder) / name).relative_to(ROOT)) for name in files]
    return found
