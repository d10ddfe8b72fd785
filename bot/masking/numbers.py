"""Finds numbers that nothing announces: runs of figures, codes of figures and letters, figures in words."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from bot.masking.figures import WORD, figures
from bot.masking.patterns import HAN_DIGIT, LETTER, RUN
from bot.masking.shapes import is_harmless, is_sequence, is_sorted
from bot.masking.spans import DIGITS, Span

FEWEST = 6
"""Figures that a number has at least to be masked without a cue: '12306' and a year say nothing of anybody."""


# Figures in words, and mixed with figures.

_HAN_RUN = re.compile(rf"[{HAN_DIGIT}0-9](?:[\s,.·\-—~]{{0,2}}+[{HAN_DIGIT}0-9])*+")
_ENGLISH_RUN = re.compile(
    rf"(?<![{LETTER}\d])(?:{WORD}|\d+)(?:(?:\s?,\s?(?:then\s|and\s)?|[\s-]{{1,2}}(?:and\s|then\s)?)(?:{WORD}|\d+))+",
    re.IGNORECASE,
)
_WORD = re.compile(WORD, re.IGNORECASE)
_SINGLE = re.compile(
    rf"(?:zero|oh|nought|one|two|three|four|five|six|seven|eight|nine|double|triple|treble|eleven|o)(?![{LETTER}])",
    re.IGNORECASE,
)
_CUE = re.compile(
    r"(?:card|phone|mobile|number|call|ring|cell|pin|code|account|ssn|passport|卡|电话|手机|号|码)[^.!?\n]{0,20}$",
    re.IGNORECASE,
)
_LOOKALIKE = re.compile(r"(?<![A-Za-z0-9])[0-9OolI]+(?:[ .\-/]{1,2}[0-9OolI]+)*+(?![A-Za-z0-9])")


def spoken(text: str) -> Iterator[Span]:
    """Numbers in words, wholly or in part; spans may overlap and come in no order."""
    if not text.isascii():
        for match in _HAN_RUN.finditer(text):
            if _is_han_number(match.group(), text[match.end() : match.end() + 1]):
                yield (*match.span(), DIGITS)
    if _WORD.search(text):
        for match in _ENGLISH_RUN.finditer(text):
            if _is_english_number(match.group(), bool(_CUE.search(text, max(0, match.start() - 40), match.start()))):
                yield (*match.span(), DIGITS)


def lookalikes(text: str) -> Iterator[Span]:
    """Numbers with letters that look like figures: "07700 9OO 456"."""
    for match in _LOOKALIKE.finditer(text):
        if _is_lookalike(match.group()):
            yield (*match.span(), DIGITS)


def _is_han_number(run: str, after: str) -> bool:
    digits = figures(run)
    in_han = sum(c in HAN_DIGIT for c in run)
    if not in_han or len(digits) < 7 or len(set(digits)) == 1 or is_sequence([int(d) for d in digits]):
        return False
    return not (after in ("年", "月") and len(digits) <= 8) and not is_harmless(digits)


def _is_english_number(run: str, cued: bool) -> bool:
    words = _WORD.findall(run)
    singles = len(_SINGLE.findall(run))
    digits = re.sub(r"\D", "", figures(run))
    if not words or (not cued and (is_sequence([int(d) for d in digits]) or len(set(digits)) == 1)):
        return False
    if any(c.isdigit() for c in run):
        spelt = singles >= 2 or cued or "hundred" in run.lower()
        return spelt and len(digits) >= 7 and re.search(r"\d{3}", run) is not None
    return (singles >= 5 and len(digits) >= 6) or (cued and singles >= 3 and len(digits) >= 4)


def _is_lookalike(run: str) -> bool:
    """Whether letters stand for figures here, rather than for litres ("20l 30l") or for themselves."""
    pieces = re.split(r"[ .\-/]+", run)
    figures_ = sum(c.isdigit() for c in run)
    litres = [p for p in pieces if re.fullmatch(r"\d+l", p)]
    mixed = [p for p in pieces if p not in litres and any(map(str.isdigit, p)) and any(map(str.isalpha, p))]
    letters = [p for p in pieces if p.isalpha()]
    sure = bool(mixed) or (bool(litres) and "-" in run) or (bool(letters) and len(pieces) >= 3)
    length = sum(len(p) for p in pieces)
    return sure and all(len(p) >= 2 for p in letters) and figures_ >= 4 and length >= 7


# Codes of figures and letters.

_CODE = re.compile(r"(?<![A-Za-z0-9\[\x00])(?=\d{0,40}[A-Za-z])(?=[A-Za-z]{0,40}\d)[A-Za-z0-9]{7,60}+")
_LONG = re.compile(r"\d{6}")
_LETTERS = re.compile(r"[A-Za-z]+")


def codes(text: str) -> Iterator[Span]:
    """Words of letters and figures that name no product: with six figures in a row, or as many among few letters."""
    for match in _CODE.finditer(text):
        code = match.group()
        many = sum(c.isdigit() for c in code) >= FEWEST and len(code) >= 9
        if (many or _LONG.search(code)) and not _is_speaking(code):
            yield (*match.span(), "NUMBER")


def _is_speaking(code: str) -> bool:
    """Whether its letters are a word, as in SUMMER2026OFF20, and its figures are few at a time."""
    longest = max(re.findall(r"\d+", code), key=len)
    letters = max(_LETTERS.findall(code), key=len)
    vowels = sum(c in "aeiouyAEIOUY" for c in letters)
    is_word = len(letters) >= 4 and vowels * 5 >= len(letters) and not re.search(r"[^aeiouyAEIOUY]{5}", letters)
    return is_word and len(longest) <= 4


# Runs of figures.

_RUN = re.compile(RUN + r"(?:[xX](?![A-Za-z0-9]))?")
_NEW_ITEM = re.compile(r"(?<=\S)[,;!?.:]\s+|\s+[,;]\s{0,4}|\n")
_END_OF_WORD = re.compile(r"\d{1,3}\D+(?=\d)")


def runs(text: str) -> Iterator[Span]:
    """Six figures and more with little between them, unless they look like a date, an amount, a range or a list."""
    for match in _RUN.finditer(text):
        if sum(c.isdigit() for c in match.group()) >= FEWEST:
            yield from _items(match.group(), match.start(), glued=text[match.start() - 1 : match.start()].isalpha())


def _items(run: str, at: int, *, glued: bool) -> Iterator[Span]:
    """The whole run when its parts belong together, else those of its parts that are numbers by themselves.

    `glued`: a letter stands before it, so that its first figures may belong to a word, as in "E27 2700 K".
    """
    if glued and (word := _END_OF_WORD.match(run)) is not None:
        run, at = run[word.end() :], at + word.end()
    cuts = [0, *(cut.end() for cut in _NEW_ITEM.finditer(run)), len(run)]
    items = [(start, end) for start, end in zip(cuts, cuts[1:], strict=False) if start < end]
    if len(items) == 1 or _belong_together([run[start:end] for start, end in items]):
        if sum(c.isdigit() for c in run) >= FEWEST and not is_harmless(run):
            yield at, at + len(run), DIGITS
        return
    for start, end in items:
        part = run[start:end].rstrip(" ,;!?.:\n")
        if sum(c.isdigit() for c in part) >= FEWEST and not is_harmless(part):
            yield at + start, at + start + len(part), DIGITS


def _belong_together(items: Sequence[str]) -> bool:
    """Whether a number was written with commas: "4111, 1111, 1111, 1111"; not so "36, 38, 40" or "300, 500, 1000"."""
    groups = [re.sub(r"\D", "", item) for item in items]
    if any(len(group) >= FEWEST + 1 for group in groups):
        return False
    if any(group.startswith("0") and len(group) > 1 for group in groups):
        return sum(map(len, groups)) >= 7
    total = "".join(groups)
    alike = len(groups) >= 3 and all(len(group) == 4 for group in groups[:-1])
    mobile = re.fullmatch(r"1[3-9]\d{9}", total) is not None
    return (alike or mobile) and not is_sorted([int(group) for group in groups])
