"""Whether figures are an amount, a date, a range or a list by their form alone: those identify nobody."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.masking.patterns import DAY, MONTH_NUMBER

LONGEST = 12
"""Figures in a group of an amount, at most; no form is looked for in longer ones."""
_SLANG = re.compile(r"(\d)\1+|23{2,}|[1-9]\d?0{4,}|5201314|1314520|8848|10086\d?")
_PLAIN_PAIRS = re.compile(
    r"(?:0|[1-9]\d{0,2})[./,:](?:\d|[1-9]\d{1,2})(?:(?:[ ,;]{1,3}|\s[-–]\s)(?:0|[1-9]\d{0,2})[./,:](?:\d"
    r"|[1-9]\d{1,2}))+"
)
_SUM = re.compile(r"[1-9]\d{0,6}(?:[.,]\d{1,2})?(?:\s?[+×*=-]\s?[1-9]\d{0,6}(?:[.,]\d{1,2})?)+")
_DIGIT_GROUP = re.compile(r"\d+")
_VALID_DAY = re.compile(rf"(?:{DAY}\D{MONTH_NUMBER}|{MONTH_NUMBER}\D{DAY}|\d\d\D{MONTH_NUMBER}\D{DAY})(?:\D\d\d)?")
_COMPACT_DAY = re.compile(r"20(?:1[1-9]|[23]\d)(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])")
_YEAR = re.compile(r"(?:19|20)\d\d")
_PAIRS = re.compile(r"\d{1,2}[-:–]\d{1,2}(?:[ ,;]{1,3}\d{1,2}[-:–]\d{1,2})+")
_YEARS = re.compile(
    r"(?:1\d|20)\d\d\s?[-–—/~]\s?(?:(?:1\d|20)\d\d|\d\d)|\d{1,2}\s?[/.-]\s?(?:19|20)\d\d|(?:19|20)\d\d(?:\s?[,/&-]\s?"
    r"(?:19|20)\d\d){1,5}"
)


def is_harmless(run: str) -> bool:
    """Whether `run`, which begins and ends with a figure or a bracket, is such a form."""
    groups = _DIGIT_GROUP.findall(run)
    signs = [sign.strip() or " " for sign in _DIGIT_GROUP.split(run.strip("() "))[1:-1]]
    if any(len(group) > LONGEST for group in groups) or (run.startswith("+") and not run.endswith("000")):
        return False
    if len(groups) == 1:
        return bool(_SLANG.fullmatch(groups[0]) or _COMPACT_DAY.fullmatch(groups[0]))
    if any(form.fullmatch(run) for form in (_YEARS, _PAIRS, _PLAIN_PAIRS)) or (groups[0] == "1" and signs == [":"]):
        return True
    if (_VALID_DAY.fullmatch(run) and len(groups) == 3) or (_SUM.fullmatch(run) and "+" in run):
        return True
    zero = any(group.startswith("0") and len(group) > 1 for group in groups)
    regular = _is_range(groups, signs) or _is_version(groups, signs) or _is_list(groups, signs)
    return (regular and not zero) or _is_amount(groups, signs)


def _is_amount(groups: Sequence[str], signs: Sequence[str]) -> bool:
    """1,299 and 1.299,00 and 100 000 000 and 3.14159265."""
    if groups[0].startswith("0") and (len(groups[0]) > 1 or len(groups) > 2):
        return False
    if len(groups) == 2 and signs[0] in (".", ",") and len(groups[0]) <= 2 and len(groups[1]) >= 3:
        return True
    if len(groups) == 2 and signs[0] == "." and 4 <= len(groups[0]) <= 6 and len(groups[1]) <= 3:
        return True
    thousands = groups[1:-1] if len(groups[-1]) == 2 and signs[-1] in (".", ",") and len(groups) > 2 else groups[1:]
    between = set(signs[: len(thousands)])
    if len(groups[0]) > 3 or len(between) != 1 or any(len(group) != 3 for group in thousands):
        return False
    if len(thousands) < len(groups) - 1 or between <= {",", "'", "’"}:
        return True
    return groups[-1] == "000" or (between == {"."} and len(groups) == 2)


def _is_range(groups: Sequence[str], signs: Sequence[str]) -> bool:
    """220-240, 1800-2200: from less to more, and no more than a phone number may look like."""
    if len(groups) != 2 or signs[0] not in ("-", "–", "—", "/", "~", "--", " "):
        return False
    if signs[0] == " ":
        return len(groups[0]) <= 2 and _YEAR.fullmatch(groups[1]) is not None
    if signs[0] == "/" and len(groups[0]) <= 3 and len(groups[1]) <= 3:
        return True
    low, high = int(groups[0]), int(groups[1])
    if not low < high <= 20 * max(low, 1):
        return False
    return (len(groups[0]) <= 3 and len(groups[1]) <= 3) or (low % 50 == 0 and high % 50 == 0)


def _is_version(groups: Sequence[str], signs: Sequence[str]) -> bool:
    """10.0.19045.3693, but not 1.800.555.1234."""
    if set(signs) != {"."} or not 3 <= len(groups) <= 5 or len(groups[0]) > 3:
        return False
    if [len(group) for group in groups] in ([3, 3, 2], [3, 2, 2]):
        return True
    phone = [len(group) for group in groups] in ([1, 3, 3, 4], [3, 3, 4])
    return min(map(len, groups)) == 1 and not phone


def _is_list(groups: Sequence[str], signs: Sequence[str]) -> bool:
    """1 2 3 4 5 6 7, 100 200 300, 36/38/40/42: one sign between, and steps as regular as nobody's number has."""
    values = [int(group) for group in groups]
    if len(groups) < 3 or len(set(signs)) != 1:
        return False
    if signs[0] == "/" and max(values) < 1000 and sum(map(len, groups)) <= 8:
        return True
    short = {len(group) for group in groups} == {1, 2} and len(groups) >= 4 and is_sorted(values)
    return short or is_sequence(values) or (signs[0] in (",", ";") and is_sorted(values) and max(values) < 10000)


def is_sequence(values: Sequence[int]) -> bool:
    """Whether these grow or shrink by the same small or round step, or double."""
    if len(values) < 3:
        return False
    steps = {b - a for a, b in zip(values, values[1:], strict=False)}
    if len(steps) == 1:
        step = abs(steps.pop())
        return 0 < step <= 10 or (step > 0 and step % 5 == 0)
    if all(value % 50 == 0 for value in values):
        return is_sorted(values)
    return values[0] > 0 and all(b == 2 * a for a, b in zip(values, values[1:], strict=False))


def is_sorted(values: Sequence[int]) -> bool:
    """Whether each is more than the one before it, or each less."""
    pairs = list(zip(values, values[1:], strict=False))
    return all(a < b for a, b in pairs) or all(a > b for a, b in pairs)
