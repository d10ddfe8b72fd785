"""What a finder gives: spans of a text, each with its kind. Finders that run later do not see what was found before."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import TypeAlias

Span: TypeAlias = tuple[int, int, str]
"""Start, end and kind."""
Find: TypeAlias = Callable[[str], Iterable[Span]]
"""A finder: reads a cleaned text, gives spans that do not overlap, in order."""

HARMLESS = ""
"""The kind of a span that identifies nobody, such as a price: later finders leave it alone and it stays in the text."""
DIGITS = "DIGITS"
"""The kind of a number that is a PHONE or a NUMBER; which of them is decided once all are found."""
FOUND, LEFT = "\x00", "\x01"
"""Stand for what was found and for what is harmless while later finders run; a cleaned text holds neither."""

_BETWEEN = re.compile(f"[^{FOUND}{LEFT}]+")


@dataclass(frozen=True)
class Found:
    """One identifier: its kind as in the placeholder's name, and the text it stands for."""

    kind: str
    value: str = field(repr=False)


Part: TypeAlias = str | Found


def blot(text: str, spans: Iterable[Span]) -> str:
    """`text` at its length, with a mark for each character of the spans."""
    pieces, at = [], 0
    for start, end, kind in spans:
        pieces += [text[at:start], (LEFT if kind == HARMLESS else FOUND) * (end - start)]
        at = end
    return "".join(pieces) + text[at:]


def free(text: str, spans: Iterable[Span]) -> Iterator[Span]:
    """The spans without what earlier finders took; in order and apart: of two that overlap the first goes on.

    Args:
        text: with marks where earlier finders found something.
    """
    for start, end, kind in _apart(spans):
        for match in _BETWEEN.finditer(text, start, end):
            left = match.group()
            whole = match.span() == (start, end)
            if left.strip() and (whole or any(character.isalnum() for character in left)):
                begin = match.start() + len(left) - len(left.lstrip())
                yield begin, match.end() - len(left) + len(left.rstrip()), kind


def _apart(spans: Iterable[Span]) -> Iterator[Span]:
    """Of those that begin together the longest; those of one kind that overlap as one, of two kinds the first whole."""
    whole: Span | None = None
    for start, end, kind in sorted(spans, key=lambda span: (span[0], -span[1])):
        if whole is None or start >= whole[1]:
            if whole is not None:
                yield whole
            whole = (start, end, kind) if start < end else None
        elif end > whole[1] and kind == whole[2]:
            whole = whole[0], end, kind
        elif end > whole[1]:
            yield whole
            whole = whole[1], end, kind
    if whole is not None:
        yield whole
