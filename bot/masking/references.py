"""Finds numbers of parcels, invoices, tickets, customers: who knows one can ask about somebody. None is an order's."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.masking.cues import Place, announced
from bot.masking.patterns import cue, word_lists
from bot.masking.spans import Span

_LISTS = word_lists("references")

KIND = "NUMBER"

_CARRIERS = re.compile(
    r"(?<![A-Za-z0-9])(?:1Z[ -]?(?:[A-Z0-9][ -]?){15}[A-Z0-9]|[A-Z]{2} ?\d{3} ?\d{3} ?\d{3} ?[A-Z]{2}"
    r"|(?:JD|SF|YT|JJD|JT|ZTO|STO|YD|DPK|JDV|JDX|GM|LX|CNG|H|JVGL)[A-Z]{0,4}\d{8,20}(?:-\d{1,3}){0,3})(?![A-Za-z0-9])",
    re.IGNORECASE,
)
_CUE = cue(_LISTS["cue"], _LISTS["cue_han"])
_CALLED_NUMBER = re.compile(
    r"numb|no\.?$|nr|num$|id|code|ref|#|imei|rma|s/n|serial|tracking|awb|waybill|号|號|码|单", re.IGNORECASE
)
_VALUE = re.compile(
    r"(?:[A-Z]{1,6}[-_ /]?|[A-Za-z]{1,6}[-_/]?)?(?=\d|[A-Za-z0-9]{0,3}\d)[A-Za-z0-9]{1,40}"
    r"(?:[-_/. ](?=[A-Za-z]{0,3}\d)[A-Za-z0-9]{1,40}){0,6}(?![A-Za-z])"
)
_AMOUNT_AFTER = re.compile(r"(?<=\S{7})(?:\s\d{1,3}){1,2}$")
_YEAR = re.compile(r"(?:19|20)\d\d")


def references(text: str) -> Iterator[Span]:
    """Every such number; spans may overlap and come in no order."""
    yield from ((*match.span(), KIND) for match in _CARRIERS.finditer(text))
    yield from announced(text, _CUE, _reference)


def _reference(place: Place) -> Span | None:
    """A number after its name; what is not called a number needs six figures, so that "case 2" stays."""
    match = _VALUE.match(place.text, place.at)
    if match is None:
        return None
    value = match.group()
    if value.count(" ") <= 2:
        value = _AMOUNT_AFTER.sub("", value)
    named = place.near and _CALLED_NUMBER.search(place.cue.group()) is not None
    if sum(c.isdigit() for c in value) < (4 if named else 6) or _YEAR.fullmatch(value):
        return None
    return place.at, place.at + len(value), KIND
