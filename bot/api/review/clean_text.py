"""What staff write: a text with something in it."""

from __future__ import annotations

import unicodedata
from typing import Annotated, TypeAlias

from pydantic import AfterValidator


def _something(text: str) -> str:
    """Control characters gone, ends trimmed; something has to be left."""
    text = "".join(c for c in text if c in "\n\t" or unicodedata.category(c) not in ("Cc", "Cs")).strip()
    if not any(unicodedata.category(c)[0] not in "CZ" for c in text):
        raise ValueError("Write something first: the text is empty.")
    return text


Written: TypeAlias = Annotated[str, AfterValidator(_something)]
"""A text of staff's; 400 when nothing of it is left."""
