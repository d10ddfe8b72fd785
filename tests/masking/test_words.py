"""Lists of what has to be masked, in many spellings, and of what only looks like it and has to stay.

Each line of `words/*.tsv` is what must not be left in the masked text (several parts with `|` between), a tab, and the
text, with `\\n` for a new line. Each line of `words/harmless.txt` has to come through as it is.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.masking.cleaning import clean
from tests.masking.texts import kinds, masked

WORDS = Path(__file__).with_name("words")
SORTS = sorted(path.stem for path in WORDS.glob("*.tsv"))


def rows(sort: str) -> list[tuple[list[str], str]]:
    """What to hide, and the text."""
    lines = (WORDS / f"{sort}.tsv").read_text("utf-8").splitlines()
    pairs = (line.split("\t") for line in lines)
    return [(hidden.replace("\\n", "\n").split("|"), text.replace("\\n", "\n")) for hidden, text in pairs]


def test_there_are_lists_of_every_sort() -> None:
    assert SORTS == [
        "addresses",
        "births",
        "cards",
        "documents",
        "emails",
        "names",
        "phones",
        "references",
        "secrets",
    ]
    assert sum(len(rows(sort)) for sort in SORTS) > 1500


@pytest.mark.parametrize("sort", SORTS)
def test_what_identifies_somebody_is_masked_in_every_spelling(sort: str) -> None:
    # Rule P1. Fails when the finder of that sort goes from Finder, or a spelling from its patterns.
    leaks = [
        (text, seen)
        for hidden, text in rows(sort)
        if any(part in (seen := masked(text)) or clean(part) in seen for part in hidden)
    ]
    assert leaks == []


def test_what_identifies_nobody_stays_as_it_was() -> None:
    # Fails when bot.masking.harmless goes from Finder.
    texts = (WORDS / "harmless.txt").read_text("utf-8").splitlines()
    lost = [(text, masked(text)) for text in texts if masked(text) != clean(text)]
    assert lost == []
    assert len(texts) > 1500


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # The company's own pattern, in spellings of it.
        ("FH-204817", ["ORDER"]),
        ("fh 204817", ["ORDER"]),
        ("FH_204817", ["ORDER"]),
        ("F H - 2 0 4 8 1 7", ["ORDER"]),
        ("XFH-204817", ["ORDER"]),
        ("FH 204 817", ["ORDER"]),
        # Right after a word for an order.
        ("order number 204817", ["ORDER"]),
        ("my order's 204817", ["ORDER"]),
        ("ref 204817", ["ORDER"]),
        ("#204817", ["ORDER"]),
        ("order no. 4711", ["ORDER"]),
        ("where is order 20481?", ["ORDER"]),
        ("订单号二零四八一七", ["ORDER"]),
        ("order number two zero four eight one seven", ["ORDER"]),
        # No order.
        ("204817", ["NUMBER"]),
        ("tracking 1Z999AA10123456784", ["NUMBER"]),
        ("JD014600003456789012", ["NUMBER"]),
        ("运单号SF1234567890123", ["NUMBER"]),
        ("RB123456785CN", ["NUMBER"]),
        ("ticket #204817", ["NUMBER"]),
        ("customer number 1029384", ["NUMBER"]),
        ("invoice 20260012345", ["NUMBER"]),
        ("order 1200 mugs", []),
        ("order 2026 catalogue", []),
        ("order number 2026", []),
        ("my order of 05.10.2026", []),
        ("order 20 x 30 cm", []),
        ("order 100000 mugs", []),
        ("#10 envelope", []),
        ("EAN 4006381333931", []),
        # The other kinds.
        ("call 07700 900461", ["PHONE"]),
        ("手机壹叁捌零零壹叁捌零零零", ["PHONE"]),
        ("card 4111 1111 1111 1112", ["CARD"]),
        ("imei 490154203237518", ["NUMBER"]),
        ("sort code 60-16-13 account 31926819", ["ACCOUNT", "ACCOUNT"]),
        ("BIC NWBKGB2L", ["ACCOUNT"]),
        ("my pin is 4821", ["SECRET"]),
        ("cvv 123, expires 09/27", ["SECRET", "DATE"]),
        ("my name is Lena Kraus", ["NAME"]),
        ("born on 4 March 1987", ["DATE"]),
        ("44 Juniper Crescent, Leeds LS6 2QF", ["ADDRESS"]),
        ("passport C01X00T47", ["ID"]),
        ("微信号:lily8899aa", ["ID"]),
        ("ip 203.0.113.77", ["NETWORK"]),
    ],
)
def test_each_has_its_kind(text: str, expected: list[str]) -> None:
    assert kinds(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("my name is Lena Kraus. Kraus with a K", "my name is [NAME_1]. [NAME_2] with a K"),
        ("password hunter2, I typed hunter2 twice", "password [SECRET_1], I typed [SECRET_2] twice"),
        ("I'm Tom Lee and you are Tomorrow", "I'm [NAME_1] and you are Tomorrow"),
    ],
)
def test_a_name_or_a_secret_is_masked_wherever_it_stands_in_the_message(text: str, expected: str) -> None:
    # Fails when _again goes from Finder.spans.
    assert masked(text) == expected


def test_the_engine_is_shown_nothing_of_who_somebody_is() -> None:
    # Fault S13: names, dates of birth, streets and passport words stood in engine.db in the clear.
    text = (
        "Hello, my name is Lena Kraus, born on 4 March 1987, passport C01X00T47. I live at 44 Juniper Crescent, "
        "Leeds LS6 2QF. My PIN is 4821. When does my order FH-204817 come? Regards, Lena Kraus"
    )
    assert masked(text) == (
        "Hello, my name is [NAME_1], born on [DATE_1], passport [ID_1]. I live at [ADDRESS_1]. My PIN is [SECRET_1]. "
        "When does my order [ORDER_1] come? Regards, [NAME_2]"
    )
