"""The closed lists of phrases (phrases/*.yml): what allows, what refuses, and plain forms of every other request."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

from bot.core.files import parse_yaml
from bot.core.i18n import LANGUAGES
from bot.core.ids import Json
from bot.policies import purposes
from bot.standing_requests.normal import key, normalised

FOLDER = Path(__file__).parent / "phrases"
PURPOSE = "{purpose}"
NOTATION = ("words", "spellings", "courtesy", "weak")
"""Parts of a file that are no lists of phrases."""
MAX_LENGTH = 120
"""Characters. A longer text is no phrase."""
MAX_WORDINGS = 50_000
"""Wordings that one pattern may stand for: more would mean a slip in its notation."""


@dataclass(frozen=True)
class Phrase:
    """A phrase that a text was found to be: its list, how it stands there, and the purposes that fill its gap."""

    part: str
    pattern: str
    language: str
    purposes: tuple[str, ...] = ()


def find(text: str, *parts: str) -> Phrase | None:
    """The phrase that the whole of `text` is, in one of these lists; None when it is none of them."""
    if len(text) > MAX_LENGTH:
        return None
    plain = normalised(text)
    for language in LANGUAGES if plain else ():
        for wording, named in _wordings(_spelt(language, plain)):
            found = _pattern(language, key(wording), parts)
            if found is not None:
                return Phrase(*found, language, named)
    return None


def lists_of(language: str) -> dict[str, list[str]]:
    """The lists of one language with their patterns, in the file's order."""
    return {part: patterns for part, patterns in _content(language).items() if part not in NOTATION}


def notation(language: str, part: str) -> Json:
    """`words` (what each `<name>` stands for), `spellings` (those taken for a word), `courtesy` (words of thanks and
    address that change nothing) or `weak` (phrases that are none with such a word) of one language.
    """
    return _content(language)[part]


def _pattern(language: str, wording: str, parts: Sequence[str]) -> tuple[str, str] | None:
    """The list and pattern of a wording; a word of thanks around it left out."""
    lists, bare = _lists(language), _without_courtesy(language, wording)
    for part in parts:
        found = lists[part].get(wording) or (
            lists[part].get(bare) if bare not in _compared_words(language, "weak") else None
        )
        if found is not None:
            return part, found
    return None


def _without_courtesy(language: str, wording: str) -> str:
    for before, after in _courtesies(language):
        wording = wording.removesuffix(after).removeprefix(before)
    return wording


@cache
def _courtesies(language: str) -> Sequence[tuple[str, str]]:
    """Each word of thanks or address, as it stands before and after the rest."""
    gap = " " if language == "en" else ""
    return [(f"{word}{gap}", f"{gap}{word}") for word in _compared_words(language, "courtesy")]


@cache
def _compared_words(language: str, part: str) -> Sequence[str]:
    """The words of `courtesy` or `weak` in the form of comparison, the longest first."""
    return sorted((_compared(language, word) for word in _content(language)[part]), key=len, reverse=True)


def _wordings(plain: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    """`plain`, and `plain` with what it names replaced by the gap that stands for it."""
    yield plain, ()
    named: dict[str, list[str]] = {}
    for name, purpose in purposes().items():
        for word in itertools.chain.from_iterable(purpose.words.values()):
            plain_word = _plain_word(word)
            if plain_word and plain_word in plain and (gap := _gap(plain, plain_word)) != plain:
                named.setdefault(gap, []).append(name)
    for gap, names in named.items():
        yield gap, tuple(dict.fromkeys(names))


@lru_cache(maxsize=1024)
def _plain_word(word: str) -> str:
    """Asked for each message and each word of the purposes: these seldom change."""
    return normalised(word)


def _gap(plain: str, word: str) -> str:
    if not word.isascii():
        return plain.replace(word, PURPOSE, 1)
    return re.sub(rf"(?<![a-z]){re.escape(word)}s?(?: history| details)?(?![a-z])", PURPOSE, plain, count=1)


def _spelt(language: str, plain: str) -> str:
    return _misspelt(language).sub(lambda match: _spellings(language)[match.group()], plain)


@cache
def _content(language: str) -> dict[str, Json]:
    content: dict[str, Json] = parse_yaml((FOLDER / f"{language}.yml").read_text("utf-8"))
    return content


@cache
def _spellings(language: str) -> dict[str, str]:
    """The right spelling of each wrong one that is listed."""
    listed = _content(language)["spellings"]
    return {normalised(wrong): right for right, wrongs in listed.items() for wrong in wrongs if normalised(wrong)}


@cache
def _misspelt(language: str) -> re.Pattern[str]:
    wrong = sorted(_spellings(language), key=len, reverse=True)
    edge = "(?<![a-z])({})(?![a-z])" if language == "en" else "({})"
    return re.compile(edge.format("|".join(map(re.escape, wrong))))


@cache
def _lists(language: str) -> Mapping[str, Mapping[str, str]]:
    """Of each list every wording it stands for, in the form of comparison, with the first pattern that has it."""
    return {
        part: {wording: pattern for pattern in reversed(patterns) for wording in expand(language, pattern)}
        for part, patterns in lists_of(language).items()
    }


def expand(language: str, pattern: str) -> set[str]:
    """Every wording that a pattern stands for, in the form of comparison.

    Raises:
        ValueError: its brackets do not fit, it names words that are not listed, or it stands for too many wordings.
    """
    pieces = [piece for piece in re.split(r"([()|]|<[^<>]*>)", pattern) if piece]
    try:
        wordings = _alternatives(language, pieces)
    except (IndexError, KeyError) as error:
        raise ValueError(f"phrases/{language}.yml: the brackets or <names> do not fit in: {pattern}") from error
    if pieces:
        raise ValueError(f"phrases/{language}.yml: a bracket too many in: {pattern}")
    if len(wordings) > MAX_WORDINGS:
        raise ValueError(f"phrases/{language}.yml: this stands for {len(wordings)} wordings, split it: {pattern}")
    return wordings


def _alternatives(language: str, pieces: list[str]) -> set[str]:
    """Reads `a|b|c` up to its end or the bracket that closes it; takes what it reads from `pieces`."""
    found, sequence = set[str](), {""}
    while pieces and pieces[0] != ")":
        piece = pieces.pop(0)
        if piece == "|":
            found, sequence = found | sequence, {""}
            continue
        if piece == "(":
            after = _alternatives(language, pieces)
            pieces.pop(0)
        else:
            words = notation(language, "words")[piece[1:-1]] if piece[0] == "<" else [piece]
            after = {_compared(language, word) for word in words}
        sequence = {_joined(language, left, right) for left in sequence for right in after}
    return found | sequence


def _compared(language: str, text: str) -> str:
    """A piece of a pattern in the form of comparison, its gap kept."""
    before, gap, after = text.partition(PURPOSE)
    return _joined(language, _joined(language, key(normalised(before)), gap), key(normalised(after)))


def _joined(language: str, left: str, right: str) -> str:
    """English words are parted by a space, Chinese ones by nothing."""
    return f"{left} {right}".strip() if language == "en" else left + right
