"""What the engine would see of a text, without a database."""

from __future__ import annotations

from bot.masking import DEFAULT_FINDER, Finder, Found
from bot.masking.cleaning import clean
from bot.masking.finder import kind_of
from bot.masking.spans import DIGITS, Part


def parts(text: str, finder: Finder = DEFAULT_FINDER) -> list[Part]:
    """The text, cleaned, as plain strings and identifiers."""
    cleaned = clean(text)
    found: list[Part] = []
    at = 0
    for start, end, kind in finder.spans(cleaned):
        value = cleaned[start:end]
        found += [cleaned[at:start], Found(kind_of(value) if kind == DIGITS else kind, value)]
        at = end
    return [part for part in [*found, cleaned[at:]] if part != ""]


def kinds(text: str) -> list[str]:
    """The kinds of the identifiers in it, in order."""
    return [part.kind for part in parts(text) if isinstance(part, Found)]


def masked(text: str) -> str:
    """With a placeholder for each, numbered as if each stood for something else."""
    result, counts = "", dict[str, int]()
    for part in parts(text):
        if isinstance(part, str):
            result += part
            continue
        counts[part.kind] = counts.get(part.kind, 0) + 1
        result += f"[{part.kind}_{counts[part.kind]}]"
    return result


def shown(text: str) -> str:
    """What is left of it, with a mark where each identifier stood."""
    return "\x00".join(part for part in parts(text) if isinstance(part, str))
