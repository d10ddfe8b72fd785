"""What counts as an address at which a person can be reached."""

from __future__ import annotations

import pytest

from bot.handoff.contact import certain_address, readable_address


@pytest.mark.parametrize(
    ("text", "language", "address"),
    [
        ("lena@example.com", "en", "lena@example.com"),
        (" <Lena.M+shop@mail.example.co.uk> ", "en", "Lena.M+shop@mail.example.co.uk"),
        ("lena＠example.com", "zh", "lena@example.com"),
        ("李娜@例子.中国", "zh", "李娜@例子.中国"),
        ("+44 20 7946 0018", "en", "+44 20 7946 0018"),
        ("020 7946 0018", "en", "020 7946 0018"),
        ("138 0013 8000", "zh", "138 0013 8000"),
        ("（010）6552 9988", "zh", "(010)6552 9988"),
        ("1-800-555-0199", "en", "1-800-555-0199"),
    ],
)
def test_addresses_are_read_kindly(text: str, language: str, address: str) -> None:
    assert readable_address(text, language) == address


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "lena",
        "lena@",
        "@example.com",
        "lena@example",
        "a@b@c.de",
        "12345",
        "+1",
        "call me",
        "\x00@x.de",
        "☎️",
        "9" * 40,
    ],
)
def test_what_is_no_address_is_not_taken(text: str) -> None:
    assert readable_address(text, "en") is None


def test_an_endless_address_is_not_taken() -> None:
    assert readable_address("a" * 300 + "@example.com", "en") is None


@pytest.mark.parametrize(("text", "language"), [("204817345", "en"), ("020 7946 0018", "en"), ("204817345", "zh")])
def test_a_bare_number_is_not_certain_to_be_a_phone(text: str, language: str) -> None:
    assert certain_address(text, language) is None


@pytest.mark.parametrize(("text", "language"), [("+44 20 7946 0018", "en"), ("13800138000", "zh"), ("a@b.de", "en")])
def test_a_number_of_a_known_country_is_certain(text: str, language: str) -> None:
    assert certain_address(text, language) == text
