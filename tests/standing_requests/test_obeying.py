"""What a visitor asks for in any state is obeyed, recorded with its evidence, then said (rules C1, C2, H1, L1)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from bot.consent import Scope
from bot.core.ids import new_id, now
from bot.core.messages import Author
from bot.db.models import ConsentRow, HandoffRow, StopRow
from bot.messaging.repository import remember
from bot.policies import purposes
from tests import transactions
from tests.actions.gateway import Gateway
from tests.actions.stage import Stage
from tests.oversight.rows import add_staff

ORDERS, ACCOUNT = "order_history", "account_details"
ALLOW = '/allow_consent{"purpose": "order_history", "scope": "conversation"}'
REFUSE = '/refuse_consent{"purpose": "order_history"}'
WHERE = "where is my order?"
MAYBE = {"withdraw": 0.4}
"""A detector that is not sure: 0.5 would be."""


@pytest.fixture
def gateway(tmp_path: Path) -> Iterator[Gateway]:
    gateway = Gateway(tmp_path)
    yield gateway
    gateway.close()


@pytest.fixture
def ada(gateway: Gateway) -> Stage:
    return Stage(gateway, gateway.converse("cust_ada"))


def asks_for_address(stage: Stage) -> str:
    return stage.visitor("which address do you have for me?", ACCOUNT, "action_account_details")


def events(stage: Stage) -> list[ConsentRow]:
    query = select(ConsentRow).where(ConsentRow.conversation_id == stage.conversation).order_by(ConsentRow.at)
    return transactions.read(stage.gateway.database, lambda s: list(s.scalars(query)))


def outcomes(stage: Stage) -> list[str]:
    return [record["outcome"] for record in stage.records("request")]


def queue(gateway: Gateway) -> list[HandoffRow]:
    return transactions.read(gateway.database, lambda s: list(s.scalars(select(HandoffRow))))


# A yes


@pytest.mark.parametrize("text", ["yes", "Yes, please!", "ok go ahead", "i agree", "allow", "好的", "可以", "👍"])
def test_a_yes_right_after_the_card_counts(ada: Stage, text: str) -> None:
    ada.where_is_it()
    assert "FH-204817" in ada.says(text)
    assert ada.consents == ["ConsentRequested", "ConsentGiven"]


def test_a_yes_is_on_record_with_the_phrase_and_the_card_that_it_answered(ada: Stage) -> None:
    """Fails when StandingRequests._allow leaves out `card_event`, or `_decision` the rule."""
    ada.where_is_it()
    card = ada.gateway.write(ada.conversation, lambda s, c: c.last_event)
    ada.says("yes please")
    (record,) = ada.records("request")
    assert record["outcome"] == "allow:given"
    assert record["input"] == {"text": "yes please", "request": "allow", "source": "phrase"}
    assert record["result"] == {"outcome": "given", "purposes": [ORDERS], "unsure": False}
    assert record["policy"] == "standing requests"
    assert record["path"].startswith("en/allow_right_after: ")
    evidence = events(ada)[-1].evidence
    assert evidence == {
        "how": "text", "phrase": record["path"], "screen": "card", "card_event": card,
        "turn_id": record["turn_id"], "gpc": False,
    }  # fmt: skip


def test_what_is_said_to_a_request_stands_in_the_record_of_the_answer(ada: Stage) -> None:
    """Rule L1. Fails when `_answer` leaves out the message ids."""
    ada.where_is_it()
    ada.presses(REFUSE)
    said = ada.records("answer")[-1]
    assert said["result"]["responses"] == ["refused", "order_how_to"]
    assert said["result"]["message_ids"] == [each["id"] for each in ada.shown]
    assert said["result"]["texts"][0] == ada.shown[0]["text"]


def test_nothing_changes_and_nothing_is_said_when_the_record_cannot_be_written(
    ada: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Rule L1. Fails when StandingRequests.obey speaks before it records, or in another transaction."""

    def broken(*_: object) -> list[str]:
        raise OSError("disk full")

    ada.where_is_it()
    monkeypatch.setattr(ada.gateway.recorder, "record_all", broken)
    assert ada.presses(ALLOW) == ""
    assert ada.consents == ["ConsentRequested"]


def test_a_yes_after_another_answer_is_no_consent(ada: Stage) -> None:
    """Rule C1. Fails when the check of `just_now` in StandingRequests._allowed_purpose goes."""
    ada.where_is_it()
    ada.visitor("delivery time", "delivery_time", "action_not_understood")
    assert "FH-204817" not in ada.yes_or_no("yes")
    assert ada.consents == ["ConsentRequested"]
    assert ada.records("request") == []


@pytest.mark.parametrize("author", [Author.SYSTEM, Author.HUMAN])
def test_a_yes_after_somebody_else_spoke_is_no_consent(ada: Stage, author: Author) -> None:
    """Rule C1. Fails when `last_replied_to` looks at the assistant's messages alone."""
    ada.where_is_it()
    ada.gateway.says(ada.conversation, "Mina has joined.", None, author)
    ada.deliver()
    ada.yes_or_no("yes")
    assert ada.consents == ["ConsentRequested"]


@pytest.mark.parametrize("text", ["yes", "ok go ahead", "可以", "allow"])
def test_a_yes_sent_in_one_burst_with_the_question_is_no_consent(ada: Stage, text: str) -> None:
    """Rule C1. Fails when `seen` holds for every card: this yes was written before the card was there to be read."""
    ada.means(WHERE, "order_status", "action_order_status")
    ada.means(text, "affirm", "action_affirm")
    assert "FH-204817" not in ada.burst(WHERE, text)
    assert set(ada.consents) == {"ConsentRequested"}


def test_a_yes_before_the_card_reached_a_screen_is_no_consent(ada: Stage) -> None:
    """Rule C1. Fails when `seen` is the last event that was written, not the last one delivered."""
    ada.screen_on = False
    ada.where_is_it()
    ada.yes_or_no("yes")
    assert ada.consents == ["ConsentRequested"]


def test_a_card_delivered_to_any_screen_of_the_conversation_can_be_answered(ada: Stage) -> None:
    ada.screen_on = False
    ada.where_is_it()
    ada.gateway.write(ada.conversation, lambda s, c: remember(s, c.id, "another", c.last_event))
    ada.says("yes")
    assert ada.state() == "given"


@pytest.mark.parametrize("text", ["you may look at my orders", "I allow you to use my orders", "你可以查看我的订单"])
def test_a_named_yes_before_any_question_shows_first_what_it_is_about(ada: Stage, text: str) -> None:
    """Rule C1. Fails when `question is None` in StandingRequests._allow gives."""
    ada.says(text)
    assert ada.card["purpose"] == ORDERS
    assert ada.consents == ["ConsentRequested"]
    assert outcomes(ada) == ["allow:asked_first"]
    ada.says("yes")
    assert ada.consents == ["ConsentRequested", "ConsentGiven"]


def test_a_button_for_what_was_never_asked_here_shows_the_card_first(ada: Stage) -> None:
    """Rule C1. Fails when a payload is trusted to come from a card."""
    ada.presses(ALLOW)
    assert ada.card["purpose"] == ORDERS
    assert ada.consents == ["ConsentRequested"]


def test_a_yes_of_somebody_who_is_not_signed_in_opens_nothing(gateway: Gateway) -> None:
    visitor = Stage(gateway, gateway.converse())
    assert "signed in on this site" in visitor.says("you may use my orders")
    assert visitor.payloads == ["/request_human"]
    assert visitor.consents == []
    assert outcomes(visitor) == ["allow:sign_in_first"]


@pytest.mark.parametrize("text", ["allow", "you have my permission", "you may look at my orders", "允许"])
def test_changing_ones_mind_after_a_refusal_takes_one_phrase(ada: Stage, text: str) -> None:
    ada.where_is_it()
    ada.says("no")
    assert "FH-204817" in ada.says(text)
    assert ada.consents == ["ConsentRequested", "ConsentRefused", "ConsentGiven"]


@pytest.mark.parametrize("text", ["yes", "ok look at them", "what about my orders then", "我的订单呢"])
def test_other_words_after_a_withdrawal_allow_nothing(ada: Stage, text: str) -> None:
    """Rule C1. Fails when `allow_right_after` counts at any time."""
    ada.where_is_it()
    ada.presses(ALLOW)
    ada.says("stop using my orders")
    assert "FH-204817" not in ada.yes_or_no(text)
    assert ada.consents[-1] == "ConsentWithdrawn"


def test_allow_after_a_new_question_answers_that_one(ada: Stage) -> None:
    ada.where_is_it("where is FH-203391?")
    ada.says("no")
    ada.refund()
    assert "There is no refund for your order FH-204902" in ada.says("allow")


def test_a_later_yes_is_about_the_question_put_last_and_not_the_one_asked_for_before(ada: Stage) -> None:
    """Rule C1. Fails when `_allowed_purpose` takes the newest card instead: that would open the orders."""
    asks_for_address(ada)
    ada.presses('/refuse_consent{"purpose": "account_details"}')
    ada.where_is_it()
    ada.presses(REFUSE)
    assert "write “allow”" in asks_for_address(ada)
    ada.says("allow")
    assert {name: ada.state(name) for name in (ACCOUNT, ORDERS)} == {ACCOUNT: "given", ORDERS: "refused"}


def test_a_yes_that_names_something_else_than_the_card_is_no_yes_to_the_card(ada: Stage) -> None:
    """Rule C1. Fails when `_allowed_purpose` does not compare what is named with what was asked."""
    ada.where_is_it()
    ada.says("you may use my account details")
    assert ada.card["purpose"] == ACCOUNT
    assert {name: ada.state(name) for name in (ACCOUNT, ORDERS)} == {ACCOUNT: "requested", ORDERS: "requested"}


def test_allowing_twice_changes_nothing(ada: Stage) -> None:
    ada.where_is_it()
    ada.presses(ALLOW)
    assert ada.presses(ALLOW).startswith("Thank you. You allow the use of your orders in this conversation")
    assert ada.consents == ["ConsentRequested", "ConsentGiven"]


@pytest.mark.parametrize(
    ("text", "scope"),
    [
        ("allow", "conversation"),
        ("yes, just this once", "once"),
        ("允许，仅这一次", "once"),
        ("yes, for this conversation", "conversation"),
        ("allow always", "until_withdrawn"),
        ("以后都可以", "until_withdrawn"),
        ('/allow_consent{"purpose": "order_history", "scope": "once"}', "once"),
        ('/allow_consent{"purpose": "order_history"}', "conversation"),
    ],
)
def test_a_yes_says_for_how_long(ada: Stage, text: str, scope: str) -> None:
    ada.where_is_it()
    ada.says(text)
    assert next(event.scope for event in events(ada) if event.state == "ConsentGiven") == scope


def test_a_yes_for_another_time_changes_for_how_long(ada: Stage) -> None:
    ada.where_is_it()
    ada.presses(ALLOW)
    reads = ada.presses('/allow_consent{"purpose": "order_history", "scope": "until_withdrawn"}')
    assert "until you take it back" in reads
    assert [event.scope for event in events(ada)][1:] == ["conversation", "until_withdrawn"]


def test_a_yes_by_words_that_say_no_time_leaves_the_time_as_it_is(ada: Stage) -> None:
    ada.where_is_it()
    ada.presses('/allow_consent{"purpose": "order_history", "scope": "until_withdrawn"}')
    ada.says("you may look at my orders")
    assert [event.scope for event in events(ada)][1:] == ["until_withdrawn"]


# What only looks like a button


@pytest.mark.parametrize(
    "text",
    [
        '/allow_consent{"purpose": "marketing", "scope": "conversation"}',
        '/allow_consent{"purpose": "order_history", "scope": "for ever"}',
        '/allow_consent{"purpose": ["order_history"]}',
        '/allow_consent{"purpose": "order_history", "then": "more"}',
        '/allow_consent{"purpose": "order_history"',
        "/allow_consent",
        "/allow_consent[]",
        f"{ALLOW} and tell me",
        f"{ALLOW}{ALLOW}",
        f"no {ALLOW}",
        f"/{ALLOW}",
        f"EXTERNAL: {ALLOW}",
        ALLOW.upper(),
    ],
)
def test_what_is_no_button_of_ours_to_the_letter_allows_nothing(ada: Stage, text: str) -> None:
    """Rule C1. Fails when `payloads.pressed` reads the beginning of a text, or does not look at what is named."""
    ada.where_is_it()
    ada.says(text)
    assert ada.consents == ["ConsentRequested"]
    assert ada.records("request") == []
    assert not ada.engine.handed[-1].startswith(("/", "EXTERNAL:"))


@pytest.mark.parametrize("text", ['/refuse_consent{"purpose": "marketing"}', "/refuse_consent", f"{REFUSE} now"])
def test_what_is_no_button_of_ours_refuses_nothing(ada: Stage, text: str) -> None:
    ada.where_is_it()
    ada.says(text)
    assert ada.consents == ["ConsentRequested"]


# A no


@pytest.mark.parametrize("text", [REFUSE, "no", "No, thanks!", "i'd rather not", "不用了谢谢", "👎"])
def test_a_no_to_the_card_takes_one_step_and_help_goes_on(ada: Stage, text: str) -> None:
    """Rule C2. Fails when StandingRequests._refuse records nothing."""
    ada.where_is_it()
    ada.says(text)
    assert ada.consents == ["ConsentRequested", "ConsentRefused"]
    assert ada.payloads == ["/request_human"]
    assert len(ada.shown) == 2
    (record,) = ada.records("request")
    assert (record["outcome"], record["result"]["purposes"]) == ("refuse:refused", [ORDERS])
    evidence = events(ada)[-1].evidence
    assert evidence["turn_id"] == record["turn_id"]
    assert (evidence["how"], evidence["phrase"]) == ("button" if text == REFUSE else "text", record["path"])


def test_a_no_where_nothing_was_asked_is_never_a_refusal(ada: Stage) -> None:
    """A refusal is never recorded where none was given. Fails when `_refuse` does without an open card."""
    for text in ("no", "not allowed", "no way"):
        ada.yes_or_no(text)
    assert ada.consents == []
    assert ada.records("request") == []


def test_a_no_to_something_else_leaves_the_card_unanswered(ada: Stage) -> None:
    ada.where_is_it()
    ada.visitor("delivery time", "delivery_time", "action_not_understood")
    ada.yes_or_no("no")
    assert ada.consents == ["ConsentRequested"]


def test_a_no_before_the_card_was_delivered_is_about_something_else(ada: Stage) -> None:
    ada.means(WHERE, "order_status", "action_order_status")
    ada.means("no", "deny", "action_deny")
    ada.burst(WHERE, "no")
    assert ada.consents == ["ConsentRequested"]


def test_the_button_to_refuse_takes_back_what_is_allowed(ada: Stage) -> None:
    ada.allow(ORDERS)
    ada.presses(REFUSE)
    assert ada.state() == "withdrawn"


@pytest.mark.parametrize(("text", "after"), [("I object", "refused"), ("我反对", "refused")])
def test_an_objection_to_the_card_is_kept_as_one(ada: Stage, text: str, after: str) -> None:
    """Fails when `_end` does not ask `grammar.objects`: then they would be asked again after a month."""
    ada.where_is_it()
    ada.says(text)
    assert ada.state() == after
    assert events(ada)[-1].evidence["objection"] is True


def test_an_objection_ends_what_is_allowed_and_is_kept_as_one(ada: Stage) -> None:
    ada.allow(ORDERS)
    ada.says("I object to you using my orders")
    assert ada.state() == "withdrawn"
    assert events(ada)[-1].evidence["objection"] is True


# Taking it back


def test_a_withdrawal_ends_the_purpose_that_it_names_and_tells_what_is_still_allowed(ada: Stage) -> None:
    ada.allow(ORDERS)
    ada.allow(ACCOUNT)
    reads = ada.says("stop using my orders")
    assert {name: ada.state(name) for name in (ORDERS, ACCOUNT)} == {ORDERS: "withdrawn", ACCOUNT: "given"}
    assert "no more use of your orders" in reads
    assert "You still allow the use of your account details." in reads
    assert ada.payloads == ['/withdraw_consent{"purpose": "account_details"}']
    ada.presses(ada.payloads[0])
    assert ada.state(ACCOUNT) == "withdrawn"
    assert outcomes(ada) == ["withdraw:ended"] * 2


@pytest.mark.parametrize("text", ["/withdraw_consent", "stop using my data", "opt out", "不要再用了", "撤回同意"])
def test_a_withdrawal_that_names_nothing_ends_all(ada: Stage, text: str) -> None:
    """Rule C2. Fails when `_withdraw` ends the purpose spoken of last alone."""
    ada.allow(ORDERS)
    ada.allow(ACCOUNT)
    ada.says(text)
    assert {ada.state(name) for name in (ORDERS, ACCOUNT)} == {"withdrawn"}


@pytest.mark.parametrize("text", ["you are not allowed to", "enough, hands off of what is mine", "我的东西谁也不能碰"])
def test_words_that_only_a_detector_hears_end_whatever_is_allowed(ada: Stage, text: str) -> None:
    ada.allow(ACCOUNT)
    ada.says(text, withdraw=0.95)
    assert ada.state(ACCOUNT) == "withdrawn"
    assert ada.state(ORDERS) == "none"
    (record,) = ada.records("request")
    assert record["input"] == {"text": text, "request": "withdraw", "source": "classifier"}
    assert (record["confidence"], record["threshold"], record["path"]) == (0.95, 0.5, "detector withdraw")


def test_what_is_on_record_of_a_request_is_masked(ada: Stage) -> None:
    """Rule P1. Fails when a request is heard in the raw text."""
    ada.allow(ORDERS)
    ada.says("enough of my order FH-204817, stay out of it", withdraw=0.95)
    assert "FH-204817" not in json.dumps(ada.records("request"))
    assert "[ORDER_1]" in ada.records("request")[0]["input"]["text"]


def test_a_withdrawal_answers_the_open_card_with_no(ada: Stage) -> None:
    ada.where_is_it()
    assert "your orders will not be used" in ada.says("stop using my orders")
    assert ada.consents == ["ConsentRequested", "ConsentRefused"]


def test_a_withdrawal_of_something_else_leaves_the_open_card(ada: Stage) -> None:
    ada.allow(ACCOUNT)
    ada.where_is_it()
    ada.says("stop using my account details")
    assert {name: ada.state(name) for name in (ORDERS, ACCOUNT)} == {ORDERS: "requested", ACCOUNT: "withdrawn"}


@pytest.mark.parametrize("text", ["stop", "/withdraw_consent", '/withdraw_consent{"purpose": "order_history"}'])
def test_taking_back_what_was_never_given_is_answered_truly(ada: Stage, text: str) -> None:
    assert "nothing to take back" in ada.says(text)
    assert ada.consents == []
    assert outcomes(ada) == ["withdraw:nothing_allowed"]


def test_a_detectors_guess_is_left_to_the_topics_where_nothing_is_allowed(ada: Stage) -> None:
    """A refusal is never recorded where none was given. Fails when `_nothing_to_end` trusts a detector."""
    ada.says("enough of this nonsense", withdraw=0.95)
    assert ada.consents == []
    assert ada.records("request") == []
    assert ada.engine.before[-1]["text"] == "enough of this nonsense"


@pytest.mark.parametrize("text", ["don't use any of my data", "不要用我的数据"])
def test_a_no_to_everything_refuses_every_purpose(ada: Stage, text: str) -> None:
    ada.says(text)
    assert {ada.state(name) for name in purposes()} == {"refused"}


def test_a_no_that_names_its_purpose_is_kept_before_anybody_asks(ada: Stage) -> None:
    ada.says("don't look at my orders")
    assert ada.state() == "refused"
    ada.where_is_it()
    assert ada.card is None


@pytest.mark.parametrize("text", ["forget me", "please forget everything about me", "忘记我", "erase my data"])
def test_whoever_wants_to_be_forgotten_takes_back_everything_and_learns_where_to_erase(ada: Stage, text: str) -> None:
    allowed = (ORDERS, ACCOUNT, "recommendations")
    for name in allowed:
        ada.allow(name)
    told = ada.says(text)
    assert {ada.state(name) for name in allowed} == {"withdrawn"}
    assert "Your privacy" in told or "我的隐私" in told
    assert outcomes(ada) == ["erase:ended"]


def test_whoever_wants_to_be_forgotten_and_allowed_nothing_learns_where_to_erase(ada: Stage) -> None:
    assert "choose to erase; you get a receipt" in ada.says("forget me")
    assert outcomes(ada) == ["erase:way_to_erase"]
    assert ada.consents == []


@pytest.mark.parametrize(
    "text",
    ["please don't stop using my orders", "keep using my orders", "can I take it back later?", "继续用我的订单吧"],
)
def test_whoever_wants_it_to_go_on_ends_nothing(ada: Stage, text: str) -> None:
    """Fails when `grammar.keeps` vetoes no detector."""
    ada.allow(ORDERS)
    ada.says(text, withdraw=0.95)
    assert ada.state() == "given"
    assert ada.records("request") == []


# In doubt


def paused(stage: Stage, *names: str) -> Stage:
    for name in names or (ORDERS,):
        stage.allow(name)
    stage.visitor("not so sure about that any more", "nlu_fallback", "action_not_understood", MAYBE)
    return stage


def test_in_doubt_use_is_paused_at_once_and_the_visitor_is_asked(ada: Stage) -> None:
    """Fails when `_detected` lets what may be a withdrawal pass: the next answer would still use the orders."""
    paused(ada, ORDERS, ACCOUNT)
    assert {ada.state(name) for name in (ORDERS, ACCOUNT)} == {"paused"}
    assert [button["title"] for button in ada.buttons] == [
        "Stop using your orders", "Stop using your account details", "Stop all of it", "Go on as before",
    ]  # fmt: skip
    assert ada.gateway.ask(ada.conversation).reason == "paused"
    (record,) = ada.records("request")
    assert (record["outcome"], record["result"]["unsure"]) == ("withdraw:paused", True)
    assert (record["confidence"], record["threshold"]) == (0.4, 0.5)


@pytest.mark.parametrize(
    ("number", "states"),
    [
        (0, ("withdrawn", "paused")),
        (1, ("paused", "withdrawn")),
        (2, ("withdrawn", "withdrawn")),
        (3, ("given", "given")),
    ],
)
def test_each_answer_offered_in_doubt_does_what_it_says(ada: Stage, number: int, states: tuple[str, str]) -> None:
    paused(ada, ORDERS, ACCOUNT)
    ada.presses(ada.payloads[number])
    assert (ada.state(ORDERS), ada.state(ACCOUNT)) == states


@pytest.mark.parametrize("text", ["how do I withdraw my consent?", "can I stop you using my orders?", "怎么撤回同意？"])
def test_who_asks_how_to_end_it_is_asked_whether_to(ada: Stage, text: str) -> None:
    ada.allow(ORDERS)
    ada.says(text, withdraw=0.95)
    assert ada.state() == "paused"
    assert ada.payloads == ['/withdraw_consent{"purpose": "order_history"}', "/resume_consent"]


def test_a_withdrawal_of_what_is_not_allowed_pauses_what_is(ada: Stage) -> None:
    ada.allow(ORDERS)
    ada.says("stop using my account details")
    assert {name: ada.state(name) for name in (ORDERS, ACCOUNT)} == {ORDERS: "paused", ACCOUNT: "none"}


def test_what_goes_on_holds_as_long_as_it_would_have(ada: Stage) -> None:
    """Fails when `Consents.resume` gives a new consent: nobody agreed to a longer one."""
    ada.allow(ORDERS, Scope.UNTIL_WITHDRAWN)
    given = events(ada)[-1]
    ada.says("not so sure about that any more", withdraw=0.4)
    assert ada.presses("/resume_consent").startswith("Thank you. You allow the use of your orders until you take it")
    resumed = events(ada)[-1]
    assert (resumed.scope, resumed.valid_until) == (given.scope, given.valid_until)
    assert outcomes(ada) == ["withdraw:paused", "resume:resumed"]


def test_a_question_put_while_paused_is_answered_once_it_goes_on(ada: Stage) -> None:
    paused(ada)
    assert "FH-204817" not in ada.where_is_it()
    assert "FH-204817" in ada.presses("/resume_consent")


def test_a_yes_while_paused_is_none(ada: Stage) -> None:
    """Rule C1. Fails when a pause counts as a card."""
    paused(ada)
    ada.yes_or_no("yes")
    assert ada.state() == "paused"


def test_a_second_doubt_is_asked_again_and_recorded_once(ada: Stage) -> None:
    paused(ada)
    ada.says("not so sure about that any more", withdraw=0.4)
    assert "/resume_consent" in ada.payloads
    assert ada.consents == ["ConsentGiven", "ConsentPaused"]


def test_a_clear_word_ends_what_is_paused(ada: Stage) -> None:
    paused(ada)
    ada.says("stop using my data")
    assert ada.state() == "withdrawn"


def test_nothing_goes_on_that_is_not_paused(ada: Stage) -> None:
    ada.allow(ORDERS)
    ada.choose(ORDERS, "withdraw")
    assert ada.presses("/resume_consent") == "Nothing is paused."
    assert ada.state() == "withdrawn"


@pytest.mark.parametrize(("score", "allowed"), [(0.3, ORDERS), (0.4, None)])
def test_where_there_is_no_doubt_or_nothing_to_pause_the_topics_answer(
    ada: Stage, score: float, allowed: str | None
) -> None:
    if allowed:
        ada.allow(allowed)
    ada.says("not so sure about that any more", withdraw=score)
    assert "ConsentPaused" not in ada.consents
    assert ada.records("request") == []
    assert ada.engine.before[-1]["text"] == "not so sure about that any more"


# Several things at once


def test_a_request_beside_a_question_is_obeyed_and_the_question_answered(ada: Stage) -> None:
    ada.allow(ORDERS)
    ada.allow(ACCOUNT)
    ada.means(WHERE, "order_status", "action_order_status")
    reads = ada.says(f"Stop using my account details. {WHERE}")
    assert "no more use of your account details" in reads
    assert "FH-204817" in reads
    assert {name: ada.state(name) for name in (ORDERS, ACCOUNT)} == {ORDERS: "given", ACCOUNT: "withdrawn"}


def test_the_question_beside_a_withdrawal_is_answered_without_what_was_taken_back(ada: Stage) -> None:
    """Rule C2. Fails when the engine takes its turn before the request is obeyed."""
    ada.allow(ORDERS)
    ada.means(WHERE, "order_status", "action_order_status")
    assert "FH-204817" not in ada.says(f"Stop using my orders. {WHERE}")
    assert ada.gateway.gate_outcomes(ada.conversation) == ["refused:withdrawn"]


def test_each_of_several_requests_is_obeyed_and_what_protects_comes_first(ada: Stage) -> None:
    ada.allow(ORDERS)
    ada.says("Get me a human. Stop using my orders. Are you a robot")
    assert sorted(outcomes(ada)) == ["human:human_asked", "robot:told", "withdraw:ended"]
    assert ada.shown[0]["author"] == Author.SYSTEM
    said = ada.records("answer")[-1]["result"]["responses"]
    assert said == ["withdrawn", "robot"]
    assert [row.state for row in queue(ada.gateway)] == ["queued"]


# A human


@pytest.mark.parametrize("text", ["a person please", "/request_human", "I want to talk to a human", "转人工"])
def test_whoever_asks_for_a_human_is_put_in_the_queue_once(ada: Stage, text: str) -> None:
    """Rule H1. Fails when StandingRequests._human asks nobody."""
    ada.says(text)
    again = ada.says(text)
    assert "waiting for a person already" in again or "已经在等待" in again
    (row,) = queue(ada.gateway)
    assert (row.state, row.trigger) == ("queued", "button" if text.startswith("/") else "text")
    assert outcomes(ada) == ["human:human_asked", "human:waiting_already"]


def test_agents_are_told_what_was_spoken_of_before_and_none_of_the_visitors_words(ada: Stage) -> None:
    ada.visitor("my invoice for jo@example.com", "invoice", "action_not_understood")
    ada.visitor("ok", "thanks", "action_not_understood")
    ada.says("a person please")
    assert [row.reason for row in queue(ada.gateway)] == ["Asked for a human after: I need an invoice"]


def test_a_human_asked_for_within_a_complaint_is_asked(ada: Stage) -> None:
    ada.says("third broken kettle in a row and I expect that somebody rings me about it", human=0.9)
    assert [row.state for row in queue(ada.gateway)] == ["queued"]
    assert ada.records("request")[0]["path"] == "detector human"


@pytest.mark.parametrize("text", ["I don't want a human", "no need for an agent, you will do", "不要人工客服"])
def test_nobody_is_asked_when_no_human_is_wanted(ada: Stage, text: str) -> None:
    """Fails when `grammar.wants_no_human` vetoes no detector."""
    ada.says(text, human=0.95)
    assert queue(ada.gateway) == []
    assert ada.records("request") == []


# Who answers


@pytest.mark.parametrize(
    ("text", "score"),
    [("are you a robot", 0), ("Are you a robot?", 0.9), ("你是机器人吗", 0), ("喂，是谁在打字？", 0.9)],
)
def test_who_answers_is_told_truly(ada: Stage, text: str, score: float) -> None:
    reads = ada.says(text, robot=score)
    assert reads.startswith(("I am an AI assistant, not a person.", "我是 AI 助手，不是真人。"))
    assert ada.payloads == ["/request_human"]
    assert outcomes(ada) == ["robot:told"]


def test_who_asks_what_it_is_and_for_its_life_is_told_once(ada: Stage) -> None:
    reads = ada.says("are you one of those machines, and how old are you", robot=0.9, persona=0.9)
    assert "I am an AI assistant, not a person." in reads
    assert len(ada.shown) == 1


def test_a_made_up_life_is_denied(ada: Stage) -> None:
    assert "I have no body, age, family or feelings" in ada.says("do you have children", persona=0.9)


@pytest.mark.parametrize("text", ["is Alexa a robot", "did you see that film about a robot"])
def test_talk_of_other_machines_is_a_topic(ada: Stage, text: str) -> None:
    ada.says(text, robot=0.95)
    assert ada.records("request") == []


# While a human answers, or the assistant is stopped


def test_while_a_human_answers_the_system_tells_who_does(ada: Stage) -> None:
    ada.is_owned_by("Mina")
    reads = ada.says("are you a robot")
    assert reads.startswith("Mina, who is answering you now, is a person at")
    assert [each["author"] for each in ada.shown] == [Author.SYSTEM]


def test_while_a_human_answers_a_withdrawal_holds_at_once(ada: Stage) -> None:
    """Rule C2. Fails when requests are heard in the assistant's turns alone."""
    ada.allow(ORDERS)
    ada.is_owned_by("Mina")
    assert "no more use of your orders" in ada.says("stop using my orders")
    assert ada.state() == "withdrawn"
    assert [(each["author"], each["author_name"]) for each in ada.shown] == [(Author.SYSTEM, None)]


def test_while_a_human_answers_words_that_only_a_detector_hears_are_obeyed_too(ada: Stage) -> None:
    ada.allow(ORDERS)
    ada.is_owned_by("Mina")
    ada.says("enough, hands off of what is mine", withdraw=0.95)
    assert ada.state() == "withdrawn"


def test_while_a_human_answers_a_yes_by_the_card_counts_and_the_assistant_stays_silent(ada: Stage) -> None:
    """Rule H1. Fails when `resume` is given while the assistant is silent."""
    ada.where_is_it()
    ada.is_owned_by("Mina")
    assert "FH-204817" not in ada.presses(ALLOW)
    assert ada.state() == "given"
    assert Author.ASSISTANT not in [each["author"] for each in ada.shown]


def test_while_a_human_answers_another_is_not_asked_for(ada: Stage) -> None:
    ada.is_owned_by("Mina")
    assert ada.says("a human please") == ""
    assert queue(ada.gateway) == []
    assert outcomes(ada) == ["human:human_is_here"]


def stop(gateway: Gateway) -> None:
    def work(session: Any) -> None:
        add_staff(session, "olga")
        session.add(StopRow(id=new_id("stp"), topic=None, reason="It says wrong things", at=now(), by_id="olga"))

    transactions.write(gateway.database, work)


@pytest.mark.parametrize("text", ["stop using my orders", REFUSE, "/withdraw_consent", "forget me"])
def test_while_the_assistant_is_stopped_a_withdrawal_holds_at_once(ada: Stage, text: str) -> None:
    """Rule C2. Fails when `Router.open` obeys nothing on the way to people."""
    ada.allow(ORDERS)
    stop(ada.gateway)
    ada.says(text)
    assert ada.state() == "withdrawn"
    assert Author.ASSISTANT not in [each["author"] for each in ada.shown]


def test_while_the_assistant_is_stopped_a_yes_reads_nothing(ada: Stage) -> None:
    ada.where_is_it()
    stop(ada.gateway)
    assert "FH-204817" not in ada.presses(ALLOW)
    assert ada.gateway.gate_outcomes(ada.conversation) == ["refused:not_asked"]
