"""`candor retention` and `candor hold` as an operator types them."""

from __future__ import annotations

import asyncio
import re
from pathlib import Path

import pytest

from bot.cli.context import prepare
from bot.core.settings import Settings
from bot.db.models import ErasureRow, RetentionRunRow
from bot.services import build
from tests.command import candor
from tests.databases import migrated
from tests.privacy.aged import conversation, full
from tests.scripted import ScriptedEngine
from tests.transactions import read


def said(folder: Path, *arguments: str) -> str:
    done = candor(folder, *arguments)
    assert done.returncode == 0, done.stderr
    return done.stdout


def count(folder: Path, table: type[ErasureRow] | type[RetentionRunRow]) -> int:
    database, _ = prepare(Settings(data_dir=folder, demo=False))
    found = read(database, lambda s: s.query(table).count())
    database.close()
    return found


@pytest.fixture
def conversations(tmp_path: Path) -> list[str]:
    """Conversations of 1, 40, 100 and 200 days ago, with something of everything; another of 200 days ago."""
    migrated(tmp_path / "candor.db")
    database, _ = prepare(Settings(data_dir=tmp_path, demo=False))

    async def fill() -> list[str]:
        services = build(Settings(data_dir=tmp_path, demo=False), database, ScriptedEngine())
        return [*(full(services, days) for days in (1, 40, 100, 200)), conversation(services, 200)]

    made = asyncio.run(fill())
    database.close()
    return made


def test_it_shows_days_and_what_is_due_for_each_category(tmp_path: Path, conversations: list[str]) -> None:
    shown = said(tmp_path, "retention", "show")
    due = {name: (int(days), int(now)) for name, days, now in re.findall(r"^(\w+) +(\d+) +(\d+)  ", shown, re.M)}
    assert due == {
        "conversation": (180, 2), "identity": (180, 1), "decisions": (180, 3), "contests": (180, 1),
        "handoffs": (180, 1), "contact": (90, 4), "identifiers": (30, 6), "engine": (30, 2), "training": (90, 2),
    }  # fmt: skip
    assert "Addresses you left" in shown and "There has been no round yet." in shown


def test_a_dry_run_tells_what_a_run_then_does(tmp_path: Path, conversations: list[str]) -> None:
    planned = said(tmp_path, "retention", "run", "--dry-run")
    assert "would be removed." in planned and count(tmp_path, ErasureRow) == count(tmp_path, RetentionRunRow) == 0
    done = said(tmp_path, "retention", "run")
    assert planned.partition(" would")[0].replace(", engine 2", "") == done.partition(" was")[0]
    assert "What the engine remembers is cleared by a running Candor" in done
    assert count(tmp_path, ErasureRow) == 2
    shown = said(tmp_path, "retention", "show")
    assert "The last rounds:" in shown and "conversation 2" in shown.partition("The last rounds:")[2]
    assert "nothing was removed." in said(tmp_path, "retention", "run")


def test_a_hold_is_set_listed_heeded_and_released(tmp_path: Path, conversations: list[str]) -> None:
    assert said(tmp_path, "hold", "list") == "No conversation is on hold.\n"
    held = conversations[3]
    told = said(tmp_path, "hold", "add", held, "--reason", "Claim 12", "--by", "olga")
    (number,) = re.findall(r"hld_\w+", told)
    listed = said(tmp_path, "hold", "list")
    assert number in listed and held in listed and "by olga: Claim 12" in listed
    assert "1 conversations are left alone: a legal hold is on them." in said(tmp_path, "retention", "run")
    assert count(tmp_path, ErasureRow) == 1
    refused = candor(tmp_path, "visitor", "erase", "--conversation", held, "--reason", "visitor_request")
    assert refused.returncode == 2 and "legal hold" in refused.stderr.lower() or "Claim 12" in refused.stderr
    assert "has ended" in said(tmp_path, "hold", "end", number)
    assert "conversation 1" in said(tmp_path, "retention", "run") and count(tmp_path, ErasureRow) == 2


def test_what_cannot_be_held_or_released_is_one_sentence(tmp_path: Path) -> None:
    for arguments, says in (
        (("add", "con_unknown", "--reason", "Claim"), "There is no such conversation."),
        (("end", "hld_unknown"), "There is no such hold."),
        (("end", "con_1"), "Give the hold's number"),
    ):
        done = candor(tmp_path, "hold", *arguments)
        assert done.returncode == 2 and says in done.stderr and done.stderr.count("\n") == 1
