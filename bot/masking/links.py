"""Finds links that carry a secret, such as those that reset a password. Each is a secret as a whole."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.masking.patterns import HAN, vocabulary, word_lists
from bot.masking.randomness import CHUNK, changes, is_random, sorts
from bot.masking.spans import Span

_LISTS = word_lists("links")

_URL = re.compile(
    rf"(?<![A-Za-z0-9])(?:[a-zA-Z][a-zA-Z0-9+.-]{{1,15}}://|www\.)[^\s<>\"'{HAN}\[\]{{}}\x00]{{4,}}+", re.ASCII
)
_NAMES = vocabulary(_LISTS["names"])
_PARAMETER = re.compile(
    rf"[?&#;](?:[a-z0-9]{{1,20}}[_.-]){{0,3}}[a-z]{{0,12}}(?:{_NAMES})=[^&#\s]{{4,}}", re.IGNORECASE
)
_ACTS = vocabulary(_LISTS["acts"])
_ACT = re.compile(rf"(?<!/)/(?:{_ACTS})/", re.IGNORECASE)
_SHORT_ACT = re.compile(r"/[dirst]/(?P<value>[A-Za-z0-9]{8,})(?![^/?#])")
_USER_INFO = re.compile(r"://[^/\s@]{1,60}:[^/\s@]{1,60}@")
_PLAIN_SEGMENT = re.compile(r"[a-z]+(?:[-_.][a-z]+)*(?:\.[a-z]{2,5})?|[A-Z]?[a-z]+|\d+(?:\.[a-z]{2,5})?")


def secret_links(text: str) -> Iterator[Span]:
    """Links with a token, a password or something as random in them."""
    if "://" not in text and "www." not in text:
        return
    for match in _URL.finditer(text):
        url = match.group().rstrip(".,;:!?)'\"")
        if _is_secret(url):
            yield match.start(), match.start() + len(url), "SECRET"


def _is_secret(url: str) -> bool:
    if _PARAMETER.search(url) or _USER_INFO.search(url):
        return True
    act = _ACT.search(url)
    if act is not None and any(map(_is_no_word, re.split(r"[/?#]", url[act.end() :]))):
        return True
    if any(_is_short_token(match["value"]) for match in _SHORT_ACT.finditer(url)):
        return True
    segments = re.split(r"[^A-Za-z0-9]+", url.partition("://")[2].partition("/")[2])
    return any(is_random(chunk.group()) for chunk in CHUNK.finditer(url)) or any(map(_is_token, segments))


def _is_short_token(segment: str) -> bool:
    return any(c.isdigit() for c in segment) and any(c.isalpha() for c in segment)


def _is_no_word(segment: str) -> bool:
    return len(segment) >= 5 and not _PLAIN_SEGMENT.fullmatch(segment)


def _is_token(segment: str) -> bool:
    """Whether this part of a link mixes capitals, small letters and figures as no word does."""
    return len(segment) >= 8 and sorts(segment) == 3 and changes(segment) >= 4
