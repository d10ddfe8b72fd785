"""What each queue holds, what it leaves out, and that it stays small work however large the log is."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

import pytest
from sqlalchemy import event
from sqlalchemy.orm import Session

from bot.core.ids import new_id, now
from bot.db import Database
from bot.db.models import ContestRow, CorrectionRow, DecisionPayloadRow, MessageRow
from bot.oversight import sampling
from bot.oversight.repository.sampling import Reader
from bot.oversight.sampling import QUEUES, Queue, drawn, hidden_from
from tests.oversight.rows import add_conversation, add_decision, add_review, add_staff, seal_rows

RUTH = Reader("ruth", second_share=1.0)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
NOW = now()


@pytest.fixture
def log(any_database: Database) -> Database:
    with any_database.transaction() as session:
        add_staff(session, "ruth", "sam", "olga")
    return any_database


def queue(name: str) -> Queue:
    return next(one for one in QUEUES if one.name == name)


def ids(log: Database, name: str, limit: int = 50, reader: Reader = RUTH) -> list[str]:
    with log.snapshot() as session:
        return [row.id for row in queue(name).draw(session, reader, limit)]


def contest(session: Session, decision_id: str, age: timedelta, state: str = "open") -> None:
    conversation = add_conversation(session)
    message = MessageRow(
        id=new_id("msg"), conversation_id=conversation, author="assistant", body_sealed=b"", created_at=NOW
    )
    session.add(message)
    session.flush()
    session.add(
        ContestRow(
            id=new_id("cts"),
            conversation_id=conversation,
            message_id=message.id,
            decision_id=decision_id,
            state=state,
            language="en",
            at=NOW - age,
        )
    )
    session.flush()


def correct(session: Session, intent: str, age: timedelta, state: str = "accepted") -> None:
    decision = add_decision(session, NOW - 100 * DAY, model=None, intent=None)
    review = add_review(session, decision, "sam", "wrong", NOW - 100 * DAY)
    session.add(
        CorrectionRow(
            id=new_id("cor"),
            review_id=review,
            decision_id=decision,
            visitor_id="",
            state=state,
            language="en",
            intent=intent,
            proposed_at=NOW - 100 * DAY,
            decided_at=NOW - age,
        )
    )
    session.flush()


def test_the_sample_holds_recent_understandings_and_answers_only(log: Database) -> None:
    def work(session: Session) -> set[str]:
        wanted = {add_decision(session, NOW - DAY), add_decision(session, NOW - DAY, kind="answer", outcome="utter_x")}
        add_decision(session, NOW - DAY, kind="action")
        add_decision(session, NOW - DAY, kind="review")
        add_decision(session, NOW - 31 * DAY)
        seal_rows(session)
        add_decision(session, NOW, leaf_index=None)
        return wanted

    with log.transaction() as session:
        wanted = work(session)
    assert set(ids(log, "random")) == wanted


@pytest.mark.parametrize("places", [60, 2_000])
def test_every_decision_is_as_likely_to_be_sampled_as_any_other(
    log: Database, monkeypatch: pytest.MonkeyPatch, places: int
) -> None:
    """40 decisions among 120 records, drawn 5 at a time for 400 times: 50 times each is expected, give or take 7.

    The chance that a fair draw leaves 22 to 78 (four standard deviations) for any of them is below one in 300.
    A log as short as this one is read whole, unless fewer `places` are the limit: then places in it are drawn.
    """
    monkeypatch.setattr(sampling, "CANDIDATES", places)

    def work(session: Session) -> set[str]:
        wanted = set()
        for number in range(40):
            at = NOW - 20 * DAY + number * HOUR
            wanted.add(add_decision(session, at))
            add_decision(session, at, kind="action")
            add_decision(session, at, kind="gate")
        seal_rows(session)
        return wanted

    with log.transaction() as session:
        wanted = work(session)
    counts: Counter[str] = Counter()
    for _ in range(400):
        drawn_now = ids(log, "random", 5)
        assert len(set(drawn_now)) == 5
        counts.update(drawn_now)
    assert set(counts) == wanted
    assert min(counts.values()) > 21 and max(counts.values()) < 79


def test_an_empty_log_has_an_empty_sample(log: Database) -> None:
    assert [ids(log, one.name) for one in QUEUES] == [[], [], [], [], []]


def test_unsure_are_recent_understandings_below_a_half_lowest_first(log: Database) -> None:
    def work(session: Session) -> list[str]:
        wanted = [add_decision(session, NOW - DAY, confidence=value) for value in (0.12, 0.2, 0.4999)]
        add_decision(session, NOW - DAY, confidence=0.5)
        add_decision(session, NOW - DAY, confidence=None)
        add_decision(session, NOW - DAY, confidence=0.1, kind="answer")
        add_decision(session, NOW - 31 * DAY, confidence=0.1)
        return wanted

    with log.transaction() as session:
        wanted = work(session)
    assert ids(log, "low_confidence") == wanted
    assert ids(log, "low_confidence", 2) == wanted[:2]


def test_contested_are_open_ones_the_oldest_first(log: Database) -> None:
    def work(session: Session) -> list[str]:
        young, old, decided = (add_decision(session, NOW - DAY, kind="answer") for _ in range(3))
        contest(session, young, HOUR)
        contest(session, old, 5 * HOUR)
        contest(session, decided, 9 * HOUR, "upheld")
        return [old, young]

    with log.transaction() as session:
        wanted = work(session)
    assert ids(log, "contested") == wanted


def test_newly_trained_are_intents_that_the_newest_model_had_training_for(log: Database) -> None:
    def work(session: Session) -> list[str]:
        # model-a, then model-b since 20 days, then model-c since 10.
        for intent in ("order_status", "stock", "invoice"):
            add_decision(session, NOW - 30 * DAY, intent=intent, model="model-a")
        add_decision(session, NOW - 20 * DAY, intent="stock", model="model-b")
        for intent in ("order_status", "invoice", "nlu_fallback"):
            add_decision(session, NOW - 10 * DAY, intent=intent, model="model-c")
        wanted = [add_decision(session, NOW - 9 * DAY, intent="gift_card", model="model-c")]
        add_decision(session, NOW - 9 * DAY, intent="gift_card", model="model-c", kind="answer")
        # Corrected while model-b was in use: model-c learnt it. The others came too early or too late, or were refused.
        correct(session, "stock", 15 * DAY)
        correct(session, "order_status", 25 * DAY)
        correct(session, "invoice", 2 * DAY)
        correct(session, "order_status", 15 * DAY, "refused")
        return [add_decision(session, NOW - 8 * DAY, intent="stock", model="model-c"), *wanted]

    with log.transaction() as session:
        wanted = work(session)
    assert ids(log, "new_intent") == wanted
    with log.snapshot() as session:
        model, begun, intents = sampling.newly_trained(session)
    assert (model, begun, intents) == ("model-c", NOW - 10 * DAY, ["gift_card", "stock"])


def test_nothing_is_newly_trained_while_there_is_one_model(log: Database) -> None:
    with log.transaction() as session:
        add_decision(session, NOW - DAY)
    assert ids(log, "new_intent") == []


def test_second_looks_are_at_what_one_other_has_reviewed_the_oldest_first(log: Database) -> None:
    def work(session: Session) -> list[str]:
        later, earlier, mine, both, twice = (add_decision(session, NOW - DAY) for _ in range(5))
        add_review(session, later, "sam", "right", NOW - HOUR)
        add_review(session, earlier, "olga", "wrong", NOW - 2 * HOUR)
        add_review(session, mine, "ruth", "right", NOW - HOUR)
        for reviewer in ("sam", "olga"):
            add_review(session, both, reviewer, "right", NOW - HOUR)
        for age in (4, 3):
            add_review(session, twice, "sam", "right", NOW - age * HOUR)
        return [twice, earlier, later]

    with log.transaction() as session:
        wanted = work(session)
    assert ids(log, "second") == wanted
    assert ids(log, "second", reader=Reader("ruth", 0.0)) == []


def test_a_share_of_the_reviewed_is_drawn_the_same_ones_each_time(log: Database) -> None:
    def work(session: Session) -> list[str]:
        decisions = [add_decision(session, NOW - DAY) for _ in range(200)]
        for decision in decisions:
            add_review(session, decision, "sam", "right", NOW)
        return decisions

    with log.transaction() as session:
        decisions = work(session)
    found = ids(log, "second", 200, Reader("ruth", 0.2))
    assert found == ids(log, "second", 200, Reader("olga", 0.2))
    assert set(found) == {one for one in decisions if drawn(one, 0.2)} and 15 <= len(found) <= 68


def test_a_greater_share_draws_more_and_never_others() -> None:
    decisions = [f"dec_{number}" for number in range(10_000)]
    fifth, half = ({one for one in decisions if drawn(one, share)} for share in (0.2, 0.5))
    assert fifth < half and abs(len(fifth) - 2_000) < 200 and abs(len(half) - 5_000) < 250
    assert not any(drawn(one, 0.0) for one in decisions) and all(drawn(one, 1.0) for one in decisions)


def test_the_first_verdict_is_hidden_until_the_second_look_is_done() -> None:
    assert hidden_from("ruth", "dec_1", {"sam"}, 1.0)
    assert not hidden_from("ruth", "dec_1", {"sam"}, 0.0)
    assert not hidden_from("sam", "dec_1", {"sam"}, 1.0)
    assert not hidden_from("ruth", "dec_1", {"sam", "olga"}, 1.0)
    assert not hidden_from("ruth", "dec_1", set(), 1.0)


@pytest.mark.parametrize("name", ["random", "low_confidence", "contested", "new_intent"])
def test_what_i_have_reviewed_and_what_was_erased_is_left_out(log: Database, name: str) -> None:
    def work(session: Session) -> tuple[str, str, str]:
        add_decision(session, NOW - 20 * DAY, kind="action", model="model-0", intent="stock")
        three = tuple(add_decision(session, NOW - DAY, confidence=0.3) for _ in range(3))
        for age, decision in enumerate(three):
            contest(session, decision, age * HOUR)
        seal_rows(session)
        left, mine, erased = three
        add_review(session, mine, "ruth", "right", NOW)
        add_review(session, left, "sam", "right", NOW)
        session.get_one(DecisionPayloadRow, erased).payload_sealed = None
        return left, mine, erased

    with log.transaction() as session:
        left, mine, _ = work(session)
    assert ids(log, name) == [left]
    assert ids(log, name, reader=Reader("olga")) in ([left, mine], [mine, left])


INDEXES = {
    "random": {"decision_at", "decision_leaf", "review_decision"},
    "low_confidence": {"decision_unsure", "review_decision"},
    "contested": {"contest_state", "review_decision"},
    "new_intent": {"decision_intent", "review_decision"},
    "second": {"review_at", "review_decision"},
}
"""What a queue reads its records along; others lead through a large part of the log."""
ALSO = {"decision_model", "correction_state"}
"""What the models and intents on record are found along, a step for each."""


@pytest.mark.parametrize("name", [one.name for one in QUEUES])
def test_a_queue_reads_along_its_indexes(database: Database, name: str) -> None:
    """SQLite tells how it reads."""

    def work(session: Session) -> None:
        add_staff(session, "ruth", "sam")
        first = add_decision(session, NOW - 20 * DAY, model="model-0", intent="stock")
        add_review(session, first, "sam", "right", NOW)
        contest(session, first, HOUR)
        add_decision(session, NOW - DAY, confidence=0.3)
        seal_rows(session)

    with database.transaction() as session:
        work(session)
    statements: list[tuple[str, object]] = []

    @event.listens_for(database.engine, "before_cursor_execute")
    def _keep(_connection: object, _cursor: object, statement: str, values: object, *_: object) -> None:
        statements.append((statement, values))

    assert ids(database, name)
    event.remove(database.engine, "before_cursor_execute", _keep)
    with database.engine.connect() as connection:
        plans = [connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {one}", values) for one, values in statements]
        steps = [row[3] for plan in plans for row in plan]
    used = {step.split("INDEX ")[1].split(" ")[0] for step in steps if "INDEX " in step}
    used = {one for one in used if not one.startswith("sqlite_autoindex")}
    assert used - ALSO == INDEXES[name]
    assert [step for step in steps if step == "SCAN decision"] == []
