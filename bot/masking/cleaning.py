"""One spelling for what looks the same: full-width, circled, keycap and foreign digits; nothing invisible."""

from __future__ import annotations

import re
import unicodedata

_INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u20dd-\u20e4\u3164\ufe00-\ufe0f"
    "\ufeff\uffa0\ufff0-\ufffb\U000e0000-\U000e0fff\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]"
)
_MARKED_DIGIT = re.compile(r"(\d)[\u0300-\u036f\u0483-\u0489\u0591-\u05bd\u0610-\u061a\u064b-\u065f\u20d0-\u20f0]+")
_FOREIGN_DIGIT = re.compile(r"[^\D\x00-\x7f]")
_TYPED_PLACEHOLDER = re.compile(r"\[(\s{0,4}[A-Za-z]+\s{0,4}_\s{0,4}\d+\s{0,4})\]")


def clean(text: str) -> str:
    """`text` in NFKC without invisible characters, digits as 0-9, typed placeholders defused. Twice is as once."""
    if not text.isascii():
        text = _INVISIBLE.sub("", unicodedata.normalize("NFKC", _INVISIBLE.sub("", text)))
        text = _FOREIGN_DIGIT.sub(lambda match: str(unicodedata.decimal(match.group())), text)
        text = unicodedata.normalize("NFKC", _MARKED_DIGIT.sub(r"\1", text))
    else:
        text = _INVISIBLE.sub("", text)
    return _TYPED_PLACEHOLDER.sub(r"(\1)", text)
