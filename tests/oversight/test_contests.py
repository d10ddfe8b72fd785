"""Contests over a real database: opened by a visitor, decided by a reviewer, told in the chat, all on record."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from bot.api.schemas.review import ContestedDecision
from bot.core.errors import BadRequest, Conflict, NotFound
from bot.core.messages import Author
from bot.db.keyring import KeyDestroyed
from bot.db.models import ContestRow, ConversationRow, DecisionRow
from bot.oversight import contests
from bot.oversight.repository import contests as repository
from tests.decisions.turns import reply, take_turn
from tests.parts import Parts, make_parts

REASON = "My order FH-204817 is not on its way, write to ada@example.org"
ADDRESS = "+44 20 7946 0018"


@pytest.fixture
def parts(tmp_path: Path) -> Iterator[Parts]:
    with make_parts(tmp_path) as parts:
        yield parts


def contest(parts: Parts, conversation_id: str, message_id: str, **given: Any) -> tuple[ContestRow, bool]:
    def work(session: Session) -> tuple[ContestRow, bool]:
        conversation = session.get_one(ConversationRow, conversation_id)
        return parts.contests.open(session, conversation, message_id, **given)

    return parts.write(work)


def decide(parts: Parts, contest_id: str, state: str = "overturned", name: str = "ruth", **given: Any) -> ContestRow:
    words, written = given.get("words", "You are right: it was lost."), given.get("written", False)
    person = parts.people[name]
    return parts.write(lambda s: parts.contests.decide(s, person, contest_id, state, words, written))


def whole(parts: Parts, contest_id: str) -> dict[str, Any]:
    contest = parts.read(lambda s: parts.contests.read(s, s.get_one(ContestRow, contest_id)))
    return ContestedDecision.of(contest).model_dump(mode="json")


def contested(parts: Parts, language: str = "en", **given: Any) -> tuple[str, str, str]:
    """A conversation whose reply is contested: its id, the reply's, the contest's."""
    conversation = parts.conversation(language)
    message = take_turn(parts, conversation, reply())
    row, _ = contest(parts, conversation, message, **given)
    return conversation, message, row.id


def test_a_contest_is_on_record_and_leads_to_the_answer(parts: Parts) -> None:
    conversation, message, contest_id = contested(parts, reason=REASON, contact=ADDRESS)
    *_, answer, record = parts.records(conversation)
    assert (record["kind"], record["outcome"]) == ("contest", "contested")
    assert record["human_involvement"] == "decided by a person"
    assert record["turn_id"] == answer["turn_id"], "it stands with the turn it is about"
    assert record["input"] == {
        "contest_id": contest_id,
        "message_id": message,
        "decision_id": answer["decision_id"],
        "text": "My order [ORDER_1] is not on its way, write to [EMAIL_1]",
        "contact_left": True,
    }
    assert answer["kind"] == "answer"
    assert parts.read(lambda s: repository.of_decision(s, answer["decision_id"])) is not None


def test_reason_and_address_are_sealed(parts: Parts, tmp_path: Path) -> None:
    contested(parts, reason=REASON, contact=ADDRESS)
    parts.write(lambda s: s.execute(text("SELECT 1")))
    stored = b"".join(path.read_bytes() for path in tmp_path.glob("test.db*"))
    assert b"contest" in stored
    assert b"not on its way, write" not in stored and b"7946 0018" not in stored and b"79460018" not in stored


def test_contesting_twice_is_harmless(parts: Parts) -> None:
    conversation, message, contest_id = contested(parts, reason="It is wrong.")
    again, fresh = contest(parts, conversation, message, reason="Really.")
    assert (again.id, fresh) == (contest_id, False)
    assert parts.outcomes(conversation).count("contested") == 1
    assert whole(parts, contest_id)["reason"] == "It is wrong."
    decide(parts, contest_id)
    assert contest(parts, conversation, message)[0].state == "overturned", "what was decided stays so"


def test_only_a_reply_of_the_assistant_in_this_conversation_can_be_contested(parts: Parts) -> None:
    conversation, other = parts.conversation(), parts.conversation()
    elsewhere = take_turn(parts, other, reply())
    for message, error in (
        (parts.say(conversation, Author.VISITOR, "Hello"), BadRequest),
        (parts.say(conversation, Author.HUMAN, "Hello", author_name="Mina"), BadRequest),
        (parts.say(conversation, Author.SYSTEM, "Mina has joined."), BadRequest),
        (elsewhere, NotFound),
        ("msg_none", NotFound),
    ):
        with pytest.raises(error):
            contest(parts, conversation, message)
    assert parts.read(lambda s: contests.states(s, conversation)) == []


def test_a_reply_without_an_answer_on_record_can_be_contested(parts: Parts) -> None:
    conversation = parts.conversation()
    row, fresh = contest(parts, conversation, parts.say(conversation, Author.ASSISTANT, "Hello"))
    assert fresh and row.decision_id is None


@pytest.mark.parametrize(
    ("state", "language", "verdict"),
    [
        ("upheld", "en", "The answer stands."),
        ("overturned", "en", "The answer was wrong."),
        ("upheld", "zh", "这条回答仍然成立。"),
        ("overturned", "zh", "这条回答有误。"),
    ],
)
def test_the_visitor_is_told_what_was_checked_by_whom_and_how_it_ended(
    parts: Parts, state: str, language: str, verdict: str
) -> None:
    conversation, message, contest_id = contested(parts, language)
    decide(parts, contest_id, state, words="Braces {stay}. It was lost.")
    events = parts.events(conversation)
    kinds = [kind for kind, _ in events]
    assert kinds[-3:] == ["contest", "message", "contest"]
    told = events[-2][1]
    assert told["author"] == "system"
    for part in ("It is on its way.", verdict, "Ruth", "Fern & Hale", "\n“Braces {stay}. It was lost.”"):
        assert part in told["text"]
    assert events[-1][1] == {"message_id": message, "state": state}
    assert parts.read(lambda s: contests.states(s, conversation)) == [{"message_id": message, "state": state}]


def test_the_decision_is_a_persons_record_with_their_words(parts: Parts) -> None:
    conversation, _, contest_id = contested(parts)
    row = decide(parts, contest_id, "upheld", words="It stands.", written=True)
    record = parts.records(conversation)[-1]
    assert (record["kind"], record["outcome"]) == ("contest", "contest:upheld")
    assert record["automation_level"] == record["human_involvement"] == "decided by a person"
    assert record["input"]["contest_id"] == contest_id and record["input"]["decision_id"] == row.decision_id
    told = parts.events(conversation)[-2][1]["id"]
    result = record["result"]
    assert (result["words"], result["written"], result["message_ids"]) == ("It stands.", True, [told])
    assert result["staff"]["name"] == "Ruth"


@pytest.mark.parametrize(
    ("text", "quoted"), [("seven " * 200, "“" + "seven " * 25 + "seven…”"), ("字" * 400, f"“{'字' * 159}…”")]
)
def test_a_long_reply_is_quoted_short(parts: Parts, text: str, quoted: str) -> None:
    conversation = parts.conversation()
    row, _ = contest(parts, conversation, parts.say(conversation, Author.ASSISTANT, text))
    decide(parts, row.id)
    assert quoted in parts.said(conversation)[-1]


def test_of_two_reviewers_one_decides(parts: Parts) -> None:
    """Falls when the state is not part of the update in `_take`."""
    conversation, _, contest_id = contested(parts)
    decide(parts, contest_id, "upheld")
    with pytest.raises(Conflict):
        decide(parts, contest_id, "overturned", "sam")
    assert parts.outcomes(conversation).count("contest:upheld") == 1
    assert "contest:overturned" not in parts.outcomes(conversation)
    assert whole(parts, contest_id)["reviewer"] == "Ruth"


def test_lists_hold_nothing_that_people_wrote(parts: Parts) -> None:
    _, _, first = contested(parts, reason=REASON, contact=ADDRESS)
    _, _, second = contested(parts)
    decide(parts, first)

    def ids(state: str | None) -> list[str]:
        return [row.id for row in parts.read(lambda s: repository.in_state(s, state))]

    assert (ids("open"), ids("overturned"), ids("upheld"), ids(None)) == ([second], [first], [], [second, first])
    (one,) = parts.read(lambda s: parts.contests.listed(s, "overturned"))
    listed = ContestedDecision.of(one).model_dump(mode="json")
    opened = whole(parts, first)
    assert set(listed) == set(opened)
    hidden = {"reason", "contact", "reply", "words"}
    assert all(listed[key] is None and opened[key] is not None for key in hidden)
    assert all(listed[key] == opened[key] for key in set(listed) - hidden)
    assert (opened["contact"], opened["reply"]) == (ADDRESS, "It is on its way.")


def test_an_erased_visitors_contest_leaves_the_list_and_cannot_be_decided(parts: Parts) -> None:
    conversation, _, contest_id = contested(parts, reason=REASON)
    parts.write(lambda s: parts.keyring.destroy(s, parts.row(conversation).visitor_id))
    assert parts.read(lambda s: list(repository.in_state(s, None))) == []
    assert whole(parts, contest_id)["reason"] is None
    with pytest.raises(KeyDestroyed):
        decide(parts, contest_id)
    assert parts.read(lambda s: s.get_one(ContestRow, contest_id)).state == "open"
    query = select(DecisionRow).where(DecisionRow.outcome == "contest:overturned")
    assert parts.read(lambda s: s.scalars(query).all()) == []
