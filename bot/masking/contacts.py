"""Finds what a person is reached by: phone numbers after a cue or in letters, names in messengers, names of users."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.masking.cues import Place, announced
from bot.masking.harmless import is_date_or_size
from bot.masking.patterns import HAN, LETTER, RUN, UNIT, cue, vocabulary, word_lists
from bot.masking.spans import DIGITS, Span

_LISTS = word_lists("contacts")


def phones(text: str) -> Iterator[Span]:
    """Phone numbers after a word for a phone, and those that are spelt with letters; spans may overlap."""
    for match in _VANITY.finditer(text):
        if match["letters"].isupper() and sum(c.isalpha() for c in match["letters"]) >= 4:
            yield (*match.span(), "PHONE")
    yield from _numbers(text, _PHONE_CUE, "PHONE")


def contacts(text: str) -> Iterator[Span]:
    """Numbers after other words that announce one ("call me on", "number"), and names of users; spans may overlap."""
    yield from announced(text, _MESSENGER_CUE, _messenger)
    yield from announced(text, _LOGIN_CUE, _login)
    yield from _numbers(text, _OTHER_CUE, DIGITS)


# Phone numbers.

_VANITY = re.compile(
    r"(?<![\d-])(?:\+?1[-. ]?)?\(?(?:8(?:00|33|44|55|66|77|88)|0800|1800|1300|900)\)?[-. ]"
    r"(?P<letters>(?=[A-Z0-9-]{6,})(?=[0-9-]{0,8}[A-Z])[A-Z0-9]{1,15}(?:-[A-Z0-9]{1,15}){0,3})(?![A-Za-z0-9])"
)
_PHONE_CUE = cue(_LISTS["phone_cue"], _LISTS["phone_cue_han"])
_OTHER_CUE = cue(_LISTS["other_cue"], _LISTS["other_cue_han"])
_FILLER_WORDS = vocabulary(_LISTS["filler_words"])
_FILLER = re.compile(
    rf"(?:[\s:.,=#()\-–—/\"'“*]{{0,4}}(?:(?:{_FILLER_WORDS})(?![{LETTER}])|['’]s\s"
    r"|号码?|號碼?|[是为為的请打我给新旧码(]|改成|改为|换成|变更为|一下|就是|[\s:.,=#()\-–—/\"'“*])){0,8}",
    re.IGNORECASE,
)
_NUMBER = re.compile(rf"{RUN}(?:\s?(?:x|ext\.?|extension|转|轉|分机)\s?\d{{1,6}})?", re.IGNORECASE)
_NEXT_OF_LIST = re.compile(r"[,;.!?]\s")
_AMOUNT = re.compile(rf"\s?{UNIT}")


def _numbers(text: str, cue: re.Pattern[str], kind: str) -> Iterator[Span]:
    """The number right after each cue: of six figures, or fewer where it begins as phone numbers do."""
    for words in cue.finditer(text):
        filler = _FILLER.match(text, words.end(), min(len(text), words.end() + 48))
        at = words.end() if filler is None else filler.end()
        if text[at - 1 : at] in ("(", "+"):
            at -= 1
        match = _NUMBER.match(text, at)
        if match is None:
            continue
        end = _end_of_first(match)
        figures = sum(c.isdigit() for c in text[at:end])
        least = 4 if text[at:end].lstrip("(").startswith(("0", "+")) else 6
        counted = (figures < 8 and _AMOUNT.match(text, end) is not None) or text[end : end + 1] in tuple("OolI")
        if figures >= least and not counted and not is_date_or_size(text, at, end):
            yield at, end, kind if figures <= 17 else DIGITS


def _end_of_first(match: re.Match[str]) -> int:
    """Where the first number ends when several follow each other with commas between, each long enough by itself."""
    cut = _NEXT_OF_LIST.search(match.group())
    first = match.group() if cut is None else match.group()[: cut.start()]
    return match.start() + len(first) if sum(c.isdigit() for c in first) >= 7 else match.end()


# Names in messengers and of users.

_MESSENGER_CUE = cue(_LISTS["messenger_cue"], _LISTS["messenger_cue_han"])
_HANDLE = re.compile(
    r"(?:[吧呗哈哦号码的:是]|我的?|id\s?|ID\s?){0,3}\s?(?P<value>@?[A-Za-z0-9][A-Za-z0-9_.:-]{3,30}#?\d{0,5}(?<![.:-]))"
    rf"(?![0-9{LETTER}])"
)
_LOGIN_CUE = cue(_LISTS["login_cue"], _LISTS["login_cue_han"])
_LOGIN = re.compile(rf"[A-Za-z0-9][A-Za-z0-9_.-]{{2,40}}(?<![.-])(?![0-9{LETTER}@{HAN}])")
_ORDINARY = re.compile(
    vocabulary(_LISTS["ordinary"]),
    re.IGNORECASE,
)


def _messenger(place: Place) -> Span | None:
    match = _HANDLE.match(place.text, place.at)
    if match is None or not place.near:
        return None
    value = match["value"]
    marked = sum(c.isdigit() for c in value) >= 2 or "_" in value or value.startswith("@")
    named = (place.linked or "号" in place.cue.group()) and not _ORDINARY.fullmatch(value)
    return (*match.span("value"), "ID") if marked or named else None


def _login(place: Place) -> Span | None:
    match = _LOGIN.match(place.text, place.at)
    if match is None or not place.near or not (place.linked or not place.cue.group().isascii()):
        return None
    marked = any(c.isdigit() or c in "_." for c in match.group())
    return (*match.span(), "ID") if (marked or place.colon) and not _ORDINARY.fullmatch(match.group()) else None
