"""'Where is my order?' through the action webhook, over a real database (rules C1, C2, P1)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import update

from bot.core.ids import now
from bot.db.models import ConsentRow
from tests import transactions
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
    assert [button["title"] for button in ada.buttons] == ["Allow", "No thanks"]
    assert set(ada.card) == {"purpose", "title", "why", "until", "scope", "scopes"}
    assert ada.gateway.consent_states(ada.conversation) == ["ConsentRequested"]
    assert ada.gateway.gate_outcomes(ada.conversation) == ["refused:not_asked"]


def test_allow_answers_the_waiting_question_from_the_real_row(ada: Stage) -> None:
    ada.where_is_it()
    reads = ada.presses(ALLOW)
    assert "FH-204817" in reads
    assert "DHL" in reads
    assert "JD014600006228974310" in reads
    assert "FH-204902" in reads
    assert ada.consents == ["ConsentRequested", "ConsentGiven"]
    assert ada.gateway.gate_outcomes(ada.conversation) == ["refused:not_asked", "allowed"]
    assert ada.slots["order_reference"] == "[ORDER_1]"


def test_the_order_named_in_the_question_is_answered_after_consent(ada: Stage) -> None:
    ada.where_is_it("where is FH-203391?")
    assert "FH-203391 (2 × Waffle Towels) was delivered" in ada.presses(ALLOW)


def test_refusing_takes_one_step_and_help_goes_on(ada: Stage) -> None:
    """Rule C2. Fails when StandingRequests._refuse gives no `how_to`."""
    ada.where_is_it()
    reads = ada.presses(REFUSE)
    assert "your orders will not be used" in reads
    assert "order e-mail" in reads
    assert ada.payloads == ["/request_human"]
    assert ada.consents == ["ConsentRequested", "ConsentRefused"]


def test_after_a_refusal_nobody_asks_again(ada: Stage) -> None:
    """Rule C2. Fails when MAY_BE_ASKED in actions/personal.py holds `refused`."""
    ada.where_is_it()
    ada.yes_or_no("no")
    reads = ada.where_is_it()
    assert "order e-mail" in reads
    assert "write “allow”" in reads
    assert ada.card is None
    assert ada.payloads == ["/request_human"]
    assert ada.consents == ["ConsentRequested", "ConsentRefused"]


@pytest.mark.parametrize("text", ["stop using my orders", "/withdraw_consent", REFUSE])
def test_the_very_next_turn_obeys_a_withdrawal(ada: Stage, text: str) -> None:
    """Rule C2. Fails when `_forget` in Consents._tell goes, or Router._slots tidies nothing."""
    ada.where_is_it()
    ada.presses(ALLOW)
    ada.says(text)
    assert ada.gateway.fill(ada.conversation, "[ORDER_1] [ANSWER_1]") == "[ORDER_1] [ANSWER_1]"
    reads = ada.where_is_it()
    assert ada.slots["order_reference"] is None
    assert "FH-204817" not in reads
    assert "order e-mail" in reads
    assert ada.gateway.gate_outcomes(ada.conversation)[-1] == "refused:withdrawn"


def test_while_use_is_paused_nothing_is_read_and_it_is_said_how_to_end_it(ada: Stage) -> None:
    """Rule C1. Fails when the gate grants while a consent is paused."""
    ada.where_is_it()
    ada.presses(ALLOW)
    ada.says("hm not so sure about that any more", withdraw=0.4)
    reads = ada.where_is_it()
    assert "FH-204817" not in reads
    assert "is paused, as you may have wanted it to end" in reads
    assert "Say “stop using my data”" in reads
    assert ada.card is None
    assert ada.gateway.gate_outcomes(ada.conversation)[-1] == "refused:paused"


def test_a_visitor_who_is_not_signed_in_learns_how_to_find_it(gateway: Gateway) -> None:
    stage = Stage(gateway, gateway.converse())
    reads = stage.where_is_it("where is order 204817?")
    assert "order e-mail" in reads
    assert "sign in" in reads
    assert stage.payloads == ["/request_human"]
    assert gateway.consent_states(stage.conversation) == []


@pytest.mark.parametrize("text", ["yes", "go on with it, it is alright by me I suppose"])
def test_a_yes_that_answers_no_card_is_met_kindly(ada: Stage, text: str) -> None:
    assert ada.yes_or_no(text) == "I am glad to help. What would you like to know?"
    assert ada.consents == []


def test_a_no_to_something_else_refuses_nothing(ada: Stage) -> None:
    assert ada.yes_or_no("no") == "All right. Is there anything else I can help with?"
    assert ada.consents == []


@pytest.mark.parametrize(
    "text", ["yes if it is quick", "I suppose so", "my sister says yes", "sure?", "yes 2", "为什么不呢"]
)
def test_what_sounds_like_a_yes_allows_nothing_and_it_is_said_what_does(ada: Stage, text: str) -> None:
    """Rule C1. Fails when ActionAffirm allows anything, however sure the engine is."""
    ada.where_is_it()
    reads = ada.yes_or_no(text)
    assert "write: allow" in reads or "写：允许" in reads
    assert ada.consents == ["ConsentRequested"]


def test_what_sounds_like_a_no_refuses_nothing_and_nothing_is_used(ada: Stage) -> None:
    ada.where_is_it()
    reads = ada.yes_or_no("no idea, what is this even for")
    assert "Without a yes from you I do not use your orders" in reads
    assert ada.payloads == ["/request_human"]
    assert ada.consents == ["ConsentRequested"]


def test_a_gate_that_fails_means_the_impersonal_answer(gateway: Gateway) -> None:
    # Rule C1. Fails when Gate.ask answers a failed record with anything but Refused.
    def broken(_session: object, _decision: object) -> str:
        raise OSError("disk full")

    conversation = gateway.converse("cust_ada")
    gateway.consent(conversation, "request", "give")
    gateway.recorder.record = broken
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
    transactions.write(ada.gateway.database, lambda s: s.execute(update(ConsentRow).values(valid_until=over)))
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


def which(stage: Stage, text: str) -> str:
    return stage.visitor(text, "which_order", "action_which_order")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("203391", "FH-203391 (2 × Waffle Towels) was delivered"),
        ("FH-203391", "FH-203391 (2 × Waffle Towels) was delivered"),
        ("the one with the towels", "FH-203391 (2 × Waffle Towels) was delivered"),
    ],
)
def test_it_can_be_said_which_order_is_meant(gateway: Gateway, text: str, told: str) -> None:
    stage = allowed(gateway, "cust_ada")
    stage.where_is_it()
    assert told in which(stage, text)
    assert "FH-203391" in stage.where_is_it("and when was it delivered?")


def test_words_that_name_none_of_their_orders_are_asked_about(gateway: Gateway) -> None:
    stage = allowed(gateway, "cust_ada")
    stage.where_is_it()
    reads = which(stage, "the blue thing")
    assert reads.startswith("I am not sure which order you mean.")
    assert "FH-204817" in reads


def test_a_number_of_somebody_else_is_none_of_theirs(gateway: Gateway) -> None:
    stage = allowed(gateway, "cust_ada")
    stage.where_is_it()
    reads = which(stage, "FH-204655")
    assert "found no order with that number" in reads
    assert "Duvet" not in reads


def test_words_about_an_order_read_nothing_where_none_was_spoken_of(gateway: Gateway) -> None:
    """Rule C1. Fails when the first lines of ActionWhichOrder.act go."""
    stage = allowed(gateway, "cust_ada")
    assert which(stage, "the one with the towels") == "I am glad to help. What would you like to know?"
    assert gateway.gate_outcomes(stage.conversation) == []
