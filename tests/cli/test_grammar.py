"""Every command is `candor <noun> <verb>`; `serve`, which serves the whole product, is the one exception."""

from __future__ import annotations

from pathlib import Path

import pytest
import typer.main
from typer.core import TyperGroup

from bot.cli.main import NOUNS, app
from tests.command import candor

VERBS = {
    "add", "create", "end", "erase", "export", "issue", "list", "mask", "prove", "publish", "reapply", "restore",
    "rotate", "run", "serve", "show", "understand", "verify", "diff",
}  # fmt: skip


def commands() -> list[tuple[str, str]]:
    """Each noun with each of its verbs."""
    root = typer.main.get_group(app)
    groups = {noun: root.get_command(None, noun) for noun in NOUNS}
    assert all(isinstance(group, TyperGroup) for group in groups.values())
    return [(noun, verb) for noun, group in groups.items() if isinstance(group, TyperGroup) for verb in group.commands]


@pytest.mark.parametrize(("noun", "verb"), commands())
def test_a_command_is_a_noun_and_a_verb(noun: str, verb: str) -> None:
    assert noun.isalpha() and verb.partition("-")[0] in VERBS


def test_the_one_command_without_a_noun_is_serve() -> None:
    assert set(typer.main.get_group(app).commands) == {"serve"}


@pytest.mark.parametrize(("noun", "verb"), commands())
def test_help_begins_with_what_the_command_does(noun: str, verb: str, tmp_path: Path) -> None:
    done = candor(tmp_path, noun, verb, "--help", COLUMNS="200", NO_COLOR="1")
    assert done.returncode == 0, done.stderr
    assert f"candor {noun} {verb}" in done.stdout


@pytest.mark.parametrize("old", ["erase", "restore", "mask", "understand", "identity-token", "staff-add"])
def test_old_spellings_are_gone(old: str, tmp_path: Path) -> None:
    assert candor(tmp_path, old, "--help").returncode == 2
