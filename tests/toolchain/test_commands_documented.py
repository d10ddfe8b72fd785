"""docs/reference/command-line.md lists every command with the first sentence of its help, and nothing else."""

from __future__ import annotations

import re
from collections.abc import Iterator

import typer.main
from typer.core import TyperGroup

from bot.cli.main import NOUNS, app
from tests.tools import ROOT


def expected() -> Iterator[str]:
    """The rows of the table."""
    root = typer.main.get_group(app)
    yield _row("candor serve", root.commands["serve"].help)
    for noun in NOUNS:
        group = root.get_command(None, noun)
        assert isinstance(group, TyperGroup)
        for verb, command in group.commands.items():
            yield _row(f"candor {noun} {verb}", command.help)


def _row(name: str, text: str | None) -> str:
    first = " ".join((text or "").split("\n\n")[0].split())
    return f"| `{name}` | {first} |"


def test_the_page_lists_the_commands_word_for_word() -> None:
    page = (ROOT / "docs" / "reference" / "command-line.md").read_text(encoding="utf-8")
    assert re.findall(r"^\| `candor .*$", page, flags=re.MULTILINE) == list(expected())
