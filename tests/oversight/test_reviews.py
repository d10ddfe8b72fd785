"""Reviews: what is recorded, what is refused, and who is shown them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from bot.api.schemas.review import AddedReview, DecisionReview
from bot.core.errors import BadRequest, NotFound, RecordError
from bot.db.keyring import KeyDestroyed
from bot.db.models import DecisionPayloadRow, DecisionRow, ReviewRow
from bot.decisions.kinds import Kind
from bot.decisions.models import Decision
from bot.oversight.reviews import REASONS, NewReview, Reason, Verdict
from tests.decisions.turns import reply, take_turn
from tests.parts import Parts, make_parts

FINE = NewReview(Verdict.RIGHT, "fine")


@pytest.fixture
def parts(tmp_path: Path) -> Iterator[Parts]:
    with make_parts(tmp_path) as made:
        yield made


@pytest.fixture
def decision(parts: Parts) -> DecisionRow:
    """An answer about "Where is my order?"."""
    conversation = parts.conversation("en")
    take_turn(parts, conversation, reply())
    query = select(DecisionRow).where(DecisionRow.kind == Kind.ANSWER)
    return parts.read(lambda s: s.scalars(query).one())


def add(parts: Parts, decision_id: str, new: NewReview, login: str = "ruth") -> dict[str, object]:
    review, correction_id = parts.write(lambda s: parts.reviews.add(s, parts.people[login], decision_id, new))
    return AddedReview.of(review, correction_id=correction_id).model_dump(mode="json")


def shown(parts: Parts, decision_id: str, login: str = "ruth", share: float = 0.0) -> list[dict[str, object]]:
    found = parts.read(lambda s: parts.reviews.of_decision(s, decision_id, parts.people[login], share))
    return [DecisionReview.of(review).model_dump(mode="json") for review in found]


def test_a_review_is_a_record_of_the_reviewed_conversation(parts: Parts, decision: DecisionRow) -> None:
    new = NewReview(Verdict.WRONG, "wrong_answer", "refund_status", "It was delivered.", "Said twice.")
    given = add(parts, decision.id, new)
    record = parts.records(decision.conversation_id)[-1]
    assert record["decision_id"] == given["record_id"]
    assert (record["kind"], record["outcome"], record["turn_id"]) == ("review", "review:wrong", None)
    assert (record["conversation_id"], record["requested_by"]) == (decision.conversation_id, decision.visitor_id)
    ruth = parts.people["ruth"]
    assert record["input"] == {"decision_id": decision.id, "reviewer": {"id": ruth.id, "login": "ruth"}}
    assert record["result"] == {
        "verdict": "wrong",
        "reason": "wrong_answer",
        "correct_intent": "refund_status",
        "correct_answer": "It was delivered.",
        "note": "Said twice.",
    }
    assert record["automation_level"] == record["human_involvement"] == "decided by a person"
    row = parts.read(lambda s: s.get_one(DecisionRow, record["decision_id"]))
    assert (row.model, row.intent, row.at.isoformat()) == (None, None, given["at"])


def test_a_review_reads_back_as_it_was_given(parts: Parts, decision: DecisionRow) -> None:
    given = add(parts, decision.id, NewReview(Verdict.UNSURE, "unclear", None, None, "Cannot tell."))
    assert given.pop("correction_id") is None
    assert shown(parts, decision.id) == [given]
    assert (given["reviewer"], given["verdict"], given["note"]) == ("Ruth", "unsure", "Cannot tell.")


def test_what_a_reviewer_wrote_stands_in_the_sealed_record_alone(parts: Parts, decision: DecisionRow) -> None:
    add(parts, decision.id, NewReview(Verdict.WRONG, "other", "refund_status", "Say-sorry-first", "Note-of-mine"))
    parts.database.close()
    stored = b"".join(path.read_bytes() for path in parts.settings.data_dir.glob("test.db*"))
    assert b"Note-of-mine" not in stored and b"Say-sorry-first" not in stored and b"refund_status" in stored


def test_with_the_visitor_goes_what_was_written_about_them(parts: Parts, decision: DecisionRow) -> None:
    add(parts, decision.id, NewReview(Verdict.RIGHT, "tone", None, None, "Friendly."))
    parts.write(lambda s: parts.keyring.destroy(s, decision.visitor_id))
    (left,) = shown(parts, decision.id)
    assert (left["verdict"], left["reason"], left["note"]) == ("right", "tone", None)
    with pytest.raises(KeyDestroyed):
        add(parts, decision.id, FINE)


def test_a_reviewer_may_change_their_mind_and_both_stay_on_record(parts: Parts, decision: DecisionRow) -> None:
    add(parts, decision.id, FINE)
    add(parts, decision.id, NewReview(Verdict.WRONG, "incomplete"))
    assert [one["verdict"] for one in shown(parts, decision.id)] == ["right", "wrong"]
    assert parts.outcomes(decision.conversation_id)[-2:] == ["review:right", "review:wrong"]


def test_the_first_verdict_is_not_shown_to_whoever_is_to_look_independently(
    parts: Parts, decision: DecisionRow
) -> None:
    add(parts, decision.id, FINE)
    assert shown(parts, decision.id, "sam", share=1.0) == []
    assert len(shown(parts, decision.id, "ruth", share=1.0)) == len(shown(parts, decision.id, "sam")) == 1
    add(parts, decision.id, NewReview(Verdict.UNSURE, "unclear"), "sam")
    assert [one["reviewer"] for one in shown(parts, decision.id, "sam", share=1.0)] == ["Ruth", "Sam"]


def test_every_verdict_has_reasons_and_every_reason_a_verdict() -> None:
    assert {verdict for reason in REASONS for verdict in reason.verdicts} == set(Verdict)
    assert len({reason.code for reason in REASONS}) == len(REASONS) and all(reason.verdicts for reason in REASONS)
    assert REASONS[0] == Reason("fine", "Nothing to improve", (Verdict.RIGHT,))


@pytest.mark.parametrize(
    ("new", "code"),
    [
        (NewReview(Verdict.WRONG, "fine"), "reason_wrong"),
        (NewReview(Verdict.RIGHT, "no_such_reason"), "reason_wrong"),
        (NewReview(Verdict.RIGHT, "fine", correct_intent="stock"), "not_wrong"),
        (NewReview(Verdict.RIGHT, "fine", correct_answer="Hello"), "not_wrong"),
        (NewReview(Verdict.WRONG, "wrong_intent", correct_intent="no_such_intent"), "intent_unknown"),
        (NewReview(Verdict.WRONG, "wrong_intent", correct_intent="nlu_fallback"), "intent_unknown"),
        (NewReview(Verdict.WRONG, "wrong_intent", example="is it there"), "example_alone"),
        (NewReview(Verdict.UNSURE, "unclear", correct_intent="stock", example="is it there"), "example_alone"),
    ],
)
def test_a_review_that_contradicts_itself_is_refused(
    parts: Parts, decision: DecisionRow, new: NewReview, code: str
) -> None:
    with pytest.raises(BadRequest) as refusal:
        add(parts, decision.id, new)
    assert refusal.value.code == code and refusal.value.message.endswith(".")
    assert shown(parts, decision.id) == [] and "review" not in str(parts.outcomes(decision.conversation_id))


def test_an_intent_of_the_domain_or_on_record_is_known(parts: Parts, decision: DecisionRow) -> None:
    take_turn(parts, parts.conversation(), reply("an_intent_of_old"))
    for intent in ("newsletter", "an_intent_of_old"):
        given = add(parts, decision.id, NewReview(Verdict.UNSURE, "unclear", correct_intent=intent))
        assert given["correct_intent"] == intent


def test_not_understood_is_nothing_that_was_meant(parts: Parts, decision: DecisionRow) -> None:
    take_turn(parts, parts.conversation(), reply("nlu_fallback"))
    with pytest.raises(BadRequest) as refusal:
        add(parts, decision.id, NewReview(Verdict.UNSURE, "unclear", correct_intent="nlu_fallback"))
    assert refusal.value.code == "intent_unknown"


def test_what_a_person_did_is_not_reviewed(parts: Parts, decision: DecisionRow) -> None:
    record_id = str(add(parts, decision.id, FINE)["record_id"])
    with pytest.raises(BadRequest) as refusal:
        add(parts, record_id, FINE)
    assert refusal.value.code == "not_reviewable"
    (look,) = parts.record(Decision(Kind.ACCESS, "", "", None, "read:decision"))
    with pytest.raises(BadRequest):
        add(parts, look, FINE)


@pytest.mark.parametrize("decision_id", ["dec_unknown", "", "\0"])
def test_an_unknown_decision_is_not_reviewed(parts: Parts, decision_id: str) -> None:
    with pytest.raises(NotFound):
        add(parts, decision_id, FINE)


def test_without_its_record_there_is_no_review(parts: Parts, decision: DecisionRow) -> None:
    parts.write(lambda s: DecisionPayloadRow.__table__.drop(s.connection()))
    with pytest.raises(RecordError):
        add(parts, decision.id, FINE)
    assert parts.read(lambda s: s.scalars(select(ReviewRow)).all()) == []
