"""Finds figures that identify nobody: dates, times, prices, sizes, versions, article numbers, coupons. They stay.

These are those whose form or cue leaves no doubt. What merely looks so (a range, a list) bot.masking.numbers leaves
alone, once numbers were looked for by their cues, so that "tel 22 33 44" is a phone number all the same.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from stdnum import isbn

from bot.masking.patterns import (
    CURRENCY,
    DATE,
    DAY,
    HAN_DATE,
    LETTER,
    MONTH_NUMBER,
    SHORT_DATE,
    UNIT,
    YEAR,
    cue,
    either,
    vocabulary,
    word_lists,
)
from bot.masking.spans import HARMLESS, Span

_LISTS = word_lists("harmless")

_FIGURE = re.compile(r"\d|年")


def harmless(text: str) -> Iterator[Span]:
    """Figures to be left alone; spans may overlap and come in no order."""
    if not _FIGURE.search(text):
        return
    for pattern in (_DATES, _TIMES, _SIZES, _COUNTS, _MONEY, _AMOUNT_OF, _BIG_ROUND, _CARD_ENDING, _COLOUR):
        yield from ((*match.span(), HARMLESS) for match in pattern.finditer(text))
    yield from ((*match.span(), HARMLESS) for match in _ISBN.finditer(text) if isbn.is_valid(match.group()))
    yield from ((*match.span("value"), HARMLESS) for match in _BEFORE_ARTICLE.finditer(text))
    for words, value in ((_ARTICLE_CUE, _ARTICLE), (_COUPON_CUE, _COUPON)):
        for match in words.finditer(text):
            link = _IS.match(text, match.end())
            code = value.match(text, match.end() if link is None else link.end())
            if code is None or not any(c.isdigit() for c in code.group()):
                continue
            if not _LIKE_PHONE.match(code.group()) or _ON_A_BOX.match(match.group()):
                yield (*code.span(), HARMLESS)


def is_date_or_size(text: str, start: int, end: int) -> bool:
    """Whether it is a date, a time or a size, whatever announces it, as in "call me at 10.30, 11.30 or 12.30"."""
    matches = (pattern.match(text, start) for pattern in (_DATES, _TIMES, _SIZES, _COUNTS))
    return any(match is not None and match.end() >= end for match in matches)


_START = r"(?<![A-Za-z0-9_\x00])(?<!\d[.,:/'’-])(?<!\d[ ])(?<!\d\s[-–—/+]\s)"
"""Where an amount may begin: not within a longer number."""
_AMOUNT = r"(?:[1-9]\d{0,2}(?:[ ,.'’]\d{3})+(?:[.,]\d{1,2})?|(?:[1-9]\d{0,4}|0)[.,]\d{1,3}|[1-9]\d{0,8}|0)(?!\d)"
_RANGE = rf"(?:{_AMOUNT}(?:\s?(?:[-–—~/+±x×*]|to|bis|到|至)\s?{_AMOUNT}){{0,3}})"

# Dates and times.

_DATES = re.compile(
    r"(?<!\d)(?=[\djfmasondJFMASOND零〇一二三四五六七八九])(?<!\d[./-])"
    rf"(?:(?:{DAY}\.?{MONTH_NUMBER}?\.?\s?[-–—]\s?)?(?:{DATE})(?!\d|[./-]\d)(?:\s?(?:[-–—~/]|to|until|bis)\s?"
    rf"(?:{DATE})(?!\d|[./-]\d)){{0,3}}"
    rf"|{HAN_DATE}|(?:{DAY}[./]{MONTH_NUMBER}\.?\s?[-–—]\s?){{1,2}}(?:{SHORT_DATE}|{DATE})(?!\d|[./-]\d)"
    rf"|{YEAR}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])T[\d:.]{{4,15}}(?:Z|[+-]\d\d:?\d\d)?)",
    re.IGNORECASE,
)
_HOUR = r"(?:[01]?\d|2[0-4])"
_NOON = r"(?:\s?[ap]\.?m\.?(?![A-Za-z]))?"
_CLOCK = rf"(?:{_HOUR}:[0-5]\d(?::[0-5]\d)?(?!\d|:\d)){_NOON}"
_HOURS = r"\s?(?:[ap]\.?m\.?|h|hrs|uhr|o['’]?clock)"
_TIMES = re.compile(
    rf"(?<![\d:])(?<!\d[.,-]){_CLOCK}(?:\s?(?:[-–—~/,]|to|till|until|and|or|bis|到|至)\s?{_CLOCK}){{0,6}}"
    rf"|(?<![\d:.,-]){_HOUR}(?:[:.h][0-5]\d)?{_HOURS}(?:\s?[-–—~]\s?{_HOUR}(?:[:.h][0-5]\d)?{_HOURS})?(?![A-Za-z])"
    r"|(?<![\d:.,-])(?:[01]\d|2[0-4])(?:00|15|30|45)\s?[-–—~]\s?(?:[01]\d|2[0-4])(?:00|15|30|45)(?!\d|[-.,]\d)"
    rf"|(?<![\d:.,-]){_HOUR}\.[0-5]\d(?:\s?(?:[,/–-]|and|or|to|und|bis|until|till)\s?{_HOUR}\.[0-5]\d){{1,6}}(?!\d"
    rf"|[.,-]\d)",
    re.IGNORECASE,
)

# Amounts.

_MONEY = re.compile(
    rf"{_START}{CURRENCY}\s?{_RANGE}(?:\s?{CURRENCY})?|{_START}{_RANGE}\s?{CURRENCY}"
    rf"|{_START}[1-9]\d{{0,2}}(?:[.,'’ ]\d{{3}})+[.,]\d{{2}}(?!\d|[.,/-]\d| \d)|{_START}(?:[1-9]\d{{0,4}}"
    rf"|0)[.,]\d{{2}}(?!\d|[.,:/-]\d| \d|\s[-–—/]\s\d)"
    rf"|{_START}(?:[1-9]\d{{0,4}}|0)[.,]\d{{2}}(?:[ ;/]{{1,3}}(?:[1-9]\d{{0,4}}|0)[.,]\d{{2}}){{1,8}}(?!\d|[.,:/-]\d"
    rf"| \d)"
    rf"|[₹]\s?\d{{1,3}}(?:,\d{{2,3}}){{1,4}}(?!\d)"
)
_SIDE = r"(?:[1-9]\d{0,4}|0)(?:[.,]\d{1,3})?"
_LENGTH = r"(?:\s?(?:cm|mm|m|in|inch|ft|\"|″|'))?"
_EDGE = r"[wdhlbtWDHLBT](?:idth|epth|eight|ength)?\s?:?\s?"
_SIZES = re.compile(
    rf"(?<![A-Za-z0-9_.,\x00])(?<!\d[*×xX./)-])(?<!\d{{3}} )(?:[øØ⌀]\s?)?"
    rf"{_SIDE}{_LENGTH}(?:\s?[xX×*✕]\s?{_SIDE}{_LENGTH}){{1,4}}(?![\dA-Za-z])"
    rf"|(?<![A-Za-z0-9_\x00]){_EDGE}{_SIDE}(?:\s?(?:cm|mm))?(?:\s?[xX×,/]?\s?{_EDGE}{_SIDE}(?:\s?(?:cm|mm))?){{1,3}}"
)
_COUNTS = re.compile(
    rf"{_START}[+±-]?{_RANGE}\s?(?:-\s?)?{UNIT}|(?<![A-Za-z0-9_\x00.,:/'’-])[1-9]\d{{0,6}}(?=[A-Za-z]{{2}}){UNIT}"
)
_AMOUNT_WORDS = vocabulary(_LISTS["amount_words"])
_AMOUNT_OF = re.compile(
    rf"{_START}(?:(?<![{LETTER}])(?:{_AMOUNT_WORDS})(?![{LETTER}])"
    r"|共|总共|一共|价格|售价|金额|花了|付了|满|减|约|超过)"
    rf"(?:\s(?:is|was|of|for|at|by|grew|rose|fell|me|us|only|around|about|just|the)){{0,4}}\s?[:=]?\s?[+-]?{_AMOUNT}"
    rf"(?![.,:/-]?\d| \d)",
    re.IGNORECASE,
)
_BIG_ROUND = re.compile(r"(?<![\d.,])[+-]?[1-9]\d{0,2}(?:[ .,'’]\d{3}){0,4}[ .,'’]000(?!\d|[ .,]\d)")
_COLOUR = re.compile(
    r"(?<![A-Za-z])(?:rgba?|hsla?|cmyk)\s?\(?\s?\d{1,3}%?(?:\s?[,/ ]\s?\d{1,3}(?:\.\d{1,2})?%?){2,3}\)?",
    re.IGNORECASE,
)
_CARD_ENDING = re.compile(
    r"(?:ending|ends)(?:\s(?:in|with|on))?\s?:?\s?\d{4}(?!\d)|last\s(?:4|four)(?:\sdigits?)?(?:\s(?:are|is"
    r"|of\s\w{2,9}\s\w{2,9}))?\s?:?\s?\d{4}(?!\d)"
    r"|(?:尾号|末四位)[是为:]?\s?\d{4}(?!\d)",
    re.IGNORECASE,
)

# Numbers of things.

_IS = re.compile(
    r"[.-]?(?:[\s-]?(?:numbers?|no|nr|num|nummer|code|codes|id|is|was|are|called|the|的?(?:号码?|編號|编号)"
    r"|[:#=是为(\"“']|'s)\.?){0,4}\s?",
    re.IGNORECASE,
)
_ARTICLE_CUE = cue(_LISTS["article_cue"], _LISTS["article_cue_han"])
_ARTICLE = re.compile(r"[A-Za-z0-9][A-Za-z0-9./_+-]{0,29}(?:[ ](?=[\d./-]{1,8}(?!\w))[\d./-]{1,8}){0,5}")
_LIKE_PHONE = re.compile(r"0[\d ]{8}")
_ON_A_BOX = re.compile(r"ean|gtin|upc|isbn|jan|bar|条", re.IGNORECASE)
_THING_WORDS = either(_LISTS["thing_words"])
_BEFORE_ARTICLE = re.compile(
    rf"(?:no\.?|nr\.?|number|#)\s?(?P<value>\d[\d./-]{{2,20}})(?=\s(?:{_THING_WORDS})s?(?![{LETTER}]))", re.IGNORECASE
)
_ISBN = re.compile(r"(?<![\d-])97[89](?:[- ]?\d){9}[- ]?[\dXx](?![\d-])")
_COUPON_CUE = cue(_LISTS["coupon_cue"], _LISTS["coupon_cue_han"])
_COUPON = re.compile(r"[A-Za-z0-9][A-Za-z0-9%-]{2,24}(?![A-Za-z0-9])")
