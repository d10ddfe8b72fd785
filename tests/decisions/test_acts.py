"""What people did, and who served a message, in plain words: in full, in a line, and in the visitor's 'why'."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import select

from bot.core.messages import Author
from bot.db.models import ContestRow, DecisionPayloadRow, DecisionRow
from bot.decisions.explain import EXPLAINERS, explain, explain_damaged, summary, why
from bot.decisions.kinds import DECISIONS, Kind
from bot.decisions.models import Decision
from bot.oversight.access_log import SUPPORT, AccessPurpose
from bot.oversight.reviews import NewReview, Verdict
from bot.privacy.erasure.reasons import Reason
from bot.privacy.erasure.service import Eraser
from bot.privacy.legal_holds import hold, release
from tests.decisions.turns import context, reply, take_turn
from tests.parts import Parts, make_parts

OUTCOMES = {
    Kind.ROUTE: ["desk", "gateway", "stopped", "stopped:orders"],
    Kind.CONTEST: ["contested", "contest:upheld", "contest:overturned"],
    Kind.REVIEW: ["review:right", "review:wrong", "review:unsure"],
    Kind.CORRECTION: ["correction:accepted", "correction:refused"],
    Kind.ACCESS: ["read:decision", "read:conversation", "read:contest", "export:csv"],
    Kind.STOP: ["stopped", "stopped:orders", "resumed", "resumed:orders"],
    Kind.ERASURE: ["erased:visitor_request", "erased:retention", "erased:operator"],
    Kind.HOLD: ["held", "released"],
    Kind.RECTIFICATION: ["rectified:address"],
}


@pytest.fixture(scope="module")
def parts(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Parts]:
    with make_parts(tmp_path_factory.mktemp("acts")) as made:
        yield made


def newest(parts: Parts, kind: Kind, language: str = "en") -> tuple[dict[str, Any], str]:
    """The newest record of this kind, explained, and its line."""

    def work(session: Any) -> tuple[dict[str, Any], str]:
        query = select(DecisionRow).where(DecisionRow.kind == kind).order_by(DecisionRow.at.desc()).limit(1)
        row = session.scalars(query).one()
        record = parts.recorder.read(session, row, session.get(DecisionPayloadRow, row.id))
        assert record is not None
        return explain(record, language), summary(row, language)

    return parts.read(work)


def facts(explanation: dict[str, Any]) -> dict[str, str]:
    return {fact["label"]: fact["value"] for fact in explanation["facts"]}


@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_outcome_has_words_of_its_own(parts: Parts, language: str) -> None:
    assert set(OUTCOMES) == set(Kind) - set(DECISIONS) | {Kind.ROUTE} and set(EXPLAINERS) == set(DECISIONS)
    for kind, outcomes in OUTCOMES.items():
        told = []
        for outcome in outcomes:
            parts.record(Decision(kind, "", "", None, outcome=outcome, result={"staff": {"name": "Ruth"}}))
            explanation, line = newest(parts, kind, language)
            told.append((explanation["title"], explanation["text"], line))
            assert explanation["title"] != line and "{" not in str(told[-1])
        assert len({text for _, text, _ in told}) == len({line for *_, line in told}) == len(outcomes)
    unknown = Decision(Kind.REVIEW, "", "", None, outcome="review:from_the_future")
    parts.record(unknown)
    assert "from the future" in newest(parts, Kind.REVIEW)[0]["title"]


def test_a_review_tells_who_judged_what_and_better(parts: Parts) -> None:
    conversation = parts.conversation()
    take_turn(parts, conversation, reply())
    decision_id = parts.records(conversation)[0]["decision_id"]
    new = NewReview(Verdict.WRONG, "wrong_intent", "stock", "We have 12.", "Clear enough.")
    parts.write(lambda s: parts.reviews.add(s, parts.people["ruth"], decision_id, new))
    explanation, line = newest(parts, Kind.REVIEW)
    assert line == "Review: wrong" and explanation["title"] == "Reviewed: wrong"
    told = facts(explanation)
    assert (told["Decided by"], told["Reason"], told["Better answer"]) == ("ruth", "wrong intent", "We have 12.")
    assert (told["Note"], told["About the record"]) == ("Clear enough.", decision_id)
    assert "stock" in told["Should have been"].casefold() and "Personal data used" not in told


@pytest.mark.parametrize("why_looked", [*AccessPurpose, SUPPORT])
def test_a_look_tells_who_at_what_and_why(parts: Parts, why_looked: str) -> None:
    conversation = parts.conversation()
    accesses = parts.access_log
    parts.write(lambda s: accesses.conversation(s, parts.people["ruth"], parts.row(conversation), why_looked))
    explanation, line = newest(parts, Kind.ACCESS)
    assert explanation["title"] == "Ruth opened: a conversation" and line == "Look at data: opened, conversation"
    assert facts(explanation)["Purpose of the look"] in explanation["text"]
    assert "_" not in explanation["text"] and facts(explanation)["Decided by"] == "Ruth"


def test_an_export_tells_its_filters(parts: Parts) -> None:
    more = {"filters": {"kind": "answer", "language": "zh"}}
    accesses = parts.access_log
    parts.write(lambda s: accesses.record(s, parts.people["sam"], "export:csv", AccessPurpose.AUDIT, more=more))
    explanation, _ = newest(parts, Kind.ACCESS)
    assert explanation["title"] == "Sam exported records as csv" and "an audit" in explanation["text"]
    assert facts(explanation)["Filters"] == "kind: answer\nlanguage: zh"


def test_a_stop_tells_who_and_why_in_their_words(parts: Parts) -> None:
    parts.write(lambda s: parts.stops.start(s, parts.people["olga"], None, "It said action_x to everybody"))
    explanation, line = newest(parts, Kind.STOP)
    assert "Olga stopped the assistant" in explanation["text"] and line == "Stop: the assistant was stopped"
    assert facts(explanation)["Reason"] == "It said action_x to everybody"


def test_a_hold_tells_who_and_why_in_their_words(parts: Parts) -> None:
    conversation = parts.conversation()
    row = parts.write(lambda s: hold(s, parts.recorder, conversation, "Claim 12_b", "olga"))
    explanation, line = newest(parts, Kind.HOLD)
    assert "olga put the conversation on legal hold" in explanation["text"] and line == "Legal hold: put on legal hold"
    assert (facts(explanation)["Reason"], facts(explanation)["Decided by"]) == ("Claim 12_b", "olga")
    parts.write(lambda s: release(s, parts.recorder, row.id, "sam"))
    explanation, line = newest(parts, Kind.HOLD)
    assert "sam ended a legal hold" in explanation["text"] and line == "Legal hold: a legal hold ended"


def test_an_erasure_tells_why(parts: Parts) -> None:
    visitor = parts.row(parts.conversation()).visitor_id
    eraser = Eraser(parts.keyring, parts.recorder, parts.handoffs, parts.settings.data_dir)
    parts.write(lambda s: eraser.erase(s, visitor, Reason.RETENTION, "candor erase"))
    explanation, line = newest(parts, Kind.ERASURE)
    assert (
        "it had been kept long enough" in explanation["text"] and line == "Erasure: the visitor was erased, retention"
    )
    assert facts(explanation)["Decided by"] == "candor erase"


def test_a_decided_contest_tells_the_words_to_the_visitor(parts: Parts) -> None:
    conversation, answer = contested(parts, "Nobody told me")
    assert facts(newest(parts, Kind.CONTEST)[0])["Reason"] == "Nobody told me"
    decide(parts, answer, "overturned")
    explanation, line = newest(parts, Kind.CONTEST)
    assert explanation["title"] == "Checked: the answer was wrong" and line == "Contest: the answer was wrong"
    assert facts(explanation)["Words to the visitor"] == "Sorry, it is late."
    assert explanation["text"].startswith("Ruth checked")


def contested(parts: Parts, reason: str) -> tuple[str, str]:
    """A conversation whose answer is contested; both ids."""
    conversation = parts.conversation()
    answer = take_turn(parts, conversation, reply())
    parts.write(lambda s: parts.contests.open(s, parts.row(conversation), answer, reason))
    return conversation, answer


def decide(parts: Parts, answer: str, state: str) -> None:
    def work(session: Any) -> None:
        row = session.scalars(select(ContestRow).where(ContestRow.message_id == answer)).one()
        parts.contests.decide(session, parts.people["ruth"], row.id, state, "Sorry, it is late.", False)

    parts.write(work)


@pytest.mark.parametrize(("state", "told"), [("upheld", "it stands"), ("overturned", "it was wrong")])
def test_why_tells_what_a_human_check_found(parts: Parts, state: str, told: str) -> None:
    conversation, answer = contested(parts, "Really?")
    before, _ = parts.read(lambda s: why(s, parts.recorder, conversation, answer, "en"))
    assert "A person has checked" not in before
    decide(parts, answer, state)
    after, _ = parts.read(lambda s: why(s, parts.recorder, conversation, answer, "en"))
    assert f"A person has checked this answer since: {told}." in after and "91% sure" in after


@pytest.mark.parametrize(
    ("outcome", "told"), [("stopped:orders", "switched off"), ("gateway", "notice from the system")]
)
def test_why_tells_that_the_assistant_was_stopped(parts: Parts, outcome: str, told: str) -> None:
    conversation = parts.conversation()
    message = parts.say(conversation, Author.VISITOR, "Where is my order?")
    ids = parts.record(context(parts, conversation, message).decision(Kind.ROUTE, outcome))
    answer = parts.say(conversation, Author.SYSTEM, "A person will answer you.", reply_to=message)
    text, found = parts.read(lambda s: why(s, parts.recorder, conversation, answer, "en"))
    assert told in text and found == ids


def test_a_damaged_record_is_not_called_erased() -> None:
    assert explain_damaged("en")["title"] == "Cannot be read" and "was changed" in explain_damaged("en")["text"]
