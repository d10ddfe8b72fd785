"""The Rasa project behind the engine's model: its topics and intents, and the placeholders of its training data."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from bot.core.files import parse_yaml
from bot.core.ids import Json
from bot.core.messages import PLACEHOLDER
from bot.core.settings import ROOT
from bot.oversight.rasa_training_data import FROM_REVIEWS

ALWAYS_ON = frozenset({"assistant", "fallback", "human", "privacy", "smalltalk"})
"""What every conversation needs: the way to a human, the visitor's rights, yes and no, the truth about who speaks."""


@dataclass(frozen=True)
class Topic:
    """A group of intents, and the actions, responses and forms that serve them: one file of domain/."""

    name: str
    title: str
    intents: frozenset[str]
    steps: frozenset[str]

    def holds(self, intent: str | None, steps: Iterable[str] = ()) -> bool:
        """Whether a message understood as `intent`, or a turn that took these steps, is about this topic."""
        return intent in self.intents or not self.steps.isdisjoint(steps)


class _File:
    """The content of one file, parsed where it is asked for."""

    def __init__(self, path: Path, changed: int) -> None:
        self.changed = changed
        self._name = path.stem
        self._text = path.read_text("utf-8")

    @cached_property
    def topic(self) -> Topic:
        content: dict[str, Json] = parse_yaml(self._text) or {}
        steps = [name for part in ("actions", "responses", "forms") for name in _names(content.get(part))]
        title = self._name.replace("_", " ").capitalize()
        return Topic(self._name, title, frozenset(_names(content.get("intents"))), frozenset(steps))

    @cached_property
    def placeholders(self) -> frozenset[str]:
        return frozenset(PLACEHOLDER.findall(self._text))


class RasaProject:
    """Reads a Rasa project. A file is read at its first use, and again once it has changed.

    Args:
        root: the folder with domain/ and data/.
    """

    def __init__(self, root: Path = ROOT) -> None:
        self._root = root
        self._files: dict[Path, _File] = {}

    def topics(self) -> Mapping[str, Topic]:
        """Every topic with intents that can be stopped alone, by name."""
        found = (self._read(path).topic for path in _files(self._root / "domain") if path.stem not in ALWAYS_ON)
        return {topic.name: topic for topic in found if topic.intents}

    def intents(self) -> frozenset[str]:
        """The intents of the domain: those that the assistant can learn and has a rule or an answer for."""
        return frozenset(name for path in _files(self._root / "domain") for name in self._read(path).topic.intents)

    def placeholders(self) -> frozenset[str]:
        """The placeholders that the training data uses, such as `[ORDER_1]`: those that examples may hold."""
        files = (path for path in _files(self._root / "data" / "nlu") if path != self._root / FROM_REVIEWS)
        return frozenset(name for path in files for name in self._read(path).placeholders)

    def _read(self, path: Path) -> _File:
        changed, known = path.stat().st_mtime_ns, self._files.get(path)
        if known is None or known.changed != changed:
            known = self._files[path] = _File(path, changed)
        return known


def _files(folder: Path) -> Sequence[Path]:
    return sorted(folder.rglob("*.yml"))


def _names(entries: Json) -> list[str]:
    """Rasa lists names, or names with options: `[a, {b: {…}}]` or `{a: {…}, b: {…}}`."""
    return [next(iter(entry)) if isinstance(entry, dict) else str(entry) for entry in entries or ()]
