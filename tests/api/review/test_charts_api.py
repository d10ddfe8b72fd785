"""The charts over real HTTP; their numbers are worked out in tests/oversight/test_charts.py."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from bot.core.ids import now
from bot.db.models import HandoffRow
from tests.api.review.console import Console, make_console
from tests.api.review.posting import judge, understood


@pytest.fixture(scope="module")
def console(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Console]:
    """Two understood messages, at 91% and at 30%, and one that was not understood, at 20%; one handoff, taken."""
    with make_console(tmp_path_factory.mktemp("charts")) as made:
        first = understood(made, confidence=0.91)
        understood(made, confidence=0.3)
        understood(made, intent="nlu_fallback", confidence=0.2)
        made.parts.claim(made.parts.request(made.parts.conversation("zh")))
        judge(made, first, "right")
        judge(made.sign_in("sam"), first, "right")
        made.seal()
        yield made


def rows(console: Console, **query: Any) -> dict[str, dict[str, Any]]:
    return {row["key"]: row for row in console.get("/charts", **query)["rows"]}


def test_a_day_with_all_its_numbers(console: Console) -> None:
    found = console.get("/charts")
    (row,) = found["rows"]
    wait = row.pop("human_wait_seconds_median")
    (handoff,) = console.parts.read(lambda s: s.scalars(select(HandoffRow)).all())
    assert wait == round((handoff.accepted_at - handoff.requested_at).total_seconds(), 1)
    assert found["by"] == "day"
    assert row == {
        "key": now().date().isoformat(),
        "turns": 3,
        "handoffs": 1,
        "handoff_rate": 0.3333,
        "fallbacks": 1,
        "fallback_rate": 0.3333,
        "failures": 0,
        "confidence_mean": 0.47,
        "confidence_low_share": 0.6667,
        "agreement": 1.0,
    }


def test_by_language_and_by_model(console: Console) -> None:
    by_language, by_model = rows(console, by="language"), rows(console, by="model")
    assert {key: (row["turns"], row["handoffs"]) for key, row in by_language.items()} == {"en": (3, 0), "zh": (0, 1)}
    assert {key: (row["turns"], row["handoffs"]) for key, row in by_model.items()} == {"": (0, 1), "abc123": (3, 0)}
    assert list(rows(console, by="model", language="en")) == ["abc123"]
    assert rows(console, model="unknown") == {}


def test_a_period_is_days_or_moments(console: Console) -> None:
    today, before = now().date(), now().date() - timedelta(days=1)
    assert rows(console, to=before.isoformat()) == {} == rows(console, to=f"{today}T00:00:00Z")
    for query in ({"from": today.isoformat(), "to": today.isoformat()}, {"from": f"{today}T00:00:00+00:00"}):
        assert len(rows(console, **query)) == 1
    assert len(rows(console, to=f"{today}T23:59:59Z")) == 1


@pytest.mark.parametrize(
    "query",
    [
        {"by": "week"},
        {"from": "yesterday"},
        {"to": "2026-13-45"},
        {"from": "2026-03-02", "to": "2026-03-01"},
        {"to": "0001-01-01"},
        {"from": "0001-01-01", "to": "9999-12-31"},
        {"from": "9999-12-31T23:59:59-12:00"},
        {"language": "x" * 9},
        {"model": "x" * 65},
        {"model": "\0"},
    ],
)
def test_a_query_that_makes_no_sense_gets_a_sentence(console: Console, query: dict[str, str]) -> None:
    response = console.call("/charts", **query)
    assert response.status_code == 400 and response.json()["error"]["message"].endswith(".")


def test_strangers_and_agents_stay_out(console: Console) -> None:
    assert replace(console, cookie="").call("/charts").status_code == 401
    assert console.sign_in("mina").call("/charts").status_code == 403
