"""The NLU file that accepted corrections add to the Rasa project's training data."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

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


def training_file(examples: Iterable[Example]) -> str:
    """A file for data/nlu with these examples, each wording once. The same examples give the same text."""
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
