"""The privacy centre's words: in both languages, with the same values in them."""

from __future__ import annotations

import re
from string import Formatter

import pytest

from bot.core.i18n import chosen, entries

HAN = re.compile(r"[\u4e00-\u9fff]")


def fields(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


@pytest.mark.parametrize("topic", ["privacy", "explain"])
def test_every_text_is_there_in_both_languages_with_the_same_values(topic: str) -> None:
    for key, entry in entries(topic).items():
        assert set(entry) in ({"en", "zh"}, {"en", "zh", "en_you", "zh_you"}), key
        assert len({frozenset(fields(text)) for text in entry.values()}) == 1, key


def test_chinese_is_chinese_and_english_is_not() -> None:
    for key, entry in entries("privacy").items():
        words = "removed_item", "removed_mark"
        assert (HAN.search(entry["zh"]) or key in words) and not HAN.search(entry["en"]), key


def test_what_addresses_the_visitor_does_not_speak_about_them() -> None:
    for key, entry in entries("explain").items():
        if "en_you" in entry:
            assert "visitor" not in entry["en_you"].lower() and "访客" not in entry["zh_you"], key


def test_a_wording_for_the_visitor_is_taken_where_there_is_one() -> None:
    both, one = {"en": "they", "zh": "他们", "en_you": "you", "zh_you": "您"}, {"en": "they", "zh": "他们"}
    assert [chosen(both, language) for language in ("en", "zh", "en_you", "zh_you")] == ["they", "他们", "you", "您"]
    assert [chosen(one, language) for language in ("en_you", "zh_you", "fr")] == ["they", "他们", "they"]
