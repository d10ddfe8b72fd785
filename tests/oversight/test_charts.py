"""Every number of the charts, against cases worked out by hand."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.db import Database
from bot.db.models import DecisionDayRow
from bot.decisions.kinds import Kind
from bot.decisions.models import Decision
from bot.oversight.metrics import By, Wanted, chart
from tests.oversight.rows import MONDAY, add_conversation, add_day, add_decision, add_handoff, add_review, add_staff
from tests.parts import Parts, make_parts

DAY, SECOND = timedelta(days=1), timedelta(seconds=1)
FIRST, SECOND_DAY = "2026-03-02", "2026-03-03"
UNDERSTOOD = "understanding"


def rows(database: Database, by: str = "day", **values: Any) -> dict[str, dict[str, Any]]:
    wanted = Wanted(date(2026, 3, 1), date(2026, 3, 31), By(by), **values)
    with database.snapshot() as session:
        return {row["key"]: row for row in chart(session, wanted)}


@pytest.fixture
def march(any_database: Database) -> Database:
    """Two days, two languages, two models.

    2 March, English, model-a: 6 understandings at 90% (sum 5.4), 2 at 20% (sum 0.4), 2 fallbacks, 1 failure,
    1 message the gateway answered, 5 to a human at the desk; Chinese, model-a: 1 understanding at 50%.
    3 March, English, model-b: 4 understandings (sum 3.2), none low; 3 while stopped, one of them for a topic.
    """

    def work(session: Session) -> None:
        add_day(session, FIRST, UNDERSTOOD, 6, intent="stock", model="model-a", band=9, confidence_sum=54_000)
        add_day(session, FIRST, UNDERSTOOD, 2, intent="nlu_fallback", model="model-a", band=2, confidence_sum=4_000)
        add_day(session, FIRST, "fallback", 2, intent="nlu_fallback", model="model-a", band=2, confidence_sum=4_000)
        add_day(session, FIRST, "answer", 8, intent="stock", model="model-a", band=9, confidence_sum=60_000)
        add_day(session, FIRST, "failure", 1, outcome="engine_down")
        add_day(session, FIRST, "route", 1, outcome="gateway")
        add_day(session, FIRST, "route", 5, outcome="desk")
        add_day(session, FIRST, "handoff", 2, outcome="handoff:queued")
        add_day(session, FIRST, "handoff", 2, outcome="handoff:accepted")
        add_day(
            session, FIRST, UNDERSTOOD, 1, intent="stock", language="zh", model="model-a", band=5, confidence_sum=5_000
        )
        add_day(session, SECOND_DAY, UNDERSTOOD, 4, intent="stock", model="model-b", band=8, confidence_sum=32_000)
        add_day(session, SECOND_DAY, "route", 2, outcome="stopped")
        add_day(session, SECOND_DAY, "route", 1, outcome="stopped:orders")
        add_day(session, "2026-02-28", UNDERSTOOD, 100, model="model-a", band=1, confidence_sum=1)
        add_day(session, "2026-04-01", UNDERSTOOD, 100, model="model-a", band=1, confidence_sum=1)

    with any_database.transaction() as session:
        work(session)
    return any_database


def test_turns_rates_and_confidence_by_day(march: Database) -> None:
    found = rows(march)
    assert list(found) == [FIRST, SECOND_DAY]
    # Turns: 6 + 2 + 1 understandings, 1 failure, 1 by the gateway. Confidence: (5.4 + 0.4 + 0.5) / 9, 2 of 9 low.
    assert found[FIRST] == {
        "key": FIRST,
        "turns": 11,
        "handoffs": 2,
        "handoff_rate": 0.1818,
        "fallbacks": 2,
        "fallback_rate": 0.1818,
        "failures": 1,
        "confidence_mean": 0.7,
        "confidence_low_share": 0.2222,
        "human_wait_seconds_median": None,
        "agreement": None,
    }
    # Turns: 4 understandings and 2 while wholly stopped; stopped for a topic, a message was understood first.
    second = found[SECOND_DAY]
    assert (second["turns"], second["confidence_mean"], second["confidence_low_share"]) == (6, 0.8, 0.0)
    assert (second["handoff_rate"], second["fallback_rate"], second["failures"]) == (0.0, 0.0, 0)


def test_by_language_and_by_model(march: Database) -> None:
    by_language = rows(march, "language")
    assert {key: row["turns"] for key, row in by_language.items()} == {"en": 16, "zh": 1}
    # (5.4 + 0.4 + 3.2) / 12
    assert (by_language["en"]["confidence_mean"], by_language["zh"]["confidence_mean"]) == (0.75, 0.5)
    by_model = rows(march, "model")
    assert {key: row["turns"] for key, row in by_model.items()} == {"": 4, "model-a": 9, "model-b": 4}
    assert by_model["model-a"]["fallback_rate"] == 0.2222 and by_model[""]["failures"] == 1
    assert (by_model[""]["confidence_mean"], by_model[""]["confidence_low_share"]) == (None, None)


def test_models_stand_in_the_order_in_which_they_came_into_use(any_database: Database) -> None:
    def work(session: Session) -> None:
        add_day(session, SECOND_DAY, UNDERSTOOD, 1, model="a-later-one", band=9, confidence_sum=9_000)
        add_day(session, FIRST, UNDERSTOOD, 1, model="z-the-first", band=9, confidence_sum=9_000)

    with any_database.transaction() as session:
        work(session)
    assert list(rows(any_database, "model")) == ["z-the-first", "a-later-one"]


def test_filters_leave_one_language_or_one_model(march: Database) -> None:
    assert {key: row["turns"] for key, row in rows(march, language="zh").items()} == {FIRST: 1}
    assert {key: row["turns"] for key, row in rows(march, model="model-b").items()} == {SECOND_DAY: 4}
    assert rows(march, "language", model="model-b", language="zh") == {}


def test_the_wait_for_a_human_is_the_median_of_those_who_were_answered(any_database: Database) -> None:
    def work(session: Session) -> None:
        for waited in (30.0, 10.0, 95.5):
            add_handoff(session, MONDAY, waited)
        add_handoff(session, MONDAY, None)
        for waited in (20.0, 31.0):
            add_handoff(session, MONDAY + DAY, waited, language="zh")

    with any_database.transaction() as session:
        work(session)
    by_day, by_language = rows(any_database), rows(any_database, "language")
    assert {key: row["human_wait_seconds_median"] for key, row in by_day.items()} == {FIRST: 30.0, SECOND_DAY: 25.5}
    assert {key: row["human_wait_seconds_median"] for key, row in by_language.items()} == {"en": 30.0, "zh": 25.5}
    # The day begins and ends at midnight in UTC; the rates come from the daily counts, which holds nothing here.
    assert (by_day[FIRST]["turns"], by_day[FIRST]["handoffs"], by_day[FIRST]["handoff_rate"]) == (0, 0, None)


def test_a_handoff_belongs_to_the_model_that_last_understood_its_conversation(any_database: Database) -> None:
    def work(session: Session) -> None:
        add_day(session, FIRST, UNDERSTOOD, 10, model="model-a", band=9, confidence_sum=90_000)
        first, second = add_conversation(session), add_conversation(session)
        add_decision(session, MONDAY - DAY, conversation_id=first, model="model-a")
        # What the visitor asked with is on record a moment after the request; what follows the wait is another matter.
        add_decision(session, MONDAY + SECOND, conversation_id=first, model="model-b")
        add_decision(session, MONDAY + DAY, conversation_id=first, model="model-c")
        add_decision(session, MONDAY - SECOND, conversation_id=second, model="model-a")
        add_decision(session, MONDAY, conversation_id=second, kind="handoff", model=None)
        add_handoff(session, MONDAY, 40.0, conversation_id=first)
        add_handoff(session, MONDAY, None, conversation_id=second)
        add_handoff(session, MONDAY, 7.0)

    with any_database.transaction() as session:
        work(session)
    found = rows(any_database, "model")
    assert {key: row["handoffs"] for key, row in found.items()} == {"": 1, "model-a": 1, "model-b": 1}
    assert found["model-a"]["handoff_rate"] == 0.1
    waits = {key: row["human_wait_seconds_median"] for key, row in found.items()}
    assert waits == {"": 7.0, "model-a": None, "model-b": 40.0}
    assert {key: row["handoffs"] for key, row in rows(any_database, model="model-b").items()} == {FIRST: 1}


def test_agreement_is_shown_for_the_day_language_and_model_of_what_was_judged(any_database: Database) -> None:
    def work(session: Session) -> None:
        add_staff(session, "ruth", "sam")
        for language, model, verdicts in (
            ("en", "model-a", ("right", "right")),
            ("en", "model-a", ("right", "wrong")),
            ("zh", "model-b", ("wrong", "wrong")),
        ):
            decision = add_decision(session, MONDAY - 40 * DAY, language=language, model=model)
            add_review(session, decision, "ruth", verdicts[0], MONDAY)
            add_review(session, decision, "sam", verdicts[1], MONDAY + DAY)

    with any_database.transaction() as session:
        work(session)

    def agreement(by: str, **values: Any) -> dict[str, Any]:
        return {key: row["agreement"] for key, row in rows(any_database, by, **values).items()}

    assert agreement("day") == {SECOND_DAY: 0.6667}
    assert agreement("language") == {"en": 0.5, "zh": 1.0}
    assert agreement("model") == {"model-a": 0.5, "model-b": 1.0}
    assert agreement("day", language="en") == {SECOND_DAY: 0.5}
    assert agreement("day", model="model-b") == {SECOND_DAY: 1.0}


def test_the_days_are_utc_days_from_the_first_moment_to_the_last(any_database: Database) -> None:
    midnight = MONDAY.replace(hour=0)

    def work(session: Session) -> None:
        for at in (midnight - SECOND, midnight, midnight + DAY - SECOND, midnight + DAY):
            add_handoff(session, at, 10.0)

    with any_database.transaction() as session:
        work(session)
    wanted = Wanted(date(2026, 3, 2), date(2026, 3, 2), By.DAY)
    with any_database.snapshot() as session:
        found = chart(session, wanted)
    assert [row["key"] for row in found] == [FIRST]


@pytest.fixture
def parts(tmp_path: Any) -> Any:
    with make_parts(tmp_path) as made:
        yield made


def test_the_sequencer_counts_what_the_charts_show(parts: Parts) -> None:
    """0.91 + 0.3333 + 0.1 in ten-thousandths; the mean of these three is 0.4478, and two of three are low."""
    conversation = parts.conversation()
    visitor = parts.row(conversation).visitor_id
    for confidence in (0.91, 0.33333, 0.1):
        parts.record(
            Decision(Kind.UNDERSTANDING, conversation, visitor, None, "stock", confidence=confidence, fingerprint="f")
        )
    parts.record(Decision(Kind.FAILURE, conversation, visitor, None, "engine_down"))
    parts.write(parts.sequencer.seal)
    sums = parts.read(lambda s: s.scalars(select(DecisionDayRow.confidence_sum)).all())
    assert sorted(sums) == [0, 1_000, 3_333, 9_100]
    today = parts.read(lambda s: s.scalars(select(DecisionDayRow.day)).first())
    assert today is not None
    (row,) = parts.read(lambda s: chart(s, Wanted(date.fromisoformat(today), date.fromisoformat(today), By.DAY)))
    assert (row["turns"], row["failures"], row["confidence_mean"]) == (4, 1, 0.4478)
    assert row["confidence_low_share"] == 0.6667
