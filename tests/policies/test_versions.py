"""Versions are dates and only ever grow."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.policies.documents import following, order

DAY = date(2026, 11, 27)


@pytest.mark.parametrize(
    ("newest", "today", "version"),
    [
        (None, DAY, "2026-11-27"),
        ("2026-11-26", DAY, "2026-11-27"),
        ("2026-11-27", DAY, "2026-11-27.2"),
        ("2026-11-27.9", DAY, "2026-11-27.10"),
        ("2026-11-27.3", DAY + timedelta(days=1), "2026-11-28"),
        ("2026-11-27", DAY - timedelta(days=400), "2026-11-27.2"),
    ],
)
def test_a_version_is_its_date_and_is_numbered_within_a_day(newest: str | None, today: date, version: str) -> None:
    assert following(newest, today) == version


@given(st.lists(st.dates(date(2020, 1, 1), date(2020, 1, 20)), min_size=2))
def test_each_version_comes_after_the_one_before_whatever_the_clock_says(days: list[date]) -> None:
    newest: str | None = None
    for day in days:
        version = following(newest, day)
        assert newest is None or order(version) > order(newest)
        newest = version
