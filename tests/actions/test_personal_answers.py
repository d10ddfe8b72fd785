"""'Where is my order?' through the action webhook, over a real database (rules C1, C2, P1)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import update

from bot.consent import Gate
from bot.messages import Author, now
from bot.policies import purposes
from bot.storage.tables import ConsentRow
from tests.actions.calls import call
from tests.actions.gateway import Gateway
from tests.actions.stage import Stage

ALLOW = '/allow_consent{"purpose": "order_history", "scope": "conversation"}'
REFUSE = '/refuse_consent{"purpose": "order_history"}'


@pytest.fixture
def ada(gateway: Gateway) -> Iterator[Stage]:
    yield Stage(gateway, gateway.converse("cust_ada"))


def test_the_first_question_asks_for_consent_with_two_equal_choices(ada: Stage) -> None:
    reads = ada.where_is_it()
    assert "May I use your orders" in reads
    assert "at any time" in reads
    assert ada.payloads == [ALLOW, REFUSE]
    assert [b["title"] for b in ada.answer["responses"][0]["buttons"]] == ["Allow", "No thanks"]
    assert set(ada.card) == {"purpose", "title", "why", "until", "scope", "scopes"}
    assert ada.gateway.consent_states(ada.conversation) == ["ConsentRequested"]
    assert ada.gateway.gate_outcomes(ada.conversation) == ["refused:not_asked"]


def test_allow_answers_the_waiting_question_from_the_real_row(ada: Stage) -> None:
    ada.where_is_it()
    reads = ada.visitor(ALLOW, "allow_consent", "action_allow_consent")
    assert "FH-204817" in reads
    assert "DHL" in reads
    assert "JD014600006228974310" in reads
    assert "FH-204902" in reads
    assert ada.gateway.consent_states(ada.conversation) == ["ConsentRequested", "ConsentGiven"]
    assert ada.gateway.gate_outcomes(ada.conversation) == ["refused:not_asked", "allowed"]
    assert ada.slots["order_reference"] == "[ORDER_1]"


def test_the_order_named_in_the_question_is_answered_after_consent(ada: Stage) -> None:
    ada.where_is_it("where is FH-203391?")
    assert "FH-203391 (2 × Waffle Towels) was delivered" in ada.visitor(ALLOW, "allow_consent", "action_allow_consent")


def test_a_yes_right_after_the_question_counts(ada: Stage) -> None:
    ada.where_is_it()
    assert "FH-204817" in ada.visitor("yes", "affirm", "action_allow_consent")


def test_a_yes_to_something_else_is_no_consent(ada: Stage) -> None:
    # Rule C1. Fails when `if not explicit and not (asked and asked.just_now)` in actions/consent.py goes.
    ada.where_is_it()
    ada.visitor("delivery time", "delivery_time", "action_not_understood")
    reads = ada.visitor("yes", "affirm", "action_allow_consent")
    assert "FH-204817" not in reads
    assert ada.gateway.consent_states(ada.conversation) == ["ConsentRequested"]


@pytest.mark.parametrize("author", [Author.SYSTEM, Author.HUMAN])
def test_a_yes_after_somebody_else_spoke_is_no_consent(ada: Stage, author: Author) -> None:
    ada.where_is_it()
    ada.gateway.says(ada.conversation, "Mina has joined.", None, author)
    ada.visitor("yes", "affirm", "action_allow_consent")
    assert "ConsentGiven" not in ada.gateway.consent_states(ada.conversation)


def test_a_yes_without_any_question_is_met_kindly(ada: Stage) -> None:
    assert ada.visitor("yes", "affirm", "action_allow_consent") == "I am glad to help. What would you like to know?"
    assert ada.gateway.consent_states(ada.conversation) == []


def test_allow_before_any_question_shows_first_what_it_is_about(ada: Stage) -> None:
    ada.visitor("you may look at my orders", "allow_consent", "action_allow_consent")
    assert ada.card["purpose"] == "order_history"
    assert ada.gateway.consent_states(ada.conversation) == ["ConsentRequested"]
    ada.visitor("yes", "affirm", "action_allow_consent")
    assert ada.gateway.consent_states(ada.conversation) == ["ConsentRequested", "ConsentGiven"]


def test_refusing_takes_one_step_and_help_goes_on(ada: Stage) -> None:
    # Rule C2. Fails when the `record_consent("refuse", …)` line in actions/consent.py goes.
    ada.where_is_it()
    reads = ada.visitor(REFUSE, "refuse_consent", "action_refuse_consent")
    assert "I do not use your orders" in reads
    assert "order e-mail" in reads
    assert ada.payloads == ["/request_human"]
    assert ada.gateway.consent_states(ada.conversation) == ["ConsentRequested", "ConsentRefused"]


def test_after_a_refusal_nobody_asks_again(ada: Stage) -> None:
    # Rule C2. Fails when the `("refused", "withdrawn")` case in OrderAction._without goes.
    ada.where_is_it()
    ada.visitor("no", "deny", "action_refuse_consent")
    reads = ada.where_is_it()
    assert "order e-mail" in reads
    assert "write “allow”" in reads
    assert ada.card is None
    assert ada.payloads == ["/request_human"]
    assert ada.gateway.consent_states(ada.conversation) == ["ConsentRequested", "ConsentRefused"]


def test_changing_ones_mind_takes_one_word(ada: Stage) -> None:
    ada.where_is_it()
    ada.visitor("no", "deny", "action_refuse_consent")
    assert "FH-204817" in ada.visitor("allow", "allow_consent", "action_allow_consent")


@pytest.mark.parametrize("text", ["what about my orders then", "我的订单呢", "ok look at them"])
def test_a_text_that_may_be_misread_as_a_yes_is_no_consent_after_a_withdrawal(ada: Stage, text: str) -> None:
    # Rule C1. Fails when the check of `asked.just_now` and `_unmistakable` in ActionAllowConsent.act goes.
    ada.where_is_it()
    ada.visitor(ALLOW, "allow_consent", "action_allow_consent")
    ada.visitor("stop using my orders", "withdraw_consent", "action_withdraw_consent")
    assert "write “allow”" in ada.visitor(text, "allow_consent", "action_allow_consent")
    assert ada.gateway.consent_states(ada.conversation)[-1] == "ConsentWithdrawn"


@pytest.mark.parametrize(("confidence", "states"), [(0.6, 1), (0.9, 2)])
def test_a_typed_yes_counts_only_when_it_was_understood_surely(ada: Stage, confidence: float, states: int) -> None:
    # Rule C1. Fails when the comparison with SURE in ActionAllowConsent.act goes.
    ada.where_is_it()
    body = call("action_allow_consent", ada.conversation, "go on then", "allow_consent", before=ada.heard)
    body["tracker"]["latest_message"]["intent"]["confidence"] = confidence
    assert ada.door.post("/webhook", json=body).status_code == 200
    assert len(ada.gateway.consent_states(ada.conversation)) == states


def test_a_no_to_something_else_refuses_nothing(ada: Stage) -> None:
    assert ada.visitor("no", "deny", "action_refuse_consent") == "All right. Is there anything else I can help with?"
    assert ada.gateway.consent_states(ada.conversation) == []


@pytest.mark.parametrize(
    ("text", "intent", "action"),
    [
        ("stop using my orders", "withdraw_consent", "action_withdraw_consent"),
        (REFUSE, "refuse_consent", "action_refuse_consent"),
    ],
)
def test_the_very_next_turn_obeys_a_withdrawal(ada: Stage, text: str, intent: str, action: str) -> None:
    # Rule C2. Fails when `record_consent("withdraw", …)` or the SlotSet in actions/consent.py `withdraw` goes.
    ada.where_is_it()
    ada.visitor(ALLOW, "allow_consent", "action_allow_consent")
    ada.visitor(text, intent, action)
    assert ada.slots["order_reference"] is None
    assert ada.gateway.fill(ada.conversation, "[ORDER_1] [ANSWER_1]") == "[ORDER_1] [ANSWER_1]"
    reads = ada.where_is_it()
    assert "FH-204817" not in reads
    assert "order e-mail" in reads
    assert ada.gateway.gate_outcomes(ada.conversation)[-1] == "refused:withdrawn"


def test_taking_back_what_was_never_given_is_answered_truly(ada: Stage) -> None:
    assert "nothing to take back" in ada.visitor("stop", "withdraw_consent", "action_withdraw_consent")
    assert ada.gateway.consent_states(ada.conversation) == []


def test_a_visitor_who_is_not_signed_in_learns_how_to_find_it(gateway: Gateway) -> None:
    stage = Stage(gateway, gateway.converse())
    reads = stage.where_is_it("where is order 204817?")
    assert "order e-mail" in reads
    assert "sign in" in reads
    assert stage.payloads == ["/request_human"]
    assert gateway.consent_states(stage.conversation) == []
    assert "signed in" in stage.visitor("you may use my orders", "allow_consent", "action_allow_consent")
    assert gateway.consent_states(stage.conversation) == []


def test_a_gate_that_fails_means_the_impersonal_answer(gateway: Gateway) -> None:
    # Rule C1. Fails when Gate.ask answers a failed record with anything but Refused.
    def broken(_session: object, _decision: object) -> str:
        raise OSError("disk full")

    conversation = gateway.converse("cust_ada")
    gateway.consent(conversation, "request", "give")
    gateway.gate = Gate(gateway.keyring, broken, gateway.consents)
    reads = Stage(gateway, conversation).where_is_it()
    assert "cannot look at your orders right now" in reads
    assert "FH-204817" not in reads


def test_a_shop_that_fails_means_the_impersonal_answer(gateway: Gateway) -> None:
    class Down:
        async def orders(self, grant: object) -> list[Any]:
            raise ConnectionError("shop is down")

    conversation = gateway.converse("cust_ada")
    gateway.consent(conversation, "request", "give")
    gateway.shop = Down()  # type: ignore[assignment]
    assert "cannot look at your orders right now" in Stage(gateway, conversation).where_is_it()


def test_consent_that_ran_out_is_asked_for_anew(ada: Stage) -> None:
    ada.gateway.consent(ada.conversation, "request", "give")
    over = now() - timedelta(seconds=1)
    ada.gateway.database.write_now(lambda s: s.execute(update(ConsentRow).values(valid_until=over)))
    ada.where_is_it()
    assert ada.card["purpose"] == "order_history"


def allowed(gateway: Gateway, customer: str, language: str = "en") -> Stage:
    conversation = gateway.converse(customer, language)
    gateway.consent(conversation, "request", "give")
    return Stage(gateway, conversation, language)


def test_a_late_parcel_is_called_late_and_a_human_offered(gateway: Gateway) -> None:
    stage = allowed(gateway, "cust_bruno")
    assert "it is late, and I am sorry" in stage.where_is_it()
    assert stage.payloads == ["/request_human"]


def test_the_order_spoken_of_stays_the_subject(gateway: Gateway) -> None:
    stage = allowed(gateway, "cust_ada")
    stage.where_is_it("where is 203391?")
    assert "FH-203391" in stage.where_is_it("and when was it delivered?")


def test_somebody_elses_order_is_not_found(gateway: Gateway) -> None:
    stage = allowed(gateway, "cust_ada")
    reads = stage.where_is_it("where is FH-204655?")
    assert "found no order with that number" in reads
    assert "Duvet" not in reads
    assert stage.slots["order_reference"] is None


def test_a_customer_without_orders_is_told_so(gateway: Gateway) -> None:
    assert "no orders with us yet" in allowed(gateway, "cust_noor").where_is_it()


def test_the_answer_comes_in_chinese(gateway: Gateway) -> None:
    reads = allowed(gateway, "cust_mei", "zh").where_is_it("我的订单到哪了")
    assert "FH-204871" in reads
    assert "粗陶茶壶" in reads
    assert "打包" in reads


@pytest.mark.parametrize(
    ("customer", "text", "expected"),
    [
        ("cust_omar", "where is my refund?", "A refund of €89.00 is on its way"),
        ("cust_omar", "refund for 204411", "€49.00 of €128.00 was paid back"),
        ("cust_ada", "where is my refund?", "There is no refund for your order FH-204902"),
        ("cust_bruno", "refund for FH-204033", "€36.00 was paid back to you"),
    ],
)
def test_refunds_are_told_from_the_real_row(gateway: Gateway, customer: str, text: str, expected: str) -> None:
    assert expected in allowed(gateway, customer).visitor(text, "refund_status", "action_refund_status")


def test_a_refund_is_looked_for_beyond_the_order_spoken_of(gateway: Gateway) -> None:
    stage = allowed(gateway, "cust_omar")
    stage.where_is_it("where is FH-204702?")
    assert "FH-204560" in stage.visitor("and my refund?", "refund_status", "action_refund_status")


def test_allow_after_a_new_question_answers_that_one(ada: Stage) -> None:
    ada.where_is_it("where is FH-203391?")
    ada.visitor("no", "deny", "action_refuse_consent")
    ada.visitor("where is my refund?", "refund_status", "action_refund_status")
    assert "There is no refund for your order FH-204902" in ada.visitor(
        "allow", "allow_consent", "action_allow_consent"
    )


def test_allowing_twice_changes_nothing(ada: Stage) -> None:
    ada.where_is_it()
    ada.visitor(ALLOW, "allow_consent", "action_allow_consent")
    assert ada.visitor(ALLOW, "allow_consent", "action_allow_consent").startswith("Thank you. I may use")
    assert ada.gateway.consent_states(ada.conversation) == ["ConsentRequested", "ConsentGiven"]


def test_a_later_yes_is_about_the_question_put_last_and_not_the_one_asked_for_before(ada: Stage) -> None:
    """Rule C1. Falls when `question_before` in actions/consent.py goes: then the orders would be opened."""
    ada.visitor("which address do you have for me?", "account_details", "action_account_details")
    ada.presses('/refuse_consent{"purpose": "account_details"}')
    ada.where_is_it()
    ada.presses('/refuse_consent{"purpose": "order_history"}')
    told = ada.visitor("which address do you have for me?", "account_details", "action_account_details")
    assert "write “allow”" in told
    ada.visitor("allow", "allow_consent", "action_allow_consent")
    states = {name: ada.gateway.state(ada.conversation, name) for name in ("account_details", "order_history")}
    assert states == {"account_details": "given", "order_history": "refused"}


def test_a_no_to_nothing_in_particular_records_nothing(ada: Stage) -> None:
    ada.visitor("not allowed", "refuse_consent", "action_refuse_consent")
    assert ada.gateway.consent_states(ada.conversation) == []


def test_a_no_without_a_name_ends_whatever_is_allowed(ada: Stage) -> None:
    ada.allow("account_details")
    ada.visitor("you are not allowed to", "refuse_consent", "action_refuse_consent")
    assert ada.gateway.state(ada.conversation, "account_details") == "withdrawn"
    assert ada.gateway.state(ada.conversation, "order_history") == "none"


def test_a_no_to_everything_refuses_every_purpose(ada: Stage) -> None:
    ada.visitor("don't use any of my data", "refuse_consent", "action_refuse_consent")
    assert {ada.gateway.state(ada.conversation, name) for name in purposes()} == {"refused"}


@pytest.mark.parametrize("text", ["forget me", "please forget everything about me", "忘记我"])
def test_whoever_wants_to_be_forgotten_takes_back_everything_and_learns_where_to_erase(ada: Stage, text: str) -> None:
    for name in ("order_history", "account_details", "recommendations"):
        ada.allow(name)
    told = ada.visitor(text, "withdraw_consent", "action_withdraw_consent")
    assert {ada.gateway.state(ada.conversation, name) for name in purposes()} == {"withdrawn", "none"}
    assert "Your privacy" in told


def test_a_withdrawal_in_words_ends_the_purpose_that_it_names_and_no_other(ada: Stage) -> None:
    for name in ("order_history", "account_details"):
        ada.allow(name)
    ada.visitor("stop using my orders", "withdraw_consent", "action_withdraw_consent")
    states = {name: ada.gateway.state(ada.conversation, name) for name in ("order_history", "account_details")}
    assert states == {"order_history": "withdrawn", "account_details": "given"}


@pytest.mark.parametrize(
    ("text", "scope"),
    [
        ("allow", "conversation"),
        ("yes you may look, just this once", "once"),
        ("允许，仅这一次", "once"),
        ("you may always look at my orders", "until_withdrawn"),
    ],
)
def test_words_say_for_how_long(ada: Stage, text: str, scope: str) -> None:
    ada.where_is_it()
    ada.visitor(text, "allow_consent", "action_allow_consent")
    events = ada.gateway.events(ada.conversation, "consent")
    assert next(event["scope"] for event in events if event["state"] == "given") == scope
