"""The package map is current, and the figures count what they say."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from pathlib import Path

from tests.tools import ROOT


def made(what: str, root: Path = ROOT) -> str:
    command = [sys.executable, str(ROOT / "scripts" / "map.py"), what, str(root)]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def tree(root: Path, **files: str) -> Path:
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    subprocess.run(["git", "init", "-q", str(root)], check=True)
    return root


def row(output: str, title: str) -> list[str]:
    (line,) = (line for line in output.splitlines() if line.startswith(title + "  "))
    return line.removeprefix(title).split()


def test_the_package_map_is_current() -> None:
    page = ROOT / "docs" / "explanation" / "package-map.md"
    assert page.read_text(encoding="utf-8") == made("page"), "run `make map`"


def test_the_architecture_page_lists_the_layers_of_the_import_contract() -> None:
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]["contracts"]
    layers = [set(re.findall(r"\w+", layer)) for layer in contracts[0]["layers"]]
    page = (ROOT / "docs" / "explanation" / "architecture.md").read_text("utf-8")
    block = page.partition("## Packages")[2].split("\n\n")[2]
    listed = [re.split(r" {2,}", line.strip())[0] for line in block.splitlines()]
    assert [set(re.findall(r"\w+", line)) for line in listed] == layers


def test_lines_are_counted_by_kind_and_tests_apart(tmp_path: Path) -> None:
    python = '"""Two\nlines."""\n\n# a comment\nx = 1  # code\n'
    web = "/* a\n   block */\nconst a = 1; // code\n\n// a comment\n"
    files = dict.fromkeys(("bot/__init__.py", "tests/test_a.py", "scripts/a.py"), python)
    output = made("figures", tree(tmp_path, **files, **dict.fromkeys(("web/src/a.ts", "web/src/a.test.ts"), web)))
    for title in ("Python", "Python, tests", "Python, tools"):
        assert row(output, title) == ["1", "2", "1", "1", "5"]
    assert row(output, "TypeScript") == row(output, "TypeScript, tests") == ["1", "0", "3", "1", "5"]


def test_imports_are_edges_between_rooms(tmp_path: Path) -> None:
    files = {
        "bot/__init__.py": "",
        "bot/core/__init__.py": '"""The bottom."""\n',
        "bot/core/ids.py": "from bot.core import text\n",
        "bot/core/text.py": "",
        "bot/app.py": "from bot.core.ids import a\nfrom bot.core import text\nimport os\n",
        "bot/chat/__init__.py": "def f() -> None:\n    import bot.app\n",
    }
    output = made("figures", tree(tmp_path, **files))
    assert row(output, "packages in bot/ and actions/") == ["3"]
    assert row(output, "loose modules in bot/") == ["1"]
    assert row(output, "imports between rooms") == ["2"]
    page = made("page", tmp_path)
    assert "| `bot.core` | The bottom. | – | `app` | 2 |" in page
    assert "| `bot.app` |  | `core` | `chat` | 1 |" in page
