"""Words for figures, and figures written with letters, as figures."""

from __future__ import annotations

import re

from bot.masking.patterns import LETTER

_UNITS = dict(zip("zero one two three four five six seven eight nine".split(), "0123456789", strict=True))
_UNITS |= {"oh": "0", "o": "0", "nought": "0", "nil": "0", "naught": "0"}
_TEENS = dict(
    zip(
        "ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen".split(),
        (str(n) for n in range(10, 20)),
        strict=True,
    )
)
_TENS = dict(zip("twenty thirty forty fifty sixty seventy eighty ninety".split(), "23456789", strict=True))
_TIMES = {"double": 2, "triple": 3, "treble": 3}
_HAN = {
    c: str(n)
    for n, word in enumerate(("零〇洞", "一壹幺", "二贰貳", "三叁參", "四肆", "五伍", "六陆陸", "七柒", "八捌", "九玖"))
    for c in word
}

WORD = rf"(?:{'|'.join([*_UNITS, *_TEENS, *_TENS, *_TIMES, 'hundred', 'thousand'])})(?![{LETTER}])"
"""An English word for figures."""
_PIECES = re.compile(r"[A-Za-z]+|\d+|[^\W\d_A-Za-z]", re.IGNORECASE)


def figures(text: str) -> str:
    """`text` with its words for figures as figures: "double oh seven" is 007, 一三八 is 138; other letters stay."""
    result = ""
    repeat = 1
    tens = ""
    for piece in _PIECES.findall(text):
        word = piece.lower()
        if tens and word in _UNITS and _UNITS[word] != "0":
            result, tens = result[:-1] + _UNITS[word], ""
            continue
        tens = ""
        if word in _TIMES:
            repeat = _TIMES[word]
            continue
        if word in _TENS:
            result, tens = result + _TENS[word] + "0", word
        elif word in ("hundred", "thousand"):
            result += "00" if word == "hundred" else "000"
        else:
            result += (_UNITS.get(word) or _TEENS.get(word) or _HAN.get(piece) or piece) * repeat
        repeat = 1
    return result
