"""Which texts from outside can be stored and sent on."""

from __future__ import annotations

from typing import TypeGuard

NO_NUL = r"^[^\x00]*$"
"""For pydantic's fields with a length, which refuse half characters by themselves."""


def storable(text: object, longest: int) -> TypeGuard[str]:
    """Is it a text of 1 to `longest` characters that database and JSON take: whole characters, none of them NUL?

    JSON may hold half a character (a lone surrogate, `"\\ud800"`), which no encoding takes; PostgreSQL takes no NUL.
    """
    if not isinstance(text, str) or not 1 <= len(text) <= longest:
        return False
    return not any(character == "\0" or "\ud800" <= character <= "\udfff" for character in text)
