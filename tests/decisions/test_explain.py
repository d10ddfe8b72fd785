"""Records in plain words: for reviewers, and for visitors who ask why."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any, get_args

import pytest
from sqlalchemy import select

from bot.consent.gate import Reason
from bot.core.i18n import entries
from bot.core.messages import Author, Ranked, Said
from bot.db.models import DecisionRow, MessageRow
from bot.decisions import repository
from bot.decisions.explain import explain, explain_erased, summary, why
from bot.decisions.kinds import Kind
from bot.decisions.turn_decisions import failure
from tests.decisions.turns import context, gate, reply, take_turn
from tests.parts import Parts, make_parts


@pytest.fixture(scope="module")
def parts(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Parts]:
    with make_parts(tmp_path_factory.mktemp("explain")) as made:
        yield made


def explained(parts: Parts, conversation_id: str, kind: Kind, language: str = "en") -> dict[str, Any]:
    record = next(record for record in parts.records(conversation_id) if record["kind"] == kind)
    return explain(record, language)


def facts(explanation: dict[str, Any]) -> dict[str, str]:
    return {fact["label"]: fact["value"] for fact in explanation["facts"]}


def ask(
    parts: Parts, conversation_id: str, message_id: str | None = None, language: str = "en"
) -> tuple[str, list[str]]:
    return parts.read(lambda s: why(s, parts.recorder, conversation_id, message_id, language))


def turn_of(parts: Parts, message_id: str) -> str | None:
    return parts.read(lambda s: s.get_one(MessageRow, message_id).reply_to)


def test_an_understanding_says_what_how_surely_and_what_was_needed(parts: Parts) -> None:
    conversation = parts.conversation()
    take_turn(parts, conversation, reply(), "Where is order FH-204817?")
    found = explained(parts, conversation, Kind.UNDERSTANDING)
    assert "91%" in found["text"] and "43%" in found["text"]
    assert "Where is my order" in found["title"]
    assert facts(found)["Message, masked"] == "Where is order [ORDER_1]?"
    assert facts(found)["Personal data used"] == "none"
    assert facts(found)["Language"] == "English" and facts(found)["AI disclosure shown"].startswith("version ")


def test_an_answer_names_the_rule_behind_it_and_what_was_said(parts: Parts) -> None:
    conversation = parts.conversation()
    take_turn(parts, conversation, reply())
    found = explained(parts, conversation, Kind.ANSWER)
    assert "as the rule “order status” says" in found["text"]
    assert facts(found)["Said, masked"] == "It is on its way."
    assert facts(found)["Rule"] == "order status"


def test_what_was_not_understood_names_the_best_guess(parts: Parts) -> None:
    conversation = parts.conversation()
    ranking = (Ranked("stock", 0.31), Ranked("praise", 0.2))
    take_turn(parts, conversation, reply("nlu_fallback", 0.31, ranking=ranking))
    found = explained(parts, conversation, Kind.UNDERSTANDING)
    assert found["title"] == "Not understood" and "31%" in found["text"] and "43%" in found["text"]
    assert "offered likely topics" in explained(parts, conversation, Kind.FALLBACK)["text"]


def test_a_pressed_button_is_no_guess(parts: Parts) -> None:
    conversation = parts.conversation()
    take_turn(parts, conversation, reply("request_human", 1.0, source="payload"), "/request_human")
    assert "pressed a button" in explained(parts, conversation, Kind.UNDERSTANDING)["text"]
    assert "pressed a button" in ask(parts, conversation)[0]


def test_an_allowing_gate_names_data_purpose_and_consent(parts: Parts) -> None:
    conversation = parts.conversation()
    parts.record(gate(parts, conversation, None, None))
    found = explained(parts, conversation, Kind.GATE)
    assert found["title"] == "Personal data allowed: order status, delivery"
    assert facts(found)["Consent record"] == "con_1" and facts(found)["Purpose"] == "Use your order history"


REASONS = ["not_signed_in", "not_asked", "refused", "withdrawn", "expired", "failed"]


@pytest.mark.parametrize("reason", REASONS)
@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_refusing_gate_says_why_and_that_nothing_was_used(parts: Parts, reason: str, language: str) -> None:
    conversation = parts.conversation()
    parts.record(gate(parts, conversation, None, reason))
    found = explained(parts, conversation, Kind.GATE, language)
    assert entries("explain")[f"reason_{reason}"][language] in found["text"]
    assert ("none" if language == "en" else "无") in facts(found).values()
    (line,) = parts.read(lambda s: [summary(row, language) for row in repository.of_conversation(s, conversation, 1)])
    assert line.endswith(entries("explain")[f"line_gate_refused_{reason}"][language])


@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_state_of_a_handoff_is_explained(parts: Parts, language: str) -> None:
    conversation = parts.conversation()
    handoff_id = parts.request(conversation)
    parts.claim(handoff_id)
    parts.write(lambda s: parts.handoffs.close(s, handoff_id, parts.people["mina"]))
    told = [explain(record, language) for record in parts.records(conversation)]
    assert len({one["title"] for one in told}) == 3
    assert all("Mina" in one["text"] for one in told[1:])


def test_a_failure_and_an_unknown_kind_are_explained_too(parts: Parts) -> None:
    conversation = parts.conversation()
    parts.record(failure(context(parts, conversation, "msg_1"), None, "engine_unavailable"))
    record = parts.records(conversation)[0]
    assert "engine unavailable" in explain(record, "en")["text"]
    assert "engine unavailable" in explain({**record, "kind": "from_the_future"}, "en")["text"]


def test_every_text_stands_in_both_languages() -> None:
    for topic in ("explain", "handoff"):
        spoken = ({"en", "zh"}, {"en", "zh", "en_you", "zh_you"})
        assert [key for key, entry in entries(topic).items() if set(entry) not in spoken] == []


def test_every_reason_of_the_gate_has_words() -> None:
    known = entries("explain")
    for reason in get_args(Reason):
        assert {f"reason_{reason}", f"why_reason_{reason}", f"line_gate_refused_{reason}"} <= set(known)


def test_a_summary_reads_the_open_columns_only(parts: Parts) -> None:
    conversation = parts.conversation()
    take_turn(parts, conversation, reply())
    query = select(DecisionRow).where(DecisionRow.conversation_id == conversation).order_by(DecisionRow.at)
    lines = [summary(row, "en") for row in parts.read(lambda s: s.scalars(query).all())]
    assert lines[0].startswith("Understanding: Where is my order") and lines[0].endswith("(91%)")
    assert lines[1:] == ["Action: order status", "Answer: order status"]


def test_why_tells_understanding_rule_data_and_alternatives(parts: Parts) -> None:
    conversation = parts.conversation()
    message_id = take_turn(parts, conversation, reply())
    text, ids = ask(parts, conversation, message_id)
    assert "91% sure" in text and "43%" in text
    assert "the rule “order status”" in text
    assert "I used no personal data for it." in text
    assert "Other meanings I considered:" in text and "(5%)" in text
    assert "you can ask for a person" in text
    assert ids == [record["decision_id"] for record in parts.records(conversation)]


def test_why_tells_which_data_was_used_under_which_consent(parts: Parts) -> None:
    conversation = parts.conversation()
    message_id = take_turn(parts, conversation, reply())
    parts.record(gate(parts, conversation, turn_of(parts, message_id), None))
    text, _ = ask(parts, conversation, message_id)
    assert "I used this personal data: order status, delivery." in text and "Use your order history" in text


def test_why_tells_that_a_refusal_kept_data_out(parts: Parts) -> None:
    conversation = parts.conversation()
    message_id = take_turn(parts, conversation, reply())
    parts.record(gate(parts, conversation, turn_of(parts, message_id), "withdrawn"))
    assert "I used no personal data: you took your consent back." in ask(parts, conversation, message_id)[0]


def test_why_without_a_message_is_about_the_newest_answer(parts: Parts) -> None:
    conversation = parts.conversation()
    take_turn(parts, conversation, reply())
    ranking = (Ranked("praise", 0.8),)
    take_turn(parts, conversation, reply("praise", 0.8, ranking=ranking, said=(Said("Thank you!"),)))
    assert "80% sure" in ask(parts, conversation)[0]


def test_why_speaks_chinese(parts: Parts) -> None:
    conversation = parts.conversation("zh")
    message_id = take_turn(parts, conversation, reply())
    text, _ = ask(parts, conversation, message_id, "zh")
    assert "把握为 91%" in text and "我没有为此使用个人数据。" in text and " sure" not in text


def test_why_is_honest_when_nothing_was_said_yet(parts: Parts) -> None:
    text, ids = ask(parts, parts.conversation())
    assert "nothing to explain" in text and ids == []


def test_why_is_honest_when_nothing_is_on_record(parts: Parts) -> None:
    conversation = parts.conversation()
    visitor_message = parts.say(conversation, Author.VISITOR, "Hi")
    message_id = parts.say(conversation, Author.ASSISTANT, "Hello", reply_to=visitor_message)
    text, ids = ask(parts, conversation, message_id)
    assert "no decision on record" in text and ids == []


def test_why_does_not_speak_for_a_person_the_system_or_the_visitor(parts: Parts) -> None:
    conversation = parts.conversation()
    by_mina = parts.say(conversation, Author.HUMAN, "I will look.", author_name="Mina")
    by_system = parts.say(conversation, Author.SYSTEM, "Mina has joined.")
    by_visitor = parts.say(conversation, Author.VISITOR, "Thanks")
    assert ask(parts, conversation, by_mina)[0].startswith("Mina, a person, wrote that.")
    assert "notice from the system" in ask(parts, conversation, by_system)[0]
    assert "your own" in ask(parts, conversation, by_visitor)[0]


def test_why_never_tells_about_another_conversation(parts: Parts) -> None:
    message_id = take_turn(parts, parts.conversation(), reply())
    text, ids = ask(parts, parts.conversation(), message_id)
    assert "no such message" in text and ids == []


def test_why_says_that_the_records_were_erased(parts: Parts) -> None:
    conversation = parts.conversation()
    message_id = take_turn(parts, conversation, reply())
    parts.write(lambda s: parts.keyring.destroy(s, parts.row(conversation).visitor_id))
    text, ids = ask(parts, conversation, message_id)
    assert "erased" in text and len(ids) == 3
    assert explain_erased("en")["title"] == "Erased"


def test_an_intent_without_a_title_is_told_by_its_name(parts: Parts) -> None:
    conversation = parts.conversation()
    take_turn(parts, conversation, reply("brand_new_topic"))
    assert "“brand new topic”" in explained(parts, conversation, Kind.UNDERSTANDING)["text"]


def test_records_of_a_turn_come_in_the_order_they_were_written(parts: Parts) -> None:
    conversation = parts.conversation()
    message_id = take_turn(parts, conversation, reply())
    rows = parts.read(lambda s: repository.of_turn(s, conversation, turn_of(parts, message_id)))
    assert [row.kind for row in rows] == ["understanding", "action", "answer"]
    assert parts.read(lambda s: repository.of_turn(s, parts.conversation(), turn_of(parts, message_id))) == []


def test_texts_that_hold_braces_are_told_as_they_are(parts: Parts) -> None:
    conversation = parts.conversation()
    decision = replace(gate(parts, conversation, None, None), rule="{rule}", policy="{0}")
    parts.record(decision)
    assert facts(explained(parts, conversation, Kind.GATE))["Rule"] == "{rule}"
