"""Texts from outside: which of them can be stored, and how they are cleaned before that."""

from __future__ import annotations

import unicodedata
from typing import TypeGuard

from bot.core.errors import BadRequest, TooLarge

MAX_TEXT = 4000
"""Characters in one message."""
NO_NUL = r"^[^\x00]*$"
"""For pydantic's fields with a length, which refuse half characters by themselves."""


def storable(text: object, longest: int) -> TypeGuard[str]:
    """Is it a text of 1 to `longest` characters that database and JSON take: whole characters, none of them NUL?

    JSON may hold half a character (a lone surrogate, `"\\ud800"`), which no encoding takes; PostgreSQL takes no NUL.
    """
    if not isinstance(text, str) or not 1 <= len(text) <= longest:
        return False
    return not any(character == "\0" or _is_half(character) for character in text)


def clean_text(text: object) -> str:
    """A visitor's text as it is stored: control characters but line feed and tab removed, ends trimmed.

    Raises:
        BadRequest: `text_missing`, it is no text; `text_not_unicode`, it holds half a character; `text_empty`.
        TooLarge: `text_too_long`, it is longer than 4,000 characters.
    """
    if not isinstance(text, str):
        raise BadRequest("Send the message as a text.", code="text_missing")
    if len(text) > MAX_TEXT:
        raise TooLarge(f"Send at most {MAX_TEXT:,} characters in one message.", code="text_too_long")
    if any(map(_is_half, text)):
        raise BadRequest("Send the message as valid Unicode: it holds half a character.", code="text_not_unicode")
    cleaned = without_controls(text)
    if is_blank(cleaned):
        raise BadRequest("Write something first: the message is empty.", code="text_empty")
    return cleaned


def without_controls(text: str) -> str:
    """The text without control characters, but for line feed and tab, and without half characters; ends trimmed."""
    return "".join(c for c in text if c in "\n\t" or unicodedata.category(c) not in ("Cc", "Cs")).strip()


def is_blank(text: str) -> bool:
    """Does it hold nothing but spaces, control and format characters?"""
    return all(unicodedata.category(c) in ("Cc", "Cf", "Zs", "Zl", "Zp") for c in text)


def _is_half(character: str) -> bool:
    return "\ud800" <= character <= "\udfff"
