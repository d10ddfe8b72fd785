"""Finds order numbers: by the company's own pattern, and right after words that announce one."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.masking.figures import figures
from bot.masking.patterns import DATE, GAP, HAN, HAN_DIGIT, LETTER, SPOKEN, UNIT, vocabulary, word_lists
from bot.masking.spans import Find, Span

_LISTS = word_lists("orders")

KIND = "ORDER"

_CANDIDATE = re.compile(
    rf"(?<![A-Za-z0-9])[A-Za-z]{{1,6}}{GAP}{{0,3}}+\d(?:{GAP}{{0,2}}+\d){{2,14}}+(?!\d)"
    rf"|(?<![A-Za-z0-9])[A-Za-z]{{1,5}}{GAP}{{0,2}}[{HAN_DIGIT}](?:[ -]?[{HAN_DIGIT}]){{3,11}}+"
    rf"|(?<![A-Za-z0-9])[A-Za-z]{{1,5}}{GAP}{{1,2}}(?i:{SPOKEN}(?:[ ,-]{{1,2}}{SPOKEN}){{3,11}})"
)
_LETTERS = re.compile(r"[A-Za-z]+")


def own(order_pattern: str) -> Find:
    """A finder of numbers as the company writes them, also with other signs between, spoken, or with a letter before.

    Args:
        order_pattern: a regular expression; upper or lower case does not matter.
    """
    written = re.compile(rf"(?<![A-Za-z0-9])(?:{order_pattern})(?!\d)", re.IGNORECASE)
    plain = re.compile(rf"[A-Za-z]{{0,2}}?(?:{order_pattern})", re.IGNORECASE)

    def find(text: str) -> Iterator[Span]:
        yield from ((*match.span(), KIND) for match in written.finditer(text) if match.group())
        for match in _CANDIDATE.finditer(text):
            letters = _LETTERS.match(match.group())
            head = letters.group() if letters is not None else ""
            if plain.fullmatch(head + re.sub(r"[\W_]", "", figures(match.group()[len(head) :]))):
                yield (*match.span(), KIND)

    return find


# After a cue. An amount is no number of an order ("order 1200 mugs"), nor is a year ("order 2026 catalogue") or a date.

_ORDER = vocabulary("orders?  ordered  ord  bestellung  bestelling  commande  pedido  purchase  booking")
_NAMED = vocabulary(r"order-?(no|nr|id|number)  bestellnummer  bestelnummer")
_NUMBER_WORD = r"(?:\s{0,2}-?(?:numbers?|num|no|nr|nbr|id|reference|ref|code|#)\.?(?![A-Za-z]))"
_CUE = re.compile(
    rf"(?:(?<![{LETTER}])(?:{_ORDER})(?![{LETTER}])(?:['’]s|s['’])?(?P<named>{_NUMBER_WORD}{{1,2}})?"
    rf"|(?P<other>(?<![{LETTER}])(?:(?:{_NAMED})(?![{LETTER}])\.?|ref(?:erence)?s?(?![{LETTER}])\.?{_NUMBER_WORD}?"
    rf"|p\.?o\.?(?=\s?#?\d))"
    r"|(?:订单|訂單|(?<![运運递遞流款货])[单單](?=号|號)|交易|下单)(?P<han>\s?(?:号码|號碼|编号|編號|号|號|尾号))?))"
    r"\s{0,4}(?:(?:\(|:|=|#|-|№|is|was|are|['’]s|no\.?|nr\.?|called|has(?:\sthe)?\snumber|with(?:\sthe)?\snumber"
    r"|under|是|为|為|就是)\s{0,4}){0,3}"
    r"[\"'“(]?",
    re.IGNORECASE,
)
_NUMBER = re.compile(
    r"(?P<value>(?:[A-Z]{1,4}[-_ ]?|[a-z]{1,4}[-_]?)??\d(?:\d|(?<=\d)[-–_/](?=\d)){3,19}+(?<!\d[-–_/]))(?![\d.,:/-]?\d)"
    rf"|[{HAN_DIGIT}](?:[ -]?[{HAN_DIGIT}]){{3,11}}+|(?i:{SPOKEN}(?:[ ,-]{{1,2}}{SPOKEN}){{3,11}})"
    r"|\d(?:[ -]\d){4,11}(?!\d)|\d{2,4}(?:[ .]\d{2,4}){1,3}(?!\d)"
)
_DATE = re.compile(DATE, re.IGNORECASE)
_YEAR_MONTH = re.compile(r"(?:19|20)\d\d(?:[-/.]\d{1,2})?(?:[-/.]\d{1,2})?")
_COUNTED = re.compile(rf"\s?(?:{UNIT}|[x×*]\s?\d)|[.,]\d")
_AFTERWARDS = vocabulary(_LISTS["afterwards"])
_GOES_ON = re.compile(rf"\s{{0,4}}(?:[.,;:!?)\"'”\]\n\-–(]|$|[{HAN}]|(?:{_AFTERWARDS})(?![{LETTER}]))", re.IGNORECASE)
_ROUND = re.compile(r"[1-9]\d?0{3,}")
_HASH = re.compile(r"(?<![\w#&/=])#\s?(?P<value>\d{5,12})(?![\d.,:/-]?\d|[A-Za-z])")
_OTHERS = vocabulary(_LISTS["others"])
_OTHER_NUMBER = re.compile(rf"(?:{_OTHERS})\s?(?:numbers?|no\.?|id)?\s?(?:is|:)?\s?$", re.IGNORECASE)


def after_cues(text: str) -> Iterator[Span]:
    """Numbers that a word for an order, or a hash sign, announces."""
    for words in _CUE.finditer(text):
        match = _NUMBER.match(text, words.end())
        if match is not None and not _DATE.match(text, words.end()) and not _COUNTED.match(text, match.end()):
            named = bool(words["named"] or words["han"] or words["other"] or "#" in words.group())
            if _is_number(match, named=named, goes_on=bool(_GOES_ON.match(text, match.end()))):
                yield (*match.span(), KIND)
    for match in _HASH.finditer(text):
        if not _OTHER_NUMBER.search(text, max(0, match.start() - 24), match.start()):
            yield (*match.span("value"), KIND)


def _is_number(match: re.Match[str], *, named: bool, goes_on: bool) -> bool:
    """Whether this is what an order is known by, rather than an amount or a year.

    `named`: it was called a number. `goes_on`: the sentence goes on, or ends, as it does after a number but not after
    an amount.
    """
    value = match["value"]
    digits = sum(c.isdigit() for c in match.group())
    if value is None:
        return digits == 0 or 5 <= digits <= 20
    if _YEAR_MONTH.fullmatch(value) or (not goes_on and (digits < 6 or _ROUND.fullmatch(value))):
        return named and digits >= 6 and value.isalnum()
    return digits >= (4 if named else 5)
