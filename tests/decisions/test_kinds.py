"""A kind of record is one line of bot/decisions/kinds.py and its sentences; a dummy one is seen everywhere."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from bot.decisions.kinds import DECISIONS, Kind
from tests.tools import ROOT

LINE = '    INSPECTION = "inspection", BY_A_PERSON, LASTING\n'
WORDS = """
kind_inspection: {en: "Inspection", zh: "检查"}
line_inspection_passed: {en: "passed", zh: "通过"}
inspection_passed_title: {en: "Inspected", zh: "已检查"}
inspection_passed_text: {en: "Somebody inspected it.", zh: "有人检查过。"}
"""
SEEN = """
import json
from bot.decisions import explain
from bot.decisions.kinds import DECISIONS, Kind
from bot.decisions.models import Decision
from bot.transparency_log.record_check import LASTING

made = Decision.by_person(Kind("inspection"), "", "vis_1", "passed")
record = {
    "kind": "inspection", "outcome": "passed", "input": {}, "result": {}, "intent": None, "confidence": None,
    "threshold": None, "rule": None, "policy": None, "categories": [], "lawful_basis": None, "consent_record_id": None,
    "automation_level": made.automation_level, "human_involvement": made.human_involvement, "language": "en",
    "gen_ai.request.model": None, "revision": None, "disclosure_version": None, "gpc": False,
    "timestamp": "2026-01-01T00:00:00+00:00", "decision_id": "dec_1", "version": "1", "instance": "a",
}
print(json.dumps({
    "software": "inspection" in DECISIONS,
    "outlives": made.outlives_erasure,
    "verified": "inspection" in LASTING,
    "words": explain.explain(record, "en")["text"],
}))
"""


@pytest.fixture(scope="module")
def seen(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What a copy of the code, with a kind more, makes of it."""
    root = tmp_path_factory.mktemp("kinds")
    for folder in ("bot", "domain"):
        shutil.copytree(ROOT / folder, root / folder, ignore=shutil.ignore_patterns("static", "__pycache__"))
    kinds, words = root / "bot/decisions/kinds.py", root / "bot/core/i18n/explain.yml"
    last = '    RECTIFICATION = "rectification", BY_A_PERSON\n'
    assert last in kinds.read_text("utf-8")
    kinds.write_text(kinds.read_text("utf-8").replace(last, last + LINE), "utf-8")
    words.write_text(words.read_text("utf-8") + WORDS, "utf-8")
    done = subprocess.run([sys.executable, "-c", SEEN], cwd=root, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def test_a_new_kind_is_seen_by_recorder_verifier_and_explanation(seen: dict[str, Any]) -> None:
    assert seen == {"software": False, "outlives": True, "verified": True, "words": "Somebody inspected it."}


def test_decisions_of_the_software_are_those_of_no_person() -> None:
    assert {kind.value for kind in DECISIONS} == {
        "request", "understanding", "route", "gate", "action", "answer", "fallback", "handoff", "failure",
    }  # fmt: skip
    assert {kind.value for kind in Kind if kind.lasting} == {"access", "stop", "erasure", "hold"}


def test_kinds_are_their_names_wherever_they_are_written() -> None:
    assert f"{Kind.ACCESS}" == Kind.ACCESS == json.loads(json.dumps(Kind.ACCESS)) == "access"


def test_a_path_of_the_copy_is_not_this_tree(tmp_path: Path) -> None:
    """The copy's code is what runs: its working folder comes first."""
    (tmp_path / "bot").mkdir()
    (tmp_path / "bot" / "__init__.py").write_text("here = 1\n")
    code = "import bot; print(bot.here)"
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert done.stdout == "1\n"
