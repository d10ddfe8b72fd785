"""Values that are announced: a cue, such as "my PIN is" or 密码, says what follows it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TypeAlias

from bot.masking.spans import Span

NEAR = 60
"""Characters between a cue and what it announces, at most."""

_LINK = re.compile(
    r"\s{0,4}(?::+|=+>?|->|→|[-–—](?=\s))\s{0,4}"
    r"|\s{1,4}(?:is|was|are|were|be|says|said|reads|shows|ist|war|lautet|est|es)(?:\s{1,4}(?:still|now|actually"
    r"|simply|just|always|probably|originally|currently|set\s{1,4}to))?\s{0,4}:?\s{1,4}"
    r"|['’]s\s{1,4}|\s{0,4}(?:应该是|就是|还是|是|为|為|叫做?|(?:設成|设成|改成|設為|设为|改为"
    r"|换成)了?)\s{0,4}:?\s{0,4}"
)
_SPACE = re.compile(r"\s{1,4}(?:to|as|into)\s{1,4}|\s{0,4}[,-]?\s{0,4}(?:[#№]\s{0,4})?")
_OPENING = re.compile(r"[\"'“”‘’「『(<`*#]{0,2}")
_SENTENCE_END = re.compile(r"[!?;。\n\x00]|\.\s|,\s(?:but|and|so|then)\s|[,，](?:但|可|所以)")


@dataclass(frozen=True)
class Place:
    """Where an announced value may begin.

    `linked`: a colon, "is" or 是 stands before it. `near`: nothing else stands between it and its cue.
    """

    text: str
    at: int
    cue: re.Match[str]
    linked: bool
    near: bool

    @property
    def quote(self) -> str:
        """The sign that opens the value: a quotation mark, or nothing."""
        return self.text[self.at - 1] if self.text[self.at - 1] in "\"'“‘「『`" else ""

    @property
    def colon(self) -> bool:
        """Whether the value stands right after a colon, an equals sign or a dash."""
        return self.near and self.text[self.cue.end() :][:6].lstrip()[:1] in tuple(":=-–—")

    def before(self, length: int = 24) -> str:
        """What stands before the cue."""
        return self.text[max(0, self.cue.start() - length) : self.cue.start()]


Judge: TypeAlias = Callable[[Place], Span | None]
"""Gives the value that begins at a place, or None when it is none."""


def announced(text: str, cue: re.Pattern[str], judge: Judge) -> Iterator[Span]:
    """For each cue the first value after it that `judge` takes for one."""
    for match in cue.finditer(text):
        for place in _places(text, match):
            span = judge(place)
            if span is not None:
                yield span
                break


def _places(text: str, cue: re.Match[str]) -> Iterator[Place]:
    """Right after the cue, then after each link further on in the sentence."""
    link = _LINK.match(text, cue.end())
    if link is not None:
        yield Place(text, _opened(text, link.end()), cue, linked=True, near=True)
    space = _SPACE.match(text, cue.end())
    if space is not None and (link is None or space.end() < link.end()):
        yield Place(text, _opened(text, space.end()), cue, linked=False, near=True)
    end = _SENTENCE_END.search(text, cue.end(), cue.end() + NEAR)
    stop = end.start() if end is not None else min(len(text), cue.end() + NEAR)
    for further in _LINK.finditer(text, cue.end() + 1, stop):
        yield Place(text, _opened(text, further.end()), cue, linked=True, near=False)


def _opened(text: str, at: int) -> int:
    opening = _OPENING.match(text, at)
    return at if opening is None else opening.end()
