"""Identifiers of one message, found before any transaction: so many are kept apart, others share one placeholder."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bot.masking.cleaning import clean
from bot.masking.figures import figures
from bot.masking.finder import Finder, kind_of
from bot.masking.spans import DIGITS, Found, Part

MOST = 64
"""Different values of one message that are kept. More than anybody needs; nobody can hold the database up with more."""
MORE = "MORE"
"""The kind of all values beyond them: `[MORE_1]` stands for every one, and none of them is kept."""
ANSWER = "ANSWER"
"""The kind of a personal answer's text, which the engine never sees."""
_SPOKEN = ("ORDER", "NUMBER", "PHONE", "CARD")


def find(finder: Finder, text: str) -> Sequence[Part]:
    """`text`, cleaned, as plain strings and identifiers in order. Reads nothing but its arguments and writes nothing.

    A number in words has its figures as its value, so that it can be looked up. Beyond `MOST` different values each
    further one is a `Found` of kind `MORE` without a value.
    """
    cleaned = clean(text)
    parts: list[Part] = []
    at = 0
    for start, end, found in _kept(finder, cleaned):
        parts += [cleaned[at:start], found]
        at = end
    parts.append(cleaned[at:])
    return [part for part in parts if part != ""]


def canonical(kind: str, value: str) -> str:
    """The same number in another spelling is the same value: `+44 20 7946 0018` and `+442079460018`."""
    if kind in (ANSWER, "SECRET"):
        return value
    if kind in ("EMAIL", "NAME", "ADDRESS"):
        return " ".join(value.casefold().split())
    return "".join(c for c in value if c.isalnum() or c == "+").upper()


def _kept(finder: Finder, cleaned: str) -> Iterator[tuple[int, int, Found]]:
    kept: dict[tuple[str, str], Found] = {}
    for start, end, kind in finder.spans(cleaned):
        value = cleaned[start:end]
        key = kind, canonical(kind, value)
        if key not in kept:
            if len(kept) == MOST:
                yield start, end, Found(MORE, "")
                continue
            # Whether a number can be called is asked for those alone that are kept: it takes longer than finding them.
            named = kind_of(value) if kind == DIGITS else kind
            kept[key] = Found(named, _figures(named, value))
        yield start, end, kept[key]


def _figures(kind: str, value: str) -> str:
    digits = sum(c.isdigit() for c in value)
    return figures(value) if kind in _SPOKEN and digits < 4 else value
