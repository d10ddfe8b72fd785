"""What an agent at the desk sees of card numbers and secrets is too little to use them."""

from __future__ import annotations

import pytest

from bot.masking import shorten


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("my card 4111 1111 1111 1111 was charged", "my card •••• 1111 was charged"),
        ("card 4111-1111-1111-1112 (typo)", "card •••• 1112 (typo)"),
        ("cvv 123, pin is 4821", "cvv •••, pin is •••"),
        ("my password is hunter2!", "my password is •••"),
        ("密码是abc123！，谢谢", "密码是•••,谢谢"),
        ("卡号4111111111111111，到期", "卡号•••• 1111，到期"),
        ("４１１１１１１１１１１１１１１１", "•••• 1111"),
        ("https://shop.example/reset?token=4f9a8c7e6d5b", "•••"),
        ("pin 4821 and pin 4821", "pin ••• and pin •••"),
    ],
)
def test_cards_keep_their_last_figures_and_secrets_nothing(text: str, expected: str) -> None:
    assert shorten(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "where is FH-204817, I am Lena Kraus, lena@example.com, 07700 900461?",
        "ｆｕｌｌ　ｗｉｄｔｈ [ORDER_1]",
        "my password does not work",
        "EAN 4006381333931",
        "",
    ],
)
def test_all_else_stays_as_it_was_written(text: str) -> None:
    """An agent needs to see how to reach the visitor and what they ask about."""
    assert shorten(text) == text
