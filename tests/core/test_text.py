"""Texts from outside, cleaned."""

from __future__ import annotations

import pytest

from bot.core.errors import CandorError
from bot.core.text import MAX_TEXT, clean_text, is_blank, storable, without_controls


@pytest.mark.parametrize(
    ("given", "cleaned"),
    [
        (" hello \n", "hello"),
        ("a\tb\nc", "a\tb\nc"),
        ("a\x00b\x1bc\x85", "abc"),
        ("你好", "你好"),
        ("👩‍👩‍👧", "👩‍👩‍👧"),
    ],
)
def test_a_text_is_stored_without_control_characters_and_trimmed(given: str, cleaned: str) -> None:
    assert clean_text(given) == cleaned


@pytest.mark.parametrize(
    ("given", "status", "code"),
    [
        (None, 400, "text_missing"),
        (7, 400, "text_missing"),
        ("", 400, "text_empty"),
        (" \n\t", 400, "text_empty"),
        ("\u200b\n\u200b", 400, "text_empty"),
        ("\u2028\u3000\ufeff", 400, "text_empty"),
        ("a\ud800", 400, "text_not_unicode"),
        ("a" * (MAX_TEXT + 1), 413, "text_too_long"),
    ],
)
def test_what_is_no_message_is_refused_with_its_code(given: object, status: int, code: str) -> None:
    with pytest.raises(CandorError) as refused:
        clean_text(given)
    assert (refused.value.status, refused.value.code) == (status, code)


def test_half_characters_of_staff_are_removed() -> None:
    assert without_controls("a\ud800b") == "ab"
    assert is_blank(without_controls("\ud800\x00 "))


def test_the_longest_text_is_taken_whole() -> None:
    assert clean_text("a" * MAX_TEXT) == "a" * MAX_TEXT


@pytest.mark.parametrize(("text", "taken"), [("a", True), ("", False), ("ab", False), ("\0", False), (None, False)])
def test_what_can_be_stored_is_whole_and_short_enough(text: object, taken: bool) -> None:
    assert storable(text, 1) is taken
