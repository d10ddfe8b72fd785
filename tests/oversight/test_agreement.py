"""Agreement between two reviewers, against cases worked out by hand."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from bot.db import Database
from bot.oversight import agreement
from bot.oversight.repository.reviews import count_reviewed
from tests.oversight.rows import MONDAY, add_decision, add_review, add_staff

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def reviewers(any_database: Database) -> Database:
    with any_database.transaction() as session:
        add_staff(session, "ruth", "sam", "olga")
    return any_database


def judge(session: Session, at: datetime, *verdicts: tuple[str, str]) -> str:
    """A decision that was judged by these reviewers, an hour after each other."""
    decision = add_decision(session, at)
    for number, (reviewer, verdict) in enumerate(verdicts):
        add_review(session, decision, reviewer, verdict, at + number * HOUR)
    return decision


def pairs(database: Database, start: datetime = MONDAY - DAY, end: datetime = MONDAY + DAY) -> list[agreement.Pair]:
    with database.snapshot() as session:
        return agreement.pairs(session, start, end)


def test_share_and_kappa_are_those_worked_out_by_hand(reviewers: Database) -> None:
    """Ruth then Sam: right right 4, right wrong 2, wrong right 1, wrong wrong 3.

    They agree on 7 of 10. Ruth says right 6 times of 10, Sam 5 times: chance gives 0.6 * 0.5 + 0.4 * 0.5 = 0.5.
    Kappa is (0.7 - 0.5) / (1 - 0.5) = 0.4.
    """
    table = {("right", "right"): 4, ("right", "wrong"): 2, ("wrong", "right"): 1, ("wrong", "wrong"): 3}

    def work(session: Session) -> None:
        for (first, second), times in table.items():
            for _ in range(times):
                judge(session, MONDAY, ("ruth", first), ("sam", second))
        judge(session, MONDAY, ("ruth", "right"))

    with reviewers.transaction() as session:
        work(session)
    found = pairs(reviewers)
    assert len(found) == 10
    assert (agreement.share(found), agreement.kappa(found)) == (0.7, 0.4)
    with reviewers.snapshot() as session:
        assert count_reviewed(session, MONDAY - DAY, MONDAY + DAY) == 11


def test_three_verdicts_and_less_than_chance(reviewers: Database) -> None:
    """right unsure, unsure wrong, wrong right: none agrees; each rater says each once, so chance is 1/3.

    Kappa is (0 - 1/3) / (1 - 1/3) = -0.5.
    """

    def work(session: Session) -> None:
        for first, second in (("right", "unsure"), ("unsure", "wrong"), ("wrong", "right")):
            judge(session, MONDAY, ("ruth", first), ("sam", second))

    with reviewers.transaction() as session:
        work(session)
    found = pairs(reviewers)
    assert (agreement.share(found), agreement.kappa(found)) == (0.0, -0.5)


def test_the_newest_verdict_of_each_counts(reviewers: Database) -> None:
    verdicts = (("ruth", "wrong"), ("sam", "right"), ("ruth", "unsure"), ("ruth", "right"))
    with reviewers.transaction() as session:
        judge(session, MONDAY, *verdicts)
    (pair,) = pairs(reviewers)
    assert (pair.first.reviewer_id, pair.first.verdict, pair.second.reviewer_id) == ("ruth", "right", "sam")
    assert pair.agreed and pair.at == MONDAY + 3 * HOUR


def test_a_third_reviewer_does_not_count(reviewers: Database) -> None:
    with reviewers.transaction() as session:
        judge(session, MONDAY, ("sam", "right"), ("ruth", "wrong"), ("olga", "right"))
    (pair,) = pairs(reviewers)
    assert (pair.first.reviewer_id, pair.second.reviewer_id, pair.agreed) == ("sam", "ruth", False)


def test_reviewing_twice_alone_is_no_pair(reviewers: Database) -> None:
    with reviewers.transaction() as session:
        judge(session, MONDAY, ("ruth", "right"), ("ruth", "wrong"))
    assert pairs(reviewers) == []
    assert (agreement.share([]), agreement.kappa([])) == (None, None)


def test_kappa_is_not_told_where_everybody_always_says_the_same(reviewers: Database) -> None:
    with reviewers.transaction() as session:
        for _ in range(3):
            judge(session, MONDAY, ("ruth", "right"), ("sam", "right"))
    found = pairs(reviewers)
    assert (agreement.share(found), agreement.kappa(found)) == (1.0, None)


def test_a_pair_counts_once_when_its_later_verdict_came(reviewers: Database) -> None:
    with reviewers.transaction() as session:
        judge(session, MONDAY, ("ruth", "right"), ("sam", "wrong"))
    later = MONDAY + HOUR
    assert len(pairs(reviewers, later, later + HOUR)) == 1
    assert pairs(reviewers, MONDAY - DAY, later) == []
    assert pairs(reviewers, later + HOUR, later + DAY) == []
