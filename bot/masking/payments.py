"""Finds numbers of cards and bank accounts, and what stands beside them: expiry dates, sort codes, BICs."""

from __future__ import annotations

import re
from collections.abc import Iterator

from stdnum import luhn

from bot.masking.cues import Place, announced
from bot.masking.iban import length_of
from bot.masking.patterns import MONTH, RUN, cue, vocabulary, word_lists
from bot.masking.shapes import is_harmless
from bot.masking.spans import Span

_LISTS = word_lists("payments")


def payments(text: str) -> Iterator[Span]:
    """Numbers of cards and accounts after their cues; spans may overlap and come in no order."""
    for words, judge in (
        (_IBAN_CUE, _misspelt_iban),
        (_CARD_CUE, _card),
        (_ACCOUNT_CUE, _account),
        (_BIC_CUE, _bic),
        (_EXPIRY_CUE, _expiry),
    ):
        yield from announced(text, words, judge)


# Cards.

_DIGITS = re.compile(RUN)
_LIKE_DIGITS = re.compile(
    r"(?<![A-Za-z0-9])(?=[^\s]{0,5}[0-9])[0-9OolIi|](?:[ .-]{0,2}[0-9OolIi|]){12,18}(?![A-Za-z0-9])"
)
_AS_DIGITS = str.maketrans("OolIi|", "001111")
_ON_A_BOX = re.compile(
    r"(?:ean|gtin|upc|isbn|jan|bar\s?-?code|条形?码|条码)(?:[-\s]?(?:1[0234]|8|no\.?|number|code|is|[:#=是])){0,4}\s?$",
    re.IGNORECASE,
)
_DEVICE_CUE = cue("imei  iccid  meid  sim( card)? number")
_CARD_CUE = cue(_LISTS["card_cue"], _LISTS["card_cue_han"])
_OTHER_CARD = re.compile(
    r"(?:gift|loyalty|member(?:ship)?|store|library|business|id|identity|sim|memory|sd|graphics|post|score|礼品|会员"
    r"|购物|身份)[-\s]?$",
    re.IGNORECASE,
)


def devices(text: str) -> Iterator[Span]:
    """Numbers of devices after a cue: they would pass for a card's."""
    yield from announced(text, _DEVICE_CUE, _device)


def cards(text: str) -> Iterator[Span]:
    """Runs of 13 to 19 figures whose last one is right, also with letters that look like figures."""
    for match in _DIGITS.finditer(text):
        if _is_card(re.sub(r"\D", "", match.group())) and not match.group().startswith("+"):
            boxed = _ON_A_BOX.search(text, max(0, match.start() - 24), match.start()) is not None
            if not boxed and not is_harmless(match.group()):
                yield (*match.span(), "CARD")
    for match in _LIKE_DIGITS.finditer(text):
        written = re.sub(r"[ .-]", "", match.group())
        digits = written.translate(_AS_DIGITS)
        if digits.isdigit() and not written.isdigit() and _is_card(digits):
            yield (*match.span(), "CARD")


def _is_card(digits: str) -> bool:
    """Whether the last figure is right. A card of 13 figures begins with 4; others are mostly the number on a box."""
    return 13 <= len(digits) <= 19 and luhn.is_valid(digits) and (len(digits) > 13 or digits[0] == "4")


def _card(place: Place) -> Span | None:
    match = _DIGITS.match(place.text, place.at)
    if match is None or not 12 <= _count(match.group()) <= 19 or _OTHER_CARD.search(place.before()):
        return None
    return (*match.span(), "CARD")


def _device(place: Place) -> Span | None:
    match = _DIGITS.match(place.text, place.at)
    return (*match.span(), "NUMBER") if match is not None and _count(match.group()) >= 10 else None


_EXPIRY_CUE = cue(_LISTS["expiry_cue"], _LISTS["expiry_cue_han"])
_EXPIRY = re.compile(
    r"(?:0[1-9]|1[0-2]|[1-9])\s?[/.-]\s?(?:20)?[2-4]\d(?!\d|[./-]\d)|(?:0[1-9]|1[0-2])[2-4]\d(?!\d)"
    rf"|{MONTH}\s?(?:20)?[2-4]\d(?!\d)|20[2-4]\d\s?年\s?\d{{1,2}}\s?月(?!\s?\d)",
    re.IGNORECASE,
)
_OTHERS = vocabulary(_LISTS["others"])
_OTHER_EXPIRES = re.compile(
    rf"(?:{_OTHERS}|优惠|折扣|券|保修|食品|活动|会员|积分|产品|商品)[^.!?;]{{0,30}}$", re.IGNORECASE
)


def _expiry(place: Place) -> Span | None:
    match = _EXPIRY.match(place.text, place.at)
    if match is None or _OTHER_EXPIRES.search(place.before(40)):
        return None
    return None if "年" in match.group() and "卡" not in place.cue.group() else (*match.span(), "DATE")


# Accounts.

_IBAN_CUE = cue("iban  kontonummer  rekeningnummer")
_LIKE_IBAN = re.compile(r"[A-Za-z]{2}[ .-]?\d[ .-]?\d(?:[ .-]?[A-Za-z0-9]){9,30}(?![A-Za-z0-9])")
_ACCOUNT_CUE = cue(_LISTS["account_cue"], _LISTS["account_cue_han"])
_ACCOUNT = re.compile(rf"(?:[A-Z]{{4}}0[A-Z0-9]{{6}}(?![A-Za-z0-9])|{RUN}[xX]?)")
_BIC_CUE = cue(r"bic( ?code)?  swift([- /]?(bic|code))?")
_BIC = re.compile(r"[A-Za-z]{4}(?P<country>[A-Za-z]{2})[A-Za-z0-9]{2}(?:[A-Za-z0-9]{3})?(?![A-Za-z0-9])")
_BIC_COUNTRIES = frozenset("US CA CN HK TW JP KR SG MY IN ID TH VN PH AU NZ ZA MX AR CL PE CO".split())
"""Those beside the countries with an IBAN."""


def _misspelt_iban(place: Place) -> Span | None:
    match = _LIKE_IBAN.match(place.text, place.at)
    return None if match is None else (*match.span(), "ACCOUNT")


def _account(place: Place) -> Span | None:
    match = _ACCOUNT.match(place.text, place.at)
    if match is None or _count(match.group()) < (5 if place.linked else 6):
        return None
    return (*match.span(), "ACCOUNT")


def _bic(place: Place) -> Span | None:
    match = _BIC.match(place.text, place.at)
    country = match["country"].upper() if match is not None else ""
    if match is None or (country not in _BIC_COUNTRIES and length_of(country) is None):
        return None
    sure = match.group().isupper() or place.linked or any(c.isdigit() for c in match.group())
    return (*match.span(), "ACCOUNT") if sure else None


def _count(text: str) -> int:
    return sum(c.isdigit() for c in text)
