"""International bank account numbers, also in groups of four and next to other words."""

from __future__ import annotations

import re
from collections.abc import Iterator

LENGTHS = {
    code[:2]: int(code[2:])
    for code in (
        "AD24 AE23 AL28 AT20 AZ28 BA20 BE16 BG22 BH22 BI27 BR29 BY28 CH21 CR22 CY28 CZ24 DE22 DJ27 DK18 DO28 EE20 EG29 "
        "ES24 FI18 FK18 FO18 FR27 GB22 GE22 GI23 GL18 GR27 GT28 HN28 HR21 HU28 IE22 IL23 IQ23 IS26 IT27 JO30 KW30 KZ20 "
        "LB28 LC32 LI21 LT20 LU20 LV21 LY25 MC27 MD24 ME22 MK19 MN20 MR27 MT31 MU30 NI28 NL18 NO15 OM23 PK24 PL28 PS29 "
        "PT25 QA29 RO24 RS22 RU33 SA24 SC31 SD18 SE24 SI19 SK24 SM27 SO23 ST25 SV28 TL23 TN24 TR26 UA29 VA22 VG24 XK20 "
        "YE30"
    ).split()
}
"""How long each country's numbers are (SWIFT IBAN registry). Without it words would pass for one now and then."""

_BETWEEN = r"(?:[^\w\[\]\x00\x01]|_){0,2}+"
_START = re.compile(
    rf"(?<![A-Za-z0-9])(?P<country>[A-Za-z]{_BETWEEN}[A-Za-z]){_BETWEEN}\d{_BETWEEN}\d(?={_BETWEEN}[A-Za-z0-9])"
)
_NEXT = re.compile(rf"{_BETWEEN}[A-Za-z0-9]", re.ASCII)


def find_iban(text: str) -> Iterator[tuple[int, int, str]]:
    """Start, end and kind of each number whose length and check digits are right."""
    end = 0
    for match in _START.finditer(text):
        length = LENGTHS.get(_plain(match["country"]))
        if length is None or match.start() < end:
            continue
        stop = _end(text, match.start(), length)
        if stop is not None and _checks(text[match.start() : stop]):
            end = stop
            yield match.start(), stop, "ACCOUNT"


def _end(text: str, at: int, length: int) -> int | None:
    """Where `length` letters and digits end that begin at `at`; None when another one is glued to them."""
    for _ in range(length):
        step = _NEXT.match(text, at)
        if step is None:
            return None
        at = step.end()
    return None if text[at : at + 1].isalnum() and text[at].isascii() else at


def _checks(value: str) -> bool:
    """ISO 7064 mod 97-10 over the letters as numbers, the first four characters moved to the end."""
    plain = _plain(value)
    return int("".join(str(int(c, 36)) for c in plain[4:] + plain[:4])) % 97 == 1


def _plain(value: str) -> str:
    return re.sub(r"[^A-Za-z0-9]", "", value).upper()
