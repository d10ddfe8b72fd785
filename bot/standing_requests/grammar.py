"""Decides what trained detectors cannot: whether a wish is negated, asked about, or another's (rules: grammar.yml)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from bot.core.files import parse_yaml
from bot.policies import purposes
from bot.standing_requests.normal import normalised

_AT_LARGE_WORDS = frozenset({"资料", "details", "data", "info"})
"""Words of a purpose that mean everything when they stand alone."""
_NEAR = 24
"""Characters behind a negated wish within which a machine may be named: "no more talking to a bot"."""


def _load() -> Mapping[str, re.Pattern[str]]:
    rules = parse_yaml(Path(__file__).with_suffix(".yml").read_text("utf-8"))
    being = rules.pop("being")
    return {name: re.compile("|".join(patterns).replace("<being>", being)) for name, patterns in rules.items()}


_RULES = _load()


def _holds(rule: str, plain: str) -> bool:
    return _RULES[rule].search(plain) is not None


def asks_how(text: str) -> bool:
    """Is it asked how or whether one can withdraw, rather than withdrawn? Then use pauses and the visitor is asked."""
    return _holds("asks_how", normalised(text))


def keeps(text: str) -> bool:
    """Does it say that nothing is to end, ask about later, or speak of somebody or something else?"""
    plain = normalised(text)
    return any(_holds(rule, plain) for rule in ("says_go_on", "asks_about_later", "anothers"))


def says_an_end(text: str) -> bool:
    """Does any word say that something is to end, or not to be? Without one it cannot be a withdrawal."""
    return _holds("ending", _RULES["not_knowing"].sub(" ", normalised(text)))


def objects(text: str) -> bool:
    """Is it an objection, after which nobody asks again?"""
    return _holds("objecting", normalised(text))


def erases(text: str) -> bool:
    """Does the visitor want to be forgotten or erased?"""
    return _holds("erasing", normalised(text))


def means_everything(text: str) -> bool:
    """Do the words speak of data at large, as in "my data", 我的资料?"""
    return _holds("at_large", normalised(text))


def wants_no_human(text: str) -> bool:
    """Is the wish for a human negated, or of the past? A wish for no machine is neither."""
    plain = normalised(text)
    if _holds("prefers_the_machine", plain):
        return True
    negated = _RULES["no_human"].search(plain)
    return negated is not None and _RULES["machine"].search(plain, negated.start(), negated.end() + _NEAR) is None


def asks_of_others(text: str) -> bool:
    """Is it about people and machines at large, about somebody else, or a wish, rather than about who answers here?"""
    plain = normalised(text)
    if _holds("others_nature", plain) or (plain.isascii() and not _holds("nature", plain)):
        return True
    return _holds("wish", plain) and not _holds("here", plain)


def named_purposes(text: str) -> tuple[str, ...]:
    """The purposes that the words speak of; none when they name none in particular."""
    plain = normalised(text)
    return tuple(
        name
        for name, purpose in purposes().items()
        if any(_speaks_of(plain, word) for words in purpose.words.values() for word in words)
    )


def _speaks_of(plain: str, word: str) -> bool:
    """Latin words as whole words, Chinese ones anywhere."""
    word = normalised(word)
    if not word or word in _AT_LARGE_WORDS:
        return False
    if not word.isascii():
        return word in plain
    return re.search(rf"(?<![a-z]){re.escape(word)}(?![a-z])", plain) is not None
