"""Records of standing requests in plain words, and 'Why did you say that?' of what was said for one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any, get_args

import pytest

from bot.core.ids import new_id
from bot.core.messages import Author, RawMessage, Said
from bot.db.models import DecisionRow
from bot.db.rows import find
from bot.decisions.explain import explain, summary, why
from bot.decisions.kinds import Kind
from bot.decisions.models import REQUEST_POLICY, Decision
from bot.decisions.sentences import RESUMED
from bot.decisions.turn_decisions import decisions_of
from bot.masking import PlaceholderStore, mask
from bot.standing_requests import service
from bot.standing_requests.requests import By, Request
from tests.decisions.turns import context, reply
from tests.parts import Parts, make_parts

RESULTS = {
    Request.ALLOW: ["given", "asked_first", "sign_in_first"],
    Request.REFUSE: ["refused"],
    Request.WITHDRAW: ["ended", "refused", "paused", "nothing_allowed", "way_to_erase"],
    Request.ERASE: ["ended", "refused", "paused", "nothing_allowed", "way_to_erase"],
    Request.RESUME: ["resumed", "nothing_paused"],
    Request.HUMAN: ["human_asked", "waiting_already", "human_is_here"],
    Request.ROBOT: ["told"],
    Request.PERSONA: ["told"],
}
STOP = "en/withdraw: stop (it|that|)"


@pytest.fixture(scope="module")
def parts(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Parts]:
    with make_parts(tmp_path_factory.mktemp("requested")) as made:
        yield made


def requested(
    parts: Parts, conversation: str, turn: str, outcome: str, by: str = "phrase", text: str = "stop it", **changes: Any
) -> Decision:
    """What StandingRequests records."""
    request, _, result = outcome.partition(":")
    given = {"text": text, "request": request, "source": by}
    came = {"outcome": result, "purposes": changes.pop("purposes", []), "unsure": changes.pop("unsure", False)}
    base = replace(context(parts, conversation, turn).decision(Kind.REQUEST, outcome), input=given, result=came)
    return replace(base, **{"policy": REQUEST_POLICY, "rule": STOP, **changes})


def said_for_it(parts: Parts, conversation: str, turn: str, *messages: str) -> Decision:
    decision = context(parts, conversation, turn).decision(Kind.ANSWER, "withdrawn")
    return replace(decision, policy=REQUEST_POLICY, result={"responses": ["withdrawn"], "message_ids": list(messages)})


def told(parts: Parts, decision: Decision, language: str = "en") -> tuple[dict[str, Any], str]:
    """The record explained, and its line."""
    (decision_id,) = parts.record(decision)

    def work(session: Any) -> tuple[dict[str, Any], str]:
        row = find(session, DecisionRow, decision_id)
        assert row is not None
        record = parts.recorder.read_record(session, row)
        assert record is not None
        return explain(record, language), summary(row, language)

    return parts.read(work)


def a_turn(parts: Parts, text: str = "stop it", language: str = "en") -> tuple[str, str]:
    """A conversation and a message of its visitor."""
    conversation = parts.conversation(language)
    return conversation, parts.say(conversation, Author.VISITOR, text)


def answer(parts: Parts, conversation: str, turn: str, author: Author = Author.ASSISTANT) -> str:
    return parts.say(conversation, author, "All right.", reply_to=turn)


def ask(parts: Parts, conversation: str, message_id: str | None, language: str = "en") -> tuple[str, list[str]]:
    return parts.read(lambda s: why(s, parts.recorder, conversation, message_id, language))


def test_requests_and_their_records_have_one_policy() -> None:
    assert service.REQUEST_POLICY == REQUEST_POLICY and set(RESULTS) == set(Request)


@pytest.mark.parametrize("language", ["en", "zh", "en_you", "zh_you"])
def test_every_outcome_of_every_request_has_words_of_its_own(parts: Parts, language: str) -> None:
    conversation, turn = a_turn(parts)
    lines = []
    for request, results in RESULTS.items():
        for result in results:
            outcome = f"{request}:{result}"
            found, line = told(
                parts, requested(parts, conversation, turn, outcome, purposes=["order_history"]), language
            )
            words = line + found["title"] + found["text"]
            assert not {"_", "{"} & set(words), words
            lines.append(line)
    assert len(set(lines)) == len(lines)


@pytest.mark.parametrize("by", get_args(By))
@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_means_has_words_of_its_own(parts: Parts, by: str, language: str) -> None:
    conversation, turn = a_turn(parts)
    sure = {"confidence": 0.91, "threshold": 0.8} if by == "classifier" else {}
    found, _ = told(parts, requested(parts, conversation, turn, "withdraw:ended", by, **sure), language)
    without = {"en": "does not say how", "zh": "未说明依据"}[language]
    assert without not in found["text"] and ("91%" in found["text"]) == (by == "classifier")


def test_a_phrase_is_told_with_its_words_its_list_and_what_ended(parts: Parts) -> None:
    conversation, turn = a_turn(parts)
    decision = requested(parts, conversation, turn, "withdraw:ended", purposes=["order_history", "recommendations"])
    found, line = told(parts, decision)
    assert line == "Request: End of the use of data, ended at once"
    assert found["title"] == "End of the use of data: ended at once"
    assert found["text"].startswith("The words “stop it” are in the closed list of phrases that mean “End of the use")
    assert "(en/withdraw)" in found["text"] and "“Use your order history”, “" in found["text"]
    facts = {fact["label"]: fact["value"] for fact in found["facts"]}
    assert (facts["Rule"], facts["Recognised by"]) == (STOP, "a phrase of the closed lists")
    assert facts["Message, masked"] == "stop it" and facts["Personal data used"] == "none"


@pytest.mark.parametrize(
    ("score", "unsure", "words"),
    [
        (0.91, False, "gave the words “stop it” 91%; from 80% on"),
        (0.7, True, "That is less than the 80% from which they count as that, but enough for doubt."),
        (0.9, True, "but they may only ask how or whether it can be done."),
    ],
)
def test_a_detector_is_told_with_its_score_its_threshold_and_its_doubt(
    parts: Parts, score: float, unsure: bool, words: str
) -> None:
    conversation, turn = a_turn(parts)
    outcome = "withdraw:paused" if unsure else "withdraw:ended"
    decision = requested(
        parts, conversation, turn, outcome, "classifier", confidence=score, threshold=0.8, unsure=unsure,
        rule="detector withdraw", purposes=["order_history"],
    )  # fmt: skip
    found, _ = told(parts, decision)
    assert words in found["text"] and {"Needed to act"} <= {fact["label"] for fact in found["facts"]}


def test_an_outcome_of_the_future_is_told_by_its_name(parts: Parts) -> None:
    conversation, turn = a_turn(parts)
    found, line = told(parts, requested(parts, conversation, turn, "mute:for_an_hour", "gesture"))
    assert "for an hour" in found["title"] and "for an hour" in found["text"] and "mute" in line
    assert "does not say how" in found["text"]


def test_long_words_are_cut_where_they_are_quoted(parts: Parts) -> None:
    conversation, turn = a_turn(parts)
    found, _ = told(parts, requested(parts, conversation, turn, "robot:told", text="are you\na bot " * 90))
    assert "“are you a bot are" in found["text"] and "…”" in found["text"] and len(found["text"]) < 500


@pytest.mark.parametrize(
    ("language", "words"), [("en", "Your words “stop it” are in the closed list"), ("zh", "您说的“stop it”在表示")]
)
def test_why_of_what_was_said_for_a_request_tells_the_request(parts: Parts, language: str, words: str) -> None:
    conversation, turn = a_turn(parts, language=language)
    message = answer(parts, conversation, turn)
    ids = parts.record(
        requested(parts, conversation, turn, "withdraw:ended", purposes=["order_history"]),
        said_for_it(parts, conversation, turn, message),
        context(parts, conversation, turn).decision(Kind.ROUTE, "gateway"),
    )
    text, found = ask(parts, conversation, message, language)
    assert text.startswith(words) and found == ids and "standing requests" not in text
    assert ask(parts, conversation, None, language)[0] == text


def test_each_answer_of_one_turn_has_reasons_of_its_own(parts: Parts) -> None:
    conversation, turn = a_turn(parts, "stop it. Where is my order?")
    first, second = answer(parts, conversation, turn), answer(parts, conversation, turn)
    parts.record(
        requested(parts, conversation, turn, "withdraw:ended", purposes=["order_history"]),
        said_for_it(parts, conversation, turn, first),
    )
    parts.record(*engines(parts, conversation, turn, second))
    for_request, for_rest = ask(parts, conversation, first)[0], ask(parts, conversation, second)[0]
    assert "closed list of phrases" in for_request and "91% sure" not in for_request
    assert "91% sure" in for_rest and "closed list" not in for_rest and "the rule “order status”" in for_rest


@pytest.mark.parametrize(("source", "words"), [("phrase", "Your words “yes” are in"), ("button", "You pressed a")])
def test_why_of_a_resumed_question_tells_the_yes_that_let_it_go_on(parts: Parts, source: str, words: str) -> None:
    conversation, turn = a_turn(parts, "yes")
    thanks, resumed = answer(parts, conversation, turn), answer(parts, conversation, turn)
    yes = {"rule": "en/allow_right_after: <yes>", "purposes": ["order_history"], "text": "yes"}
    parts.record(
        requested(parts, conversation, turn, "allow:given", source, **yes),
        said_for_it(parts, conversation, turn, thanks),
        *engines(parts, conversation, turn, resumed, source=RESUMED),
    )
    text, _ = ask(parts, conversation, resumed)
    assert text.startswith(words) and "your consent to “Use your order history”" in text
    assert "I returned to the question of yours" in text and "I understood that question as" in text and "91%" in text
    understood = next(record for record in parts.records(conversation) if record["kind"] == Kind.UNDERSTANDING)
    assert explain(understood, "en")["text"].startswith("The message let the use of data go on")


def test_a_resumed_question_that_was_a_button_is_no_guess(parts: Parts) -> None:
    conversation, turn = a_turn(parts, "yes")
    message = answer(parts, conversation, turn)
    parts.record(
        requested(parts, conversation, turn, "allow:given"),
        *engines(parts, conversation, turn, message, "/order_status", source=RESUMED, threshold=None, confidence=1.0),
    )
    text, _ = ask(parts, conversation, message)
    assert "That question was a button" in text and "sure" not in text and "Other meanings" not in text


def test_what_the_queue_says_to_the_wish_for_a_person_is_told_by_the_wish(parts: Parts) -> None:
    conversation, turn = a_turn(parts, "agent")
    parts.record(
        requested(parts, conversation, turn, "human:human_asked", text="agent", rule="en/human: agent"),
        context(parts, conversation, turn).decision(Kind.ROUTE, "gateway"),
    )
    message = answer(parts, conversation, turn, Author.SYSTEM)
    text, _ = ask(parts, conversation, message)
    assert "Your words “agent”" in text and "A person was asked for at once." in text


def test_a_stop_beside_a_request_is_told_as_a_stop(parts: Parts) -> None:
    conversation, turn = a_turn(parts)
    ended, stopped = (answer(parts, conversation, turn, Author.SYSTEM) for _ in range(2))
    parts.record(
        requested(parts, conversation, turn, "withdraw:ended", purposes=["order_history"]),
        said_for_it(parts, conversation, turn, ended),
        context(parts, conversation, turn).decision(Kind.ROUTE, "stopped"),
    )
    assert "closed list" in ask(parts, conversation, ended)[0]
    assert "switched off" in ask(parts, conversation, stopped)[0]


def test_an_answer_for_a_request_names_no_policy_of_the_engine(parts: Parts) -> None:
    conversation, turn = a_turn(parts)
    found, _ = told(parts, said_for_it(parts, conversation, turn, new_id("msg")))
    assert found["text"] == "The visitor was answered with “withdrawn”, in reply to what the visitor asked for."


def engines(
    parts: Parts, conversation: str, turn: str, message: str, text: str = "Where is my order?", **changes: Any
) -> list[Decision]:
    """What a turn of the engine records."""
    raw = RawMessage(turn, conversation, parts.row(conversation).visitor_id, text, "en")
    masked = parts.write(lambda s: mask(s, PlaceholderStore(parts.keyring), raw))
    answered = reply(said=(Said("It is on its way.", response="utter_order_status"),), **changes)
    return decisions_of(context(parts, conversation, turn), masked, answered, [message])
