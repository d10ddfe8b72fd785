"""The verification of a log's completeness: what was said, and what people did, has its sealed record."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import update

from bot.core.ids import new_id, now
from bot.core.messages import Author
from bot.db.models import DecisionRow, MessageRow, ReviewRow
from bot.decisions.kinds import Kind
from bot.decisions.models import Decision
from bot.transparency_log.completeness import check_completeness
from bot.transparency_log.report import Findings, Report
from tests.parts import Parts, make_parts


@pytest.fixture
def parts(tmp_path: Path) -> Iterator[Parts]:
    with make_parts(tmp_path) as parts:
        yield parts


def check(parts: Parts) -> Report:
    return check_completeness(str(parts.database.engine.url))


def findings(parts: Parts) -> Findings:
    found = check(parts).completeness
    assert found is not None
    return found


def found(parts: Parts) -> dict[str, str]:
    """The sorts of problem, each with what it is about."""
    return {problem.code: problem.about for problem in findings(parts).ordered()}


def a_turn(parts: Parts, author: Author, kind: Kind | None, *, ago: float = 0) -> tuple[str, str]:
    """A message, its record, if any, and a reply to it; the ids of message and reply."""
    conversation = parts.conversation()
    asked = parts.say(conversation, Author.VISITOR, "Where is my order?", turn="done")
    if kind is not None:
        visitor = parts.row(conversation).visitor_id
        (record,) = parts.record(Decision(kind, conversation, visitor, asked, "utter_greeting"))
        if ago:
            moment = now() - timedelta(seconds=ago)
            parts.write(lambda s: s.execute(update(DecisionRow).where(DecisionRow.id == record).values(at=moment)))
    return asked, parts.say(conversation, author, "It is on its way.", reply_to=asked)


def test_a_turn_with_records_is_complete_sealed_or_about_to_be(parts: Parts) -> None:
    a_turn(parts, Author.ASSISTANT, Kind.ANSWER)
    a_turn(parts, Author.SYSTEM, Kind.FAILURE)
    a_turn(parts, Author.SYSTEM, Kind.HANDOFF)
    a_turn(parts, Author.SYSTEM, Kind.ROUTE)
    assert found(parts) == {}
    parts.write(parts.sequencer.seal)
    result = check(parts)
    assert not findings(parts).counts and (result.replies, result.turns) == (4, 4)


def test_a_reply_without_the_record_of_its_answer_is_found(parts: Parts) -> None:
    _, bare = a_turn(parts, Author.ASSISTANT, None)
    _, other = a_turn(parts, Author.ASSISTANT, Kind.UNDERSTANDING)
    problems = findings(parts)
    assert {one.about for one in problems.problems if one.code == "reply_without_record"} == {
        f"message {bare}",
        f"message {other}",
    }
    assert problems.counts == {"reply_without_record": 2, "turn_without_record": 1}


def test_a_record_of_another_conversation_does_not_count(parts: Parts) -> None:
    asked, said = a_turn(parts, Author.ASSISTANT, None)
    parts.record(Decision(Kind.ANSWER, parts.conversation(), "vis_x", asked, "utter_greeting"))
    assert found(parts)["reply_without_record"] == f"message {said}"


def test_a_record_written_after_the_reply_does_not_count(parts: Parts) -> None:
    _, said = a_turn(parts, Author.ASSISTANT, Kind.ANSWER, ago=-5)
    assert found(parts) == {"reply_without_record": f"message {said}"}


def test_a_record_that_was_never_sealed_does_not_count(parts: Parts) -> None:
    _, said = a_turn(parts, Author.ASSISTANT, Kind.ANSWER, ago=90)
    assert found(parts)["reply_without_record"] == f"message {said}"


def test_a_notice_without_a_decision_is_found(parts: Parts) -> None:
    _, said = a_turn(parts, Author.SYSTEM, Kind.UNDERSTANDING)
    assert found(parts) == {"notice_without_record": f"message {said}"}


def test_a_message_that_waits_for_more_than_a_minute_is_found(parts: Parts) -> None:
    waiting = parts.say(parts.conversation(), Author.VISITOR, "Hello?", turn="accepted")
    assert found(parts) == {}
    earlier = now() - timedelta(seconds=61)
    parts.write(lambda s: s.execute(update(MessageRow).where(MessageRow.id == waiting).values(created_at=earlier)))
    assert found(parts) == {"turn_without_end": f"message {waiting}"}


def test_a_review_whose_record_is_not_sealed_is_found(parts: Parts) -> None:
    record, review = parts.record(
        Decision(Kind.ANSWER, "con_1", "vis_1", "msg_1", "utter_greeting"),
        Decision(Kind.REVIEW, "con_1", "vis_1", "msg_1", "review:right"),
    )
    row = ReviewRow(
        id=new_id("rev"),
        record_id=review,
        decision_id=record,
        reviewer_id=parts.people["ruth"].id,
        verdict="right",
        reason="fine",
        at=now(),
    )
    parts.write(lambda s: s.add(row))
    assert found(parts) == {}
    earlier = now() - timedelta(seconds=90)
    parts.write(lambda s: s.execute(update(DecisionRow).where(DecisionRow.id == review).values(at=earlier)))
    assert found(parts) == {"pointer_without_record": f"review {row.id}"}
