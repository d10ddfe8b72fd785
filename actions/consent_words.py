"""What a visitor's words about consent name: which purposes, for how long, everything."""

from __future__ import annotations

import re
from collections.abc import Mapping

from actions.base import Scene
from bot.consent import Scope
from bot.consent.events import USUAL
from bot.policies import purposes

ALLOWING = frozenset({"allow", "i allow", "i allow it", "允许", "我允许"})
"""Texts that need no understanding: the very words we ask for."""
ONCE = re.compile(r"\bonce\b|\b(only|just) (this|for this|the one|one) ?(time|answer|question)?\b|一次|这次|这回")
ALWAYS = re.compile(r"\balways\b|\buntil i\b|\bfrom now on\b|\bfor good\b|一直|以后都|直到")
FORGET_ME = re.compile(r"\bforget (about )?(me|everything|it all|all (about|of) me)\b|忘(了|记|掉)我|把我忘|全都?忘")
EVERYTHING = re.compile(r"\b(any|all|every)(thing)?\b|\bdata\b|\binfo(rmation)?\b|任何|所有|全部|数据|信息|资料")


def named_purposes(scene: Scene) -> list[str]:
    """The purposes that a button carries, or that the words speak of; none when they name none."""
    pressed = scene.detail("purpose")
    if pressed is not None:
        return [pressed] if pressed in purposes() else []
    text = scene.text.lower()
    return [name for name, purpose in purposes().items() if any(_speaks_of(text, w) for w in _all(purpose.words))]


def how_long(scene: Scene) -> Scope:
    """How long a yes is to hold: as the button says, or the words; the usual otherwise."""
    pressed = scene.detail("scope")
    if pressed is not None:
        return Scope(pressed) if pressed in set(Scope) else USUAL
    text = scene.text.lower()
    return Scope.ONCE if ONCE.search(text) else Scope.UNTIL_WITHDRAWN if ALWAYS.search(text) else USUAL


def means_everything(scene: Scene) -> bool:
    """Do the words speak of all data, as in "don't use any of my data"?"""
    return EVERYTHING.search(scene.text.lower()) is not None


def means_forget_me(scene: Scene) -> bool:
    """Does the visitor want to be forgotten altogether?"""
    return FORGET_ME.search(scene.text.lower()) is not None


def unmistakable(scene: Scene) -> bool:
    """The button, or the very word we ask for: nothing that had to be understood."""
    return scene.text.startswith("/") or scene.text.strip(" .!。！“”\"'").lower() in ALLOWING


def _all(words: Mapping[str, tuple[str, ...]]) -> list[str]:
    return [word for each in words.values() for word in each]


def _speaks_of(text: str, word: str) -> bool:
    """Latin words as whole words, Chinese ones anywhere."""
    if not word.isascii():
        return word in text
    return re.search(rf"(?<![a-z]){re.escape(word)}(?![a-z])", text) is not None
