"""International bank account numbers, also in groups of four and next to other words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from stdnum import numdb
from stdnum.iso7064 import mod_97_10

_BETWEEN = r"(?:[^\w\[\]\x00\x01]|_){0,2}+"
_START = re.compile(
    rf"(?<![A-Za-z0-9])(?P<country>[A-Za-z]{_BETWEEN}[A-Za-z]){_BETWEEN}\d{_BETWEEN}\d(?={_BETWEEN}[A-Za-z0-9])"
)
_NEXT = re.compile(rf"{_BETWEEN}[A-Za-z0-9]", re.ASCII)


def find_iban(text: str) -> Iterator[tuple[int, int, str]]:
    """Start, end and kind of each number whose length and check digits are right."""
    end = 0
    for match in _START.finditer(text):
        length = length_of(_plain(match["country"]))
        if length is None or match.start() < end:
            continue
        stop = _end(text, match.start(), length)
        if stop is not None and _checks(text[match.start() : stop]):
            end = stop
            yield match.start(), stop, "ACCOUNT"


@cache
def length_of(country: str) -> int | None:
    """How long a country's numbers are (SWIFT IBAN registry); None where there are none. `country` is two capitals."""
    structure = dict(numdb.get("iban").info(country)).get(country, {}).get("bban")
    return 4 + sum(map(int, re.findall(r"\d+", structure))) if structure else None


def _end(text: str, at: int, length: int) -> int | None:
    """Where `length` letters and digits end that begin at `at`; None when another one is glued to them."""
    for _ in range(length):
        step = _NEXT.match(text, at)
        if step is None:
            return None
        at = step.end()
    return None if text[at : at + 1].isalnum() and text[at].isascii() else at


def _checks(value: str) -> bool:
    """Whether the check digits are right; they are computed with the first four characters moved to the end."""
    plain = _plain(value)
    return bool(mod_97_10.is_valid(plain[4:] + plain[:4]))


def _plain(value: str) -> str:
    return re.sub(r"[^A-Za-z0-9]", "", value).upper()
