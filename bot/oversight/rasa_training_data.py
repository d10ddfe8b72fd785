"""The Rasa project's training data, as far as reviewers' corrections meet it: what there is, and the file they add."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from bot.core.messages import PLACEHOLDER

FROM_REVIEWS = Path("data", "nlu", "from_reviews.yml")
"""The file of accepted corrections, within the project."""
HEAD = "# Examples that reviewers proposed and a maintainer accepted. `candor corrections export` writes them anew.\n"


@dataclass(frozen=True)
class Example:
    """A training example with where it comes from. `accepted` is a day, such as 2026-03-01."""

    intent: str
    text: str
    decision_id: str
    accepted: str
    reason: str


def intents(root: Path) -> frozenset[str]:
    """The intents of the assistant's domain: those it can learn and has a rule or an answer for."""
    return frozenset(name for path in _files(root / "domain") for name in _intents(*_state(path)))


def placeholders(root: Path) -> frozenset[str]:
    """The placeholders that examples may hold, such as `[ORDER_1]`: those that the training data uses."""
    files = (path for path in _files(root / "data" / "nlu") if path != root / FROM_REVIEWS)
    return frozenset(name for path in files for name in _placeholders(*_state(path)))


def training_file(examples: Iterable[Example]) -> str:
    """A file for data/nlu with these examples: the same ones give the same text, each wording once."""
    chosen = {(one.intent, one.text): one for one in sorted(examples, key=_order, reverse=True)}
    by_intent: dict[str, list[Example]] = {}
    for one in sorted(chosen.values(), key=_order):
        by_intent.setdefault(one.intent, []).append(one)
    nlu = [{"intent": name, "examples": [_entry(one) for one in found]} for name, found in by_intent.items()]
    body = yaml.safe_dump({"version": "3.1", "nlu": nlu}, allow_unicode=True, sort_keys=False, width=1000)
    return HEAD + body.replace("version: '3.1'", 'version: "3.1"')


def _order(one: Example) -> tuple[str, str, str, str]:
    return one.intent, one.text, one.accepted, one.decision_id


def _entry(one: Example) -> dict[str, Any]:
    return {
        "text": one.text,
        "metadata": {"source": one.decision_id, "accepted": one.accepted, "reason": one.reason},
    }


def _files(folder: Path) -> Sequence[Path]:
    return sorted(folder.rglob("*.yml"))


def _state(path: Path) -> tuple[Path, int]:
    """A file and when it was changed: what was read of it holds as long."""
    return path, path.stat().st_mtime_ns


@lru_cache(maxsize=256)
def _intents(path: Path, _changed: int) -> frozenset[str]:
    content = yaml.safe_load(path.read_text("utf-8")) or {}
    return frozenset(str(next(iter(one)) if isinstance(one, dict) else one) for one in content.get("intents") or ())


@lru_cache(maxsize=256)
def _placeholders(path: Path, _changed: int) -> frozenset[str]:
    return frozenset(PLACEHOLDER.findall(path.read_text("utf-8")))
