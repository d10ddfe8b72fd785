"""The topics that can be stopped alone, read from the Rasa project: one file of domain/ each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

from bot.core.ids import Json
from bot.core.settings import ROOT

ALWAYS_ON = frozenset({"assistant", "fallback", "human", "privacy", "smalltalk"})
"""What every conversation needs: the way to a human, the visitor's rights, yes and no, the truth about who speaks."""


@dataclass(frozen=True)
class Topic:
    """A group of intents, and the actions, responses and forms that serve them."""

    name: str
    title: str
    intents: frozenset[str]
    steps: frozenset[str]

    def holds(self, intent: str | None, steps: Iterable[str] = ()) -> bool:
        """Whether a message understood so, or a turn that took these steps, is about this topic."""
        return intent in self.intents or not self.steps.isdisjoint(steps)


@cache
def topics(folder: Path = ROOT / "domain") -> Mapping[str, Topic]:
    """Every topic with intents that can be stopped alone, by name. Read once: the model is made from the same files."""
    found = (_topic(path) for path in sorted(folder.glob("*.yml")) if path.stem not in ALWAYS_ON)
    return {topic.name: topic for topic in found if topic.intents}


def _topic(path: Path) -> Topic:
    content: dict[str, Json] = yaml.safe_load(path.read_text("utf-8")) or {}
    steps = [name for part in ("actions", "responses", "forms") for name in _names(content.get(part))]
    return Topic(
        name=path.stem,
        title=path.stem.replace("_", " ").capitalize(),
        intents=frozenset(_names(content.get("intents"))),
        steps=frozenset(steps),
    )


def _names(entries: Json) -> list[str]:
    """Rasa lists names, or names with options: `[a, {b: {…}}]` or `{a: {…}, b: {…}}`."""
    return [next(iter(entry)) if isinstance(entry, dict) else str(entry) for entry in entries or ()]
