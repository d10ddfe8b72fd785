"""The intents of the Rasa project as visitors would put them: each has its title beside its name in domain/."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from bot.core.files import parse_yaml
from bot.core.i18n import chosen
from bot.core.ids import Json
from bot.core.settings import ROOT


@dataclass(frozen=True)
class Intent:
    """An intent's title by language, and whether it is offered where a message was not understood."""

    titles: Mapping[str, Json]
    offered: bool

    def title(self, language: str) -> str:
        """The title in `language`; in English where there is none."""
        return chosen(self.titles, language)


@cache
def intents() -> Mapping[str, Intent]:
    """The intents that have a title, by name. The domain is read once in a process."""
    return dict(_titled())


def offered(name: str | None) -> Intent | None:
    """The intent of this name, if it may be offered and answered as a question: small talk may not."""
    intent = intents().get(name or "")
    return intent if intent is not None and intent.offered else None


def _titled() -> Iterator[tuple[str, Intent]]:
    for path in sorted((ROOT / "domain").rglob("*.yml")):
        for entry in parse_yaml(path.read_text("utf-8")).get("intents") or ():
            for name, options in entry.items() if isinstance(entry, dict) else ():
                if "title" in options:
                    yield name, Intent(options["title"], options.get("offer", True))
