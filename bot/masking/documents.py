"""Finds numbers that a state, an insurer or an employer knows somebody by, as in passports, and number plates."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.masking.cues import Place, announced
from bot.masking.patterns import HAN, HAN_DIGIT, LETTER, cue, word_lists
from bot.masking.spans import Span

_LISTS = word_lists("documents")

KIND = "ID"


def documents(text: str) -> Iterator[Span]:
    """Every such number; spans may overlap and come in no order."""
    for pattern in _SHAPES:
        yield from ((*match.span(), KIND) for match in pattern.finditer(text))
    for match in _BRITISH_PLATE.finditer(text):
        if _CAR.search(text, max(0, match.start() - 40), match.end() + 25):
            yield (*match.span(), KIND)
    yield from announced(text, _PLATE_CUE, _plate)
    yield from announced(text, _CUE, _document)


_PROVINCES = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼滬遼魯蘇贛雲陝閩貴瓊"
_SHAPES = (
    # China's identity number: region, date of birth, serial number, a check character.
    re.compile(
        r"(?<![0-9A-Za-z])[1-9]\d{5}[ -]?(?:18|19|20)\d{2}[ -]?(?:0[1-9]|1[0-2])[ -]?(?:0[1-9]|[12]\d"
        r"|3[01])[ -]?\d{3}[\dXx](?![0-9A-Za-z])"
    ),
    re.compile(rf"(?<![{HAN_DIGIT}])[{HAN_DIGIT}](?:[ -]?[{HAN_DIGIT}]){{16,17}}+(?![{HAN_DIGIT}])[Xx]?"),
    # China's number plates.
    re.compile(
        rf"[{_PROVINCES}]\s?[A-Z]\s?[·・•.\- ]?\s?(?=[A-Z0-9]{{0,4}}\d)[A-HJ-NP-Z0-9]{{5,6}}"
        rf"(?![A-Za-z0-9])[挂学警港澳]?",
        re.IGNORECASE,
    ),
    # The USA's social security number, Britain's national insurance number, India's tax number, Italy's tax code.
    re.compile(r"(?<![\d-])\d{3}-\d{2}-\d{4}(?![\d-])"),
    re.compile(
        r"(?<![A-Za-z0-9])[A-CEGHJ-PR-TW-Z][A-Z][ -]?\d{2}[ -]?\d{2}[ -]?\d{2}[ -]?[A-D](?![A-Za-z0-9])", re.IGNORECASE
    ),
    re.compile(r"(?<![A-Za-z0-9])[A-Z]{5}\d{4}[A-Z](?![A-Za-z0-9])"),
    re.compile(r"(?<![A-Za-z0-9])[A-Z]{6}\d{2}[A-Z]\d{2}[A-Z]\d{3}[A-Z](?![A-Za-z0-9])"),
)

# After a cue.

_CUE = cue(_LISTS["cue"], _LISTS["cue_han"])
_BETWEEN = re.compile(
    r"(?:\s{0,4}(?:numbers?|no|nr|num|id|code|card|documents?|is|was|are|['’]s|called|the|my|号码?|號碼?|编号|卡号?"
    r"|账号|证号|后[四六4-6]位|的|"
    r"是|为|為|尾号|:|=|#|№|\(|-|–|,)\.?(?![a-km-z])){0,5}\s{0,4}",
    re.IGNORECASE,
)
_VALUE = re.compile(
    r"[A-Za-z0-9]{1,30}(?:(?:\s-\s|[ ./·・•-])[A-Za-z0-9]{1,30}){0,8}"
    rf"|[{HAN_DIGIT}](?:[ -]?[{HAN_DIGIT}]){{4,30}}[Xx]?"
)
_MEASURED = re.compile(r"\d+(?:st|nd|rd|th|am|pm|x|cm|mm|kg|years?|days?)", re.IGNORECASE)
_YEARS = re.compile(r"(?:19|20)\d\d\W(?:19|20)?\d\d")


def _document(place: Place) -> Span | None:
    if not place.near:
        return _number(place.text, place.at, least=6)
    between = _BETWEEN.match(place.text, place.cue.end())
    return _number(place.text, place.at if between is None else between.end(), least=5)


def _number(text: str, at: int, *, least: int) -> Span | None:
    """Groups of figures and capitals from `at` on, as long as they look like parts of one number."""
    match = _VALUE.match(text, at)
    if match is None:
        return None
    if match.group()[0] in HAN_DIGIT:
        return (*match.span(), KIND)
    end = 0
    for word in re.finditer(r"[^ ]+", match.group()):
        if not _is_group(word.group(), first=not end):
            break
        end = word.end()
    value = match.group()[:end]
    enough = sum(c.isdigit() for c in value) >= 3 and sum(c.isalnum() for c in value) >= least
    return (at, at + end, KIND) if enough and not _YEARS.fullmatch(value) else None


def _is_group(word: str, *, first: bool) -> bool:
    if any(c.isdigit() for c in word):
        return _MEASURED.fullmatch(word) is None
    if first:
        return (word.isupper() and len(word) <= 5) or len(word) <= 2
    return (word.isupper() and len(word) <= 4) or word in ("x", "-")


# Number plates: shapes differ too much from country to country to find one without its cue.

_PLATE_CUE = cue(_LISTS["plate_cue"], _LISTS["plate_cue_han"])
_PLATE = re.compile(
    rf"[A-Za-zÄÖÜäöü]{{1,3}}[ -]?[A-Za-z]{{1,2}}[ -]?\d{{1,4}}[EH]?(?![{LETTER}0-9])"
    r"|(?=[A-Za-z0-9 •·-]{0,9}\d)[A-Za-z0-9]{1,6}(?:[ •·-][A-Za-z0-9]{1,6}){1,2}"
    rf"(?![{LETTER}0-9])|(?=[A-Za-z]{{0,6}}\d)(?=\d{{0,6}}[A-Za-z])[A-Za-z0-9]{{5,8}}(?![{LETTER}0-9])"
    rf"|[{HAN}][A-Za-z][·・•. -]?[A-Za-z0-9]{{4,6}}|\d{{4,7}}(?!\d)"
)
_NO_PLATE = re.compile(
    r"(?:is|and|the|for|with|on|at|in|cm|mm|inch|of|set|pcs|a|or|to|from|my)(?![A-Za-z])", re.IGNORECASE
)
_BRITISH_PLATE = re.compile(
    r"(?<![A-Za-z0-9])[A-HJ-PR-Y][A-HJ-PR-Z]\d{2}\s?[A-HJ-PR-Z]{3}(?![A-Za-z0-9])", re.IGNORECASE
)
_CAR = cue(_LISTS["car"])


def _plate(place: Place) -> Span | None:
    match = _PLATE.match(place.text, place.at)
    if match is None or (not place.near and match.group().isdigit()):
        return None
    return None if any(_NO_PLATE.fullmatch(word) for word in match.group().split()) else (*match.span(), KIND)
