"""Tokens that nobody would think of: long, and of several kinds of characters in no order."""

from __future__ import annotations

import re

CHUNK = re.compile(r"(?<![A-Za-z0-9+/_=~-])[A-Za-z0-9+/_=~-]{16,}+(?!\s?@)")
"""What may be such a token."""
_HEX = re.compile(r"[0-9a-fA-F]{24,}")
_SEPARATORS = re.compile(r"[-_/+=~]+")
_SYLLABLES = re.compile(
    r"[A-Za-z]?[aeiou]?[b-df-hj-np-tv-z]{0,2}[aeiouy][b-df-hj-np-tv-z]{1,8}[aeiouy]?[a-z]{0,20}|(?:DAYS?|HOURS?|MINS?"
    r"|HRS|SECS?)"
)


def is_random(token: str) -> bool:
    """Whether letters and figures of some length change places as in no word and no number."""
    if _HEX.fullmatch(token):
        return any(c.isdigit() for c in token) and any(c.isalpha() for c in token)
    longest = max(_SEPARATORS.split(token), key=len)
    if len(longest) < 16 or not any(c.isdigit() for c in longest) or len(_SYLLABLES.findall(longest)) >= 2:
        return False
    return (sorts(longest) == 3 and changes(longest) >= 6) or (
        sorts(longest) == 2 and changes(longest) >= 7 and len(longest) >= 20
    )


def sorts(token: str) -> int:
    """How many of the three there are: figures, small letters, capitals."""
    return len({_sort(c) for c in token})


def changes(token: str) -> int:
    """How often one is followed by another."""
    return sum(_sort(a) != _sort(b) for a, b in zip(token, token[1:], strict=False))


def _sort(character: str) -> int:
    return 0 if character.isdigit() else 1 if character.islower() else 2
