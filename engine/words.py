"""How a message is cut into words, and the form in which a word is compared.

Han text is segmented by jieba (written in Rust: a third of the memory), all else by white space and punctuation. A
placeholder that the gateway put in for something personal ([ORDER_1], [EMAIL_2]) stays one word; its number means
nothing, so that every order number looks the same to the classifier.
"""

from __future__ import annotations

import unicodedata
from typing import Iterator, List, NamedTuple, Tuple

import regex
import rjieba

PLACEHOLDER = regex.compile(r"\[([A-Z][A-Z_]*?)_?\d+\]")
_HAN = regex.compile(r"\p{Han}")
_PIECES = regex.compile(r"(?P<placeholder>\[[A-Z][A-Z_]*\d+\])|(?P<han>\p{Han}+)|(?P<word>(?:(?!\p{Han})[\w'’])+)")
_DIGITS = regex.compile(r"\d+")
_REPEATED = regex.compile(r"(.)\1{2,}")


class Word(NamedTuple):
    """One word: its text as typed, where it starts, and the form in which it is compared."""

    text: str
    start: int
    normal: str


def has_han(text: str) -> bool:
    """Whether any character is a Chinese one."""
    return _HAN.search(text) is not None


def words(text: str) -> List[Word]:
    """The words of `text` in order; a text of signs alone (':-)') is one word. Empty for white space."""
    found = [Word(part, start, normal_form(part)) for part, start in _split(text)]
    stripped = text.strip()
    if found or not stripped:
        return found
    return [Word(stripped, text.index(stripped), normal_form(stripped))]


def _split(text: str) -> Iterator[Tuple[str, int]]:
    for match in _PIECES.finditer(text):
        if match.lastgroup == "han":
            start = match.start()
            for part in rjieba.cut(match.group(), True):
                yield part, start
                start += len(part)
        elif match.group().strip("'’_"):
            yield match.group(), match.start()


def normal_form(text: str) -> str:
    """The form in which words are compared: lower case, width and digits made equal, 'pleeeease' as 'pleease'."""
    placeholder = PLACEHOLDER.fullmatch(text)
    if placeholder:
        return f"<{placeholder.group(1).lower()}>"
    folded = unicodedata.normalize("NFKC", text).casefold().replace("’", "'")
    return _REPEATED.sub(r"\1\1", _DIGITS.sub("0", folded))


def plain_text(text: str) -> str:
    """The text as a sentence encoder should see it: a placeholder becomes the plain word for what it stands for."""
    return PLACEHOLDER.sub(lambda match: f" {match.group(1).lower().replace('_', ' ')} ", text)
