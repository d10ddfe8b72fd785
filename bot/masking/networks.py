"""Finds addresses of devices (IP, MAC), their identifiers (UUID), and positions on the globe."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.masking.spans import Span

_UUID = re.compile(r"(?<![0-9A-Za-z])[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}(?![0-9A-Za-z])")
_MAC = re.compile(
    r"(?<![0-9A-Za-z:-])(?:[0-9A-Fa-f]{2}(?P<sign>[:-]))(?:[0-9A-Fa-f]{2}(?P=sign)){4}[0-9A-Fa-f]{2}(?![0-9A-Za-z:-])"
    r"|(?<![0-9A-Za-z.])(?:[0-9A-Fa-f]{4}\.){2}[0-9A-Fa-f]{4}(?![0-9A-Za-z.])"
)
_BYTE = r"(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)"
_IPV4 = re.compile(rf"(?<![\d.])(?:{_BYTE}\.){{3}}{_BYTE}(?::\d{{2,5}}|/\d{{1,2}})?(?!\d|\.\d)")
_IPV6 = re.compile(
    r"(?<![0-9A-Za-z:])(?=[0-9A-Fa-f:]{0,40}\d)(?:[0-9A-Fa-f]{0,4}:){2,7}[0-9A-Fa-f]{0,4}(?:/\d{1,3})?(?:%\w{1,8})?"
    r"(?![0-9A-Za-z:])"
)
_VERSION = re.compile(
    r"(?:version|ver\.?|\bv|firmware|build|release|driver|update|app|ios|android|windows|chrome|firefox|版本"
    r"|系统)[\s:]{0,3}$",
    re.IGNORECASE,
)

_DECIMALS = r"[-+]?\d{1,3}[.,]\d{4,}\s?°?\s?[NSEW]?"
_ANGLE = r"\d{1,3}\s?°\s?\d{1,2}(?:[.,]\d+)?\s?['’′]\s?(?:\d{1,2}(?:[.,]\d+)?\s?(?:\"|″|”|''|′′))?\s?"
_POSITIONS = (
    re.compile(rf"(?<![\d.,])[NSEW]?\s?{_DECIMALS}\s?[,;/ ]\s?[NSEW]?\s?{_DECIMALS}(?!\d)", re.IGNORECASE),
    re.compile(
        r"(?<![A-Za-z])lat(?:itude)?\s?[:=]?\s?[-+]?\d{1,2}[.,]\d{2,}[,;\s]{0,3}"
        r"(?:lon|lng|long|longitude)\s?[:=]?\s?[-+]?\d{1,3}[.,]\d{2,}",
        re.IGNORECASE,
    ),
    re.compile(rf"(?<!\d){_ANGLE}[NS][\s,;]{{0,3}}{_ANGLE}[EWO]", re.IGNORECASE),
    # Plus codes, and three words for a place.
    re.compile(r"(?<![A-Za-z0-9])[23456789CFGHJMPQRVWX]{4,8}\+[23456789CFGHJMPQRVWX]{2,3}(?![A-Za-z0-9])"),
    re.compile(r"///[a-z]+\.[a-z]+\.[a-z]+(?![a-z])"),
)


def networks(text: str) -> Iterator[Span]:
    """Every such address; spans may overlap and come in no order."""
    for pattern in (_UUID, _MAC):
        yield from ((*match.span(), "NETWORK") for match in pattern.finditer(text))
    for match in _IPV4.finditer(text):
        if not _VERSION.search(text, max(0, match.start() - 14), match.start()):
            yield (*match.span(), "NETWORK")
    for match in _IPV6.finditer(text):
        if ("::" in match.group() and len(match.group()) > 4) or match.group().count(":") == 7:
            yield (*match.span(), "NETWORK")


def positions(text: str) -> Iterator[Span]:
    """Every position: it says where somebody is, as a postal address does."""
    for pattern in _POSITIONS:
        yield from ((*match.span(), "ADDRESS") for match in pattern.finditer(text))
