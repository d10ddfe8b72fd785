"""Whatever surrounds it and however it is written, no identifier survives masking (rule P1)."""

from __future__ import annotations

import re
import string

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from stdnum import luhn

from bot.masking.cleaning import clean
from bot.masking.iban import LENGTHS
from bot.masking.identifiers import DEFAULT_FINDER, Found

SETTINGS = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
INVISIBLE = ["", "", "\u200b", "\u200d", "\u2060", "\ufeff", "\u00ad"]
SEPARATORS = ["", "", " ", "-", " - ", ".", "/", "\u2013", "\u00a0", "_", " / ", "·", ",", "\n"]
AROUND = [
    "",
    " ",
    "我的号码是",
    "谢谢",
    "my number is ",
    " thanks",
    "(",
    ")",
    "：",
    "！",
    "é",
    "😀",
    "[",
    "]",
    '{"a": "',
]
ORDER_WORDS = ["order ", "order no. ", "Order #", "#", "订单", "订单号：", "FH-", "fh"]
LOCAL = string.ascii_letters + string.digits + "._+-"

digits = st.text("0123456789", min_size=5, max_size=25)
around = st.lists(st.sampled_from(AROUND), max_size=4).map("".join)


@st.composite
def spelt(draw: st.DrawFn, value: st.SearchStrategy[str]) -> tuple[str, str]:
    """A number and one of the many ways to write it: separators, invisible characters, full-width or foreign digits."""
    number = draw(value)
    script = draw(st.sampled_from([0x30, 0xFF10, 0x660, 0x6F0, 0x966, 0x1D7CE]))
    written = ""
    for at, digit in enumerate(number):
        between = draw(st.sampled_from(SEPARATORS)) + draw(st.sampled_from(INVISIBLE)) if at else ""
        written += between + chr(script + int(digit))
    return number, draw(around) + written + draw(around)


@st.composite
def card(draw: st.DrawFn) -> str:
    body = draw(st.text("0123456789", min_size=12, max_size=18))
    return body + luhn.calc_check_digit(body)


@st.composite
def iban(draw: st.DrawFn) -> str:
    country, length = draw(st.sampled_from(list(LENGTHS.items())))
    body = draw(st.text(string.digits + string.ascii_uppercase, min_size=length - 4, max_size=length - 4))
    number = int("".join(str(int(c, 36)) for c in body + country + "00"))
    plain = f"{country}{98 - number % 97:02}{body}"
    size = draw(st.sampled_from([4, 34]))
    return " ".join(plain[at : at + size] for at in range(0, len(plain), size))


def shown(text: str) -> str:
    """What the engine would see, placeholders left out."""
    return "\x00".join(part for part in DEFAULT_FINDER.split(clean(text)) if isinstance(part, str))


def runs(text: str) -> list[str]:
    """Runs of five digits and more with at most three separators between two."""
    return re.findall(r"\d(?:(?:[^\w\[\]\x00]|_){0,3}\d){4,}", text)


@SETTINGS
@given(spelt(digits))
def test_no_long_number_survives(case: tuple[str, str]) -> None:
    # Fails when _numbers goes from Finder, or the invisible characters or foreign digits from clean().
    assert runs(shown(case[1])) == []


@SETTINGS
@given(spelt(card()))
def test_no_card_number_survives(case: tuple[str, str]) -> None:
    number, text = case
    assert number not in re.sub(r"\D", "", shown(text))


@SETTINGS
@given(iban(), around, around)
def test_no_account_number_survives(value: str, before: str, after: str) -> None:
    seen = re.sub(r"[^0-9A-Z]", "", shown(f"{before} {value} {after}").upper())
    assert re.sub(r"\W", "", value) not in seen


@SETTINGS
@given(
    st.text(LOCAL, min_size=1, max_size=30),
    st.lists(st.text(string.ascii_letters + string.digits, min_size=1, max_size=12), min_size=2, max_size=4),
    around,
    around,
    st.sampled_from(["@", "＠", " @ ", "\u200b@", "(at)", "[at]"]),
)
def test_no_address_survives(local: str, labels: list[str], before: str, after: str, at: str) -> None:
    seen = shown(f"{before}{local}{at}{'.'.join(labels)}{after}")
    assert "@" not in seen
    assert f"{local}{at}" not in seen


@SETTINGS
@given(
    st.sampled_from(ORDER_WORDS),
    st.text("0123456789", min_size=6, max_size=6),
)
def test_no_order_number_survives(before: str, number: str) -> None:
    parts = DEFAULT_FINDER.split(clean(f"hi {before}{number} 谢谢"))
    assert [part.kind for part in parts if isinstance(part, Found)] == ["ORDER"]
    assert number not in "".join(part for part in parts if isinstance(part, str))


@SETTINGS
@given(st.text(max_size=200))
def test_cleaning_twice_is_as_once_and_finding_loses_nothing(text: str) -> None:
    once = clean(text)
    assert clean(once) == once
    parts = DEFAULT_FINDER.split(once)
    assert "".join(part if isinstance(part, str) else part.value for part in parts) == once


@SETTINGS
@given(st.lists(st.one_of(st.text(max_size=20), spelt(digits).map(lambda case: case[1]), iban(), around), max_size=6))
def test_a_masked_text_holds_nothing_more_to_mask(pieces: list[str]) -> None:
    def once(text: str) -> str:
        parts = DEFAULT_FINDER.split(clean(text))
        return "".join(part if isinstance(part, str) else "[NUMBER_1]" for part in parts)

    masked = once(" ".join(pieces))
    assert [part for part in DEFAULT_FINDER.split(masked) if isinstance(part, Found)] == []
