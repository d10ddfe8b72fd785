"""Finds identifiers in a cleaned text. Each finder sees what those before it left: nothing falls between two."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import TypeAlias

import phonenumbers
from stdnum import luhn

from bot.masking.iban import find_iban

DEFAULT_ORDER_PATTERN = r"FH[- ]?\d{6}"
"""How this company writes its order numbers (setting `order_pattern`)."""
REGIONS = ("US", "GB", "CN", "DE")
"""Where a phone number without a country code may be from."""

# Separators are anything but letters, digits and brackets; repetition is possessive (`++`), so that no text takes long.
_RUN = r"\+?\(?\d(?:(?:[^\w\[\]]|_){0,3}+\d){4,}+(?:[xX](?![A-Za-z]))?"
_IDEOGRAPHIC = r"\u1100-\u11ff\u2e80-\u9fff\ua960-\ua97f\uac00-\ud7ff\uf900-\ufaff"
_LOCAL = rf"(?:(?![{_IDEOGRAPHIC}])[\w.!#$%&'*+/=?^`{{|}}~-])"
_LABEL = rf"(?:(?![{_IDEOGRAPHIC}])[\w-])++"
_AT = r"(?:\s{0,2}@\s{0,2}|\s?[\[(]at[\])]\s?)"
_DOT = r"(?:\s?\.\s?|\s?[\[(]dot[\])]\s?)"
_EMAIL = re.compile(rf"(?<!{_LOCAL}){_LOCAL}++{_AT}{_LABEL}(?:{_DOT}{_LABEL})*", re.IGNORECASE)
_ANY_EMAIL = re.compile(r"(?<![^\s@<>()\[\],;:])[^\s@<>()\[\],;:]++@[^\s@<>()\[\],;:]+")
_MAYBE_EMAIL = re.compile(r"@|[\[(]at[\])]", re.IGNORECASE)
_ORDER_WORD = re.compile(
    r"(?:(?:\border(?![A-Za-z])|订单|單號|单号|訂單)\s*(?:号码|编号|号|號|number|num|no|nr|id)?[.:]?\s*(?:is|was|是|为|為|=|:)?\s*#?|#)\s*"
    r"(?P<value>[A-Za-z]{0,3}-?\d{4,12})(?![-\d]*\d)",
    re.IGNORECASE,
)
_ACCOUNT_WORD = re.compile(
    r"(?:\b(?:account|acct|sort code|routing)\b|账号|帐号|账户|帐户|卡号)[^\d\n\[\]]{0,16}?"
    rf"(?P<value>{_RUN})",
    re.IGNORECASE,
)
_DIGITS = re.compile(_RUN)
_CODE = re.compile(r"(?<![A-Za-z0-9\[])(?=\d*[A-Za-z])(?=(?:[A-Za-z]{0,30}\d){4})[A-Za-z0-9]{8,40}(?![A-Za-z0-9])")
_CHINESE_DIGITS = re.compile(r"[零〇一二三四五六七八九幺](?:[\s-]?[零〇一二三四五六七八九幺]){6,}")
_DIGIT = re.compile(r"\d")


@dataclass(frozen=True)
class Found:
    """One identifier: its kind as in the placeholder's name, and the text it stands for."""

    kind: str
    value: str = field(repr=False)


Part: TypeAlias = str | Found
_Spans: TypeAlias = Iterator[tuple[int, int, str]]


class Finder:
    """Splits a text into plain parts and identifiers.

    Args:
        order_pattern: a regular expression of the company's order numbers; upper or lower case does not matter.
    """

    def __init__(self, order_pattern: str = DEFAULT_ORDER_PATTERN) -> None:
        own = re.compile(rf"(?<![A-Za-z0-9])(?:{order_pattern})(?!\d)", re.IGNORECASE)
        self._with_digits: tuple[Callable[[str], _Spans], ...] = (
            lambda text: ((*m.span(), "ORDER") for m in own.finditer(text)),
            find_iban,
            _cards,
            lambda text: ((*m.span("value"), "ORDER") for m in _ORDER_WORD.finditer(text)),
            lambda text: ((*m.span("value"), "ACCOUNT") for m in _ACCOUNT_WORD.finditer(text)),
            lambda text: ((*m.span(), "NUMBER") for m in _CODE.finditer(text)),
            _numbers,
        )

    def split(self, text: str) -> list[Part]:
        """`text`, which has been cleaned, as plain strings and identifiers, in order."""
        parts: list[Part] = [text]
        if _MAYBE_EMAIL.search(text):
            parts = _apply(_any_emails, _apply(_emails, parts))
        if _DIGIT.search(text):
            for find in self._with_digits:
                parts = _apply(find, parts)
        return parts if text.isascii() else _apply(_chinese, parts)


def _apply(find: Callable[[str], _Spans], parts: list[Part]) -> list[Part]:
    result: list[Part] = []
    for part in parts:
        if isinstance(part, Found):
            result.append(part)
            continue
        at = 0
        for start, end, kind in find(part):
            result += [part[at:start], Found(kind, part[start:end])]
            at = end
        result.append(part[at:])
    return [part for part in result if part != ""]


def _emails(text: str) -> _Spans:
    return ((*m.span(), "EMAIL") for m in _EMAIL.finditer(text))


def _any_emails(text: str) -> _Spans:
    return ((*m.span(), "EMAIL") for m in _ANY_EMAIL.finditer(text))


def _chinese(text: str) -> _Spans:
    return ((*m.span(), "NUMBER") for m in _CHINESE_DIGITS.finditer(text))


def _cards(text: str) -> _Spans:
    for match in _DIGITS.finditer(text):
        digits = re.sub(r"\D", "", match.group())
        if 13 <= len(digits) <= 19 and luhn.is_valid(digits) and not match.group().startswith("+"):
            yield (*match.span(), "CARD")


def _numbers(text: str) -> _Spans:
    for match in _DIGITS.finditer(text):
        yield (*match.span(), "PHONE" if _is_phone(match.group()) else "NUMBER")


def _is_phone(run: str) -> bool:
    digits = sum(c.isdigit() for c in run)
    if not 7 <= digits <= 15:
        return False
    if run.startswith(("+", "00")):
        return _valid("+" + run.removeprefix("00") if run.startswith("00") else run, None)
    return any(_valid(run, region) for region in REGIONS)


def _valid(text: str, region: str | None) -> bool:
    try:
        return bool(phonenumbers.is_valid_number(phonenumbers.parse(text, region)))
    except phonenumbers.NumberParseException:
        return False


DEFAULT_FINDER = Finder()
