"""Fragments of regular expressions that several finders share.

Repetition is bounded or possessive (`++`) throughout, so that no text takes long.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from pathlib import Path

from bot.core.files import parse_yaml

HAN = "\u2e80-\u2fff\u3005\u3007\u3021-\u3029\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
"""Chinese characters, for use within a class."""
LETTER = "A-Za-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u024f"
"""Letters of the Latin alphabet with their accents, for use within a class."""
UPPER = "A-Z" + "".join(chr(code) for code in range(0xC0, 0x250) if chr(code).isupper())
"""The capitals among them, for use within a class."""
GAP = r"(?:[^\w\[\]\x00\x01]|_)"
"""What may stand between the digits of one number: anything but letters, digits, brackets and marks."""
RUN = rf"\+?\(?\d(?:{GAP}{{0,5}}+\d)*+"
"""Digits with something between them or not; how many there have to be is for the finder to say."""


def cue(latin: str, han: str = "") -> re.Pattern[str]:
    """A pattern of words that announce a value.

    Args:
        latin: alternatives, two spaces or a line's end between them, upper or lower case does not matter. One space is
            any white space, parentheses do not capture. Neither a letter before nor one after may belong to them.
        han: Chinese alternatives, with spaces between them. They may stand next to anything.
    """
    alternatives = [_by_first_letter(han.split())] if han.strip() else []
    if latin.strip():
        # The name of a placeholder announces nothing: "[ACCOUNT_1] 204817".
        alternatives.append(rf"(?<![{LETTER}0-9])(?:{vocabulary(latin)})(?![{LETTER}]|_\d{{1,6}}\])")
    return re.compile("|".join(alternatives), re.IGNORECASE)


def vocabulary(latin: str) -> str:
    """The alternatives of `cue` as a regular expression, for use within another."""
    alternatives = (part.strip().replace(" ", r"\s") for part in re.split(r" {2,}|\n", latin))
    return _by_first_letter([re.sub(r"(?<!\\)\((?!\?)", "(?:", part) for part in alternatives if part])


def _by_first_letter(alternatives: Iterable[str]) -> str:
    """The same alternatives, those with the same first letter together: so that few are tried where none begins."""
    others: list[str] = []
    groups: dict[str, list[str]] = {}
    for part in alternatives:
        if part[0].isalpha() and part[1:2] not in ("?", "*", "+", "{", "|"):
            groups.setdefault(part[0].lower(), []).append(part[1:])
        else:
            others.append(part)
    grouped = (f"{first}(?:{'|'.join(rest)})" if len(rest) > 1 else first + rest[0] for first, rest in groups.items())
    return "|".join([*others, *grouped])


def either(words: str) -> str:
    """One of these words, which white space separates; the longest first."""
    return "|".join(re.escape(word) for word in sorted(set(words.split()), key=lambda word: (-len(word), word)))


def word_lists(finder: str) -> Mapping[str, str]:
    """The word lists of a finder's module by name: `words/<finder>.yml`, in the notation of `cue` or of `either`.

    `{{name}}` stands for the alternatives of another list of the same file.
    """
    lists: dict[str, str] = parse_yaml((Path(__file__).parent / "words" / f"{finder}.yml").read_text("utf-8"))
    return {
        name: re.sub(r"\{\{(\w+)\}\}", lambda match: vocabulary(lists[match[1]]), text) for name, text in lists.items()
    }


_LISTS = word_lists("patterns")

# Dates.

_MONTHS = vocabulary(_LISTS["months"])
MONTH = rf"(?:{_MONTHS})\.?(?![{LETTER}])"
DAY = r"(?:3[01]|[12]\d|0?[1-9])"
MONTH_NUMBER = r"(?:1[0-2]|0?[1-9])"
YEAR = r"(?:19|20)\d{2}"
_SHORT_YEAR = r"\d{2}"
_HAN_YEAR = rf"(?:{YEAR}|\d{{2}}|[零〇一二三四五六七八九]{{2,4}}+)\s?年"
_HAN_DAY = r"(?:\d{1,2}|[一二三四五六七八九十廿]{1,3})"
HAN_DATE = rf"{_HAN_YEAR}(?:\s?{_HAN_DAY}\s?月(?:份|\s?{_HAN_DAY}\s?[日号號]?)?)?"
"""1987年3月4日, 一九八七年三月四日, 87年3月."""


def _numeric(year: str) -> str:
    """A date in figures, with the same sign between its parts."""
    orders = [(DAY, MONTH_NUMBER, year), (MONTH_NUMBER, DAY, year)]
    if year == YEAR:
        orders.append((year, MONTH_NUMBER, DAY))
    return "|".join(rf"\s?{sign}\s?".join(order) for sign in (r"\.", "/", "-", "–") for order in orders)


DATE = (
    rf"(?:{_numeric(YEAR)}"
    rf"|{DAY}(?:st|nd|rd|th|\.)?\s?(?:of\s)?{MONTH},?\s?(?:{YEAR}|['’]\d{{2}})"
    rf"|{MONTH}\s?{DAY}(?:st|nd|rd|th)?,?\s{YEAR}|{MONTH}\s{YEAR})"
)
"""A date with a year of four figures, or with the name of its month."""
SHORT_DATE = f"(?:{_numeric(_SHORT_YEAR)})"
"""A date whose year has two figures."""
DAY_AND_MONTH = rf"(?:{DAY}(?:st|nd|rd|th|\.)?\s?(?:of\s)?{MONTH}|{MONTH}\s?{DAY}(?:st|nd|rd|th)?(?!\d))"
"""A day of a year that is not said."""

# Figures in words.

HAN_DIGIT = "零〇一二三四五六七八九幺壹贰叁肆伍陆柒捌玖貳參陸"
DIGIT_WORD = "zero|oh|nought|one|two|three|four|five|six|seven|eight|nine"
SPOKEN = rf"(?:(?:(?:double|triple|treble)\s)?(?:{DIGIT_WORD}|o)(?![{LETTER}]))"
"""One digit in English words, or two of the same."""

# What is paid, counted or measured.

_CURRENCIES = vocabulary(_LISTS["currencies"])
CURRENCY = (
    rf"(?:[$€£¥₹₽₩฿₺₫₴₪]|(?<![A-Za-z])(?i:{_CURRENCIES})(?![A-Za-z])\.?"
    r"|万?(?:元|块|塊|美元|美金|欧元|歐元|英镑|日元|港币|港元|台币|人民币|円)|[万萬亿])"
)
_MEASURES = vocabulary(_LISTS["measures"])
_COUNTED = vocabulary(_LISTS["counted"])
UNIT = (
    r"(?:(?:k|M|m|G|g|T|µ|u|c|d|h)?(?:m|g|l|W|V|A|Hz|hz|Wh|wh|Ah|ah|B|b|px|bps|Pa|cal)[²³23]?(?![A-Za-z0-9])|[KVWA]"
    r"(?![A-Za-z])"
    rf"|(?i:{_MEASURES}|{_COUNTED})(?![A-Za-z0-9])|%|‰|[\"″'′](?!\w)"
    r"|(?:平方|立方)?(?:毫米|厘米|公分|分米|米|公里|千米|英寸|寸|尺|毫升|升|公升|克|千克|公斤|斤|两|吨|瓦|千瓦|伏"
    r"|安培?|毫安|流明|赫兹|摄氏度|度|像素|转|步|分|页|"
    r"字|词|行|层|件|个|個|只|隻|双|套|盒|箱|包|瓶|杯|盏|把|张|張|条|本|台|部|支|枚|片|块|组|份|次|人|位|名|户|家|岁"
    r"|年|月|日|天|周|小时|分钟|秒|点|折|倍|平米?|"
    r"平方|粉丝|用户))"
)
"""What is counted or measured."""
