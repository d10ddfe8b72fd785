"""What an agent at the desk sees of card numbers and secrets: enough to talk about them, not enough to use them."""

from __future__ import annotations

from bot.masking.cleaning import clean
from bot.masking.finder import DEFAULT_FINDER, Finder

HIDDEN = "•••"
_SHORTENED = {"SECRET", "CARD"}


def shorten(text: str, finder: Finder = DEFAULT_FINDER) -> str:
    """`text` with each secret as `•••` and each card number as `•••• 1111`; unchanged where there is none.

    Where one was written with signs that only look like its figures and letters, the whole text comes back in its
    plain spelling (`clean`).
    """
    cleaned = clean(text)
    spans = [span for span in finder.secret_spans(cleaned) if span[2] in _SHORTENED]
    if not spans:
        return text
    values = [cleaned[start:end] for start, end, _ in spans]
    short = [_short(kind, value) for (_, _, kind), value in zip(spans, values, strict=True)]
    return _replaced(text, values, short) or _replaced(cleaned, values, short) or HIDDEN


def _short(kind: str, value: str) -> str:
    digits = [c for c in value if c.isdigit()]
    return f"•••• {''.join(digits[-4:])}" if kind == "CARD" and len(digits) >= 12 else HIDDEN


def _replaced(text: str, values: list[str], short: list[str]) -> str | None:
    """`text` with each value, which come in order, replaced; None when one does not stand in it as it is."""
    result, at = "", 0
    for value, instead in zip(values, short, strict=True):
        start = text.find(value, at)
        if start < 0:
            return None
        result, at = result + text[at:start] + instead, start + len(value)
    return result + text[at:]
