"""`candor policy` as an operator types it."""

from __future__ import annotations

import sqlite3
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

import pytest

from bot.cli.context import prepare
from bot.core.settings import Settings
from tests.command import candor
from tests.databases import migrated
from tests.policies.drafting import MOVED, OTHER_DATA, OTHER_WORDS, edit

Run: TypeAlias = Callable[..., subprocess.CompletedProcess[str]]
BOTH = ("--change", "We moved", "--change-zh", "我们搬家了")


@pytest.fixture
def data_dir(tmp_path: Path) -> Path:
    """A data folder as a first start leaves it."""
    migrated(tmp_path / "data" / "candor.db")
    database, _ = prepare(Settings(data_dir=tmp_path / "data", demo=False))
    database.close()
    return tmp_path / "data"


@pytest.fixture
def run(data_dir: Path, folder: Path) -> Run:
    return lambda *arguments: candor(data_dir, "policy", *arguments, CANDOR_POLICY_DIR=str(folder))


def versions(data_dir: Path) -> list[str]:
    with sqlite3.connect(data_dir / "candor.db") as database:
        return [row[0] for row in database.execute("SELECT DISTINCT version FROM policy ORDER BY 1")]


def test_what_is_in_force_is_shown_with_date_and_hash(run: Run, data_dir: Path) -> None:
    done = run("show")
    assert done.returncode == 0, done.stderr
    lines = [line.split() for line in done.stdout.splitlines()]
    assert [line[0] for line in lines] == [
        "disclosure.en.md", "disclosure.zh.md", "privacy.en.md", "privacy.zh.md", "purposes.yml",
    ]  # fmt: skip
    with sqlite3.connect(data_dir / "candor.db") as database:
        hashes = {row[0] for row in database.execute("SELECT sha256 FROM policy")}
    assert {line[-1].removeprefix("sha256:") for line in lines} == hashes
    assert {line[1] for line in lines} == {"2026-11-27"}


def test_the_difference_names_lines_and_purposes_whose_consents_would_end(run: Run, folder: Path) -> None:
    assert "there is nothing to publish" in run("diff").stdout
    edit(folder, *MOVED)
    words = run("diff").stdout
    assert "+  address: 14 Market Street" in words and "To be published: privacy.en.md, privacy.zh.md, purpo" in words
    assert "No purpose's terms changed" in words
    edit(folder, *OTHER_DATA)
    assert "  order_history: ends 0 consents in force." in run("diff").stdout


def test_publishing_tells_what_was_published_and_what_visitors_read(run: Run, folder: Path, data_dir: Path) -> None:
    edit(folder, *OTHER_WORDS)
    done = run("publish", *BOTH)
    assert done.returncode == 0, done.stderr
    version = versions(data_dir)[-1]
    assert done.stdout.splitlines()[0] == f"Published as version {version}: purposes.yml."
    assert "Returning visitors are told: We moved. 我们搬家了。" in done.stdout
    assert run("verify").stdout == "All 6 published texts are what was published.\n"
    again = run("publish", *BOTH)
    assert (again.returncode, versions(data_dir)[-1]) == (0, version)
    assert "nothing was published" in again.stdout


@pytest.mark.parametrize(
    ("options", "fault"),
    [
        ((), "--change: say in one sentence what changed"),
        (("--change", "We moved."), "--change-zh: say in one sentence what changed"),
        (("--change", "  ", "--change-zh", "搬家"), "--change: say in one sentence what changed"),
        (("--change", "x" * 201, "--change-zh", "搬家"), "--change: write one sentence on one line, at most 200"),
        (("--change", "We\nmoved.", "--change-zh", "搬家"), "--change: write one sentence on one line"),
    ],
    ids=["none", "no Chinese", "blank", "too long", "two lines"],
)
def test_nothing_is_published_without_a_sentence_in_both_languages(
    run: Run, folder: Path, data_dir: Path, options: tuple[str, ...], fault: str
) -> None:
    edit(folder, *OTHER_WORDS)
    done = run("publish", *options)
    assert done.returncode == 2 and fault in done.stderr and "Traceback" not in done.stderr
    assert versions(data_dir) == ["2026-11-27"]


@pytest.mark.parametrize("command", ["publish", "diff"])
def test_drafts_that_are_not_valid_are_refused_whole(run: Run, folder: Path, data_dir: Path, command: str) -> None:
    edit(folder, *MOVED)
    edit(folder, "purposes.yml", "  order_history:\n", "  orders:\n")
    (folder / "disclosure.zh.md").unlink()
    done = run(command, *(BOTH if command == "publish" else ()))
    assert done.returncode == 2 and done.stdout == ""
    assert [line.partition(":")[0] for line in done.stderr.splitlines()] == ["disclosure.zh.md", "purposes.yml"]
    assert versions(data_dir) == ["2026-11-27"]


def test_a_text_that_is_not_what_was_published_is_named(run: Run, data_dir: Path) -> None:
    with sqlite3.connect(data_dir / "candor.db") as database:
        database.execute("DROP TRIGGER policy_fixed")
        database.execute("UPDATE policy SET text = replace(text, 'AI', 'person') WHERE language = 'en'")
    done = run("verify")
    assert done.returncode == 1
    named = [line.partition(" is not")[0] for line in done.stdout.splitlines()]
    assert named == ["disclosure.en.md of 2026-11-27", "privacy.en.md of 2026-11-27"]


@pytest.mark.parametrize("command", ["show", "diff", "verify"])
def test_a_folder_where_nothing_was_published_is_left_as_it_is(tmp_path: Path, command: str) -> None:
    done = candor(tmp_path / "none", "policy", command)
    assert done.returncode == 2 and "Nothing was published yet" in done.stderr
    assert not (tmp_path / "none").exists()
