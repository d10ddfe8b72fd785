"""Finds dates of birth: dates beside words that say so."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.masking.patterns import (
    DATE,
    DAY,
    DAY_AND_MONTH,
    HAN_DATE,
    LETTER,
    MONTH_NUMBER,
    SHORT_DATE,
    YEAR,
    cue,
    word_lists,
)
from bot.masking.spans import Span

_LISTS = word_lists("births")

KIND = "DATE"

_CUE = cue(_LISTS["cue"], _LISTS["cue_han"])
_LINK = re.compile(
    r"(?:\s{0,4}(?:is|was|['’]s|on|in|the|at|am|le|op|\([^)\n]{0,20}\)|[:=\-–(,]|[是为在于即]|就是|农历|阳历"
    r"|公历)){0,4}\s{0,4}",
    re.IGNORECASE,
)
_COMPACT = rf"(?:{YEAR}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])|(?:0[1-9]|[12]\d|3[01])(?:0[1-9]|1[0-2]){YEAR})(?!\d)"
_WITH_YEAR = re.compile(
    rf"(?:{DATE}|{HAN_DATE}|{_COMPACT}|{SHORT_DATE}(?!\d)|\d{{2}}[./-]{MONTH_NUMBER}[./-]{DAY}(?!\d))"
    rf"|{DAY}\s{MONTH_NUMBER}\s(?:{YEAR}|\d{{2}})(?!\d)|{YEAR}[ .]{MONTH_NUMBER}(?:[ .]{DAY})?(?!\d)"
    r"|(?:0[1-9]|[12]\d|3[01])(?:0[1-9]|1[0-2])\d{2}(?!\d)",
    re.IGNORECASE,
)
_WITHOUT_YEAR = re.compile(
    rf"{DAY_AND_MONTH}|\d{{1,2}}\s?月\s?\d{{1,2}}\s?[日号號]?|{DAY}[./]{MONTH_NUMBER}\.?(?![\d./])"
    r"|[一二三四五六七八九十]{1,2}月[一二三四五六七八九十廿初]{1,3}[日号]?",
    re.IGNORECASE,
)
_YEAR_ALONE = re.compile(rf"{YEAR}(?!\d)|['’]\d\d(?!\d)")
_AFTERWARDS = re.compile(
    rf"(?P<date>{DATE}|{HAN_DATE}|{_COMPACT}|(?<!\d){SHORT_DATE}(?!\d))\s?(?:\(?\s?(?:is|was|as|=|-|,)?\s?\(?(?:(?:my|her|his|the)\s)?"
    rf"(?:date\sof\sbirth|birth\s?-?da(?:te|y)|d\.?o\.?b\.?|when\si\swas\sborn)(?![{LETTER}])"
    r"|出?生(?:人|的|于)?(?![产意日活成])|是我(?:的)?(?:生日|出生))"
    r"|(?P<day>\d{1,2}月\d{1,2}[日号])的?(?:是我?的?)?生日(?![会礼派蛋惊快那当])",
    re.IGNORECASE,
)
_STAR = re.compile(rf"(?<!\S)\*\s?(?P<date>{DAY}\.\s?{MONTH_NUMBER}\.\s?(?:19\d\d|20[01]\d))(?!\d)")
_BIRTHDAY = re.compile(r"b(?:irth)?-?\s?days?|geburtstag|生日", re.IGNORECASE)
_TELLS = re.compile(r"is|was|['’]s|是|:", re.IGNORECASE)
_CLAUSE_END = re.compile(r"\s{0,4}(?:[.,;!?。\n)]|$)")


def births(text: str) -> Iterator[Span]:
    """Dates of birth; spans may overlap and come in no order."""
    cues = list(_CUE.finditer(text))
    for words in cues:
        span = _after(text, words)
        if span is not None:
            yield span
    if cues or "生" in text:
        yield from ((*match.span(match.lastgroup or 0), KIND) for match in _AFTERWARDS.finditer(text))
    yield from ((*match.span("date"), KIND) for match in _STAR.finditer(text))


def _after(text: str, words: re.Match[str]) -> Span | None:
    """The date after these words. A birthday of this year may be when something is needed: that is no date of birth."""
    link = _LINK.match(text, words.end())
    at = words.end() if link is None else link.end()
    said = text[words.end() : at]
    festive = _BIRTHDAY.fullmatch(words.group()) is not None
    match = _WITH_YEAR.match(text, at)
    if match is not None:
        soon = re.search(r"20[2-9]\d", match.group()) is not None
        return None if festive and soon and not _TELLS.search(said) else (*match.span(), KIND)
    match = _WITHOUT_YEAR.match(text, at)
    if match is not None:
        own = re.search(r"(?:^|my|我的?|[,;(])\s?$", text[: words.start()], re.IGNORECASE) is not None
        alone = own and _CLAUSE_END.match(text, match.end()) is not None and not re.search(r"on|at", said)
        return (*match.span(), KIND) if not festive or alone or _TELLS.search(said) else None
    match = _YEAR_ALONE.match(text, at)
    return None if match is None or (festive and re.match(r"20[2-9]", match.group())) else (*match.span(), KIND)
