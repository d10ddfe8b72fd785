"""What a door takes: texts that are texts, and not too many a minute."""

from __future__ import annotations

import time
import unicodedata
from collections import OrderedDict, deque

from bot.core.errors import BadRequest, TooLarge, TooMany

LONGEST_TEXT = 4000
"""Characters in one message."""
REMEMBERED = 20_000
"""Conversations whose rate is remembered."""


def clean_text(text: object) -> str:
    """The text as it is stored: control characters gone, ends trimmed.

    Raises:
        BadRequest: it is no text, or nothing of it is left.
        TooLarge: it is longer than 4,000 characters.
    """
    if not isinstance(text, str):
        raise BadRequest("Send the message as a text.", code="text_missing")
    if len(text) > LONGEST_TEXT:
        raise TooLarge(f"Send at most {LONGEST_TEXT:,} characters in one message.", code="text_too_long")
    if any("\ud800" <= character <= "\udfff" for character in text):
        raise BadRequest("Send the message as valid Unicode: it holds half a character.", code="text_not_unicode")
    cleaned = "".join(c for c in text if c in "\n\t" or unicodedata.category(c) != "Cc").strip()
    if not cleaned or not any(unicodedata.category(c) not in ("Cf", "Zs", "Zl", "Zp") for c in cleaned):
        raise BadRequest("Write something first: the message is empty.", code="text_empty")
    return cleaned


class Rate:
    """At most so many calls a minute for each key, within this process."""

    def __init__(self, per_minute: int) -> None:
        self._per_minute = per_minute
        self._calls: OrderedDict[str, deque[float]] = OrderedDict()

    def count(self, key: str) -> None:
        """Count one call.

        Raises:
            TooMany: there were too many in the last minute.
        """
        moment = time.monotonic()
        calls = self._calls.setdefault(key, deque())
        self._calls.move_to_end(key)
        while calls and calls[0] < moment - 60:
            calls.popleft()
        if len(calls) >= self._per_minute:
            raise TooMany("That was a lot at once. Wait a moment, then send it again.")
        calls.append(moment)
        while len(self._calls) > REMEMBERED:
            self._calls.popitem(last=False)
