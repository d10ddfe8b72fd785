"""A message in parts: a request may stand beside a question, and the question is answered as well."""

from __future__ import annotations

import re

MAX_CLAUSES = 12
"""Parts of one message that are looked at each by itself; a longer message's end is one part."""
_CUT = re.compile(
    r"[.!?;,:](?=\s|$|[\u3400-\u9fff])|[\n。！？；，：]|\s[-–—]\s"
    r"|(?<=\s)(?=(?:and|but|also|so|plus|by the way|btw|because|though)\s)"
    r"|(?=另外|顺便|还有|而且|但是|不过|然后|同时|并且|再说|所以|因为)",
    re.IGNORECASE,
)
_WORDS = re.compile(r"[a-z0-9'’]+|[\u3400-\u9fff]", re.IGNORECASE)
_LINK = re.compile(
    r"^(?:(?:and|but|also|so|plus|by the way|btw|then|now)[\s,]+)+|^(?:另外|顺便|还有|而且|但是|不过|然后|同时"
    r"|并且|再说|所以|因为|现在)+[，,\s]*",
    re.IGNORECASE,
)
Span = tuple[int, int]


def clauses(text: str) -> list[Span]:
    """Start and end of each part, in order; one for a message that has no parts."""
    spans, start = list[Span](), 0
    for cut in _CUT.finditer(text):
        if len(spans) < MAX_CLAUSES - 1 and _says_something(text[start : cut.start()]):
            spans.append((start, cut.end()))
            start = cut.end()
    if _says_something(text[start:]):
        spans.append((start, len(text)))
    elif spans:
        spans[-1] = (spans[-1][0], len(text))
    return spans or [(0, len(text))]


def without_link(text: str) -> str:
    """A part of a message without the word that links it to the others: "and stop that" as "stop that"."""
    return _LINK.sub("", text.strip())


def length(text: str) -> int:
    """How many words it has; a Chinese character counts as one."""
    return len(_WORDS.findall(text))


def _says_something(text: str) -> bool:
    return _WORDS.search(text) is not None
