"""The page /policies/phrases: the closed lists of phrases as anybody may read them, and how messages are compared."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.core.i18n import LANGUAGES
from bot.core.ids import Json
from bot.policies import pages, purposes
from bot.policies.pages import Page
from bot.standing_requests import phrases

COMPARED = ("whole", "letters", "signs", "languages")
_NAME = re.compile(r"<([^<>]+)>|(\{purpose\})")


def page(reader: Page) -> str:
    """The whole page in the reader's language; each list in its own."""
    return pages.html(
        "standing_requests/templates/phrases.html",
        reader,
        reader.say("phrases_title"),
        compared=COMPARED,
        longest=phrases.MAX_LENGTH,
        purposes=purposes(),
        lists=[_shown(language) for language in LANGUAGES],
    )


def as_json() -> dict[str, Json]:
    """The same as data, in the notation of the files."""
    return {"longest": phrases.MAX_LENGTH, "languages": [_lists(language) for language in LANGUAGES]}


def _lists(language: str) -> dict[str, Json]:
    return {
        "language": language,
        "lists": [{"name": part, "phrases": patterns} for part, patterns in phrases.lists_of(language).items()],
        **{part: phrases.notation(language, part) for part in phrases.NOTATION},
        "names_of_data": {name: list(purpose.words.get(language, ())) for name, purpose in purposes().items()},
    }


def _shown(language: str) -> dict[str, Json]:
    """The lists with each pattern in pieces, and where the words that a name stands for are on the page."""
    lists = _lists(language)
    sections = [{"part": one["name"], "patterns": [list(_pieces(p)) for p in one["phrases"]]} for one in lists["lists"]]
    anchors = {name: f"{language}-{number}" for number, name in enumerate(lists["words"])}
    return {**lists, "sections": sections, "anchors": anchors}


def _pieces(pattern: str) -> Iterator[tuple[str, str | None, bool]]:
    """Text, the name that follows it, and whether the gap for a purpose does."""
    at = 0
    for found in _NAME.finditer(pattern):
        yield pattern[at : found.start()], found[1], found[2] is not None
        at = found.end()
    yield pattern[at:], None, False
