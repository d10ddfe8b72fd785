"""'Can you e-mail me the answer?' through the action webhook, over a real database (rules C1, C2, H1, P1)."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from bot.consent import Scope
from bot.db.models import ConversationRow, HandoffRow
from bot.policies import CONTACT_BY_EMAIL
from tests import transactions
from tests.actions.gateway import Gateway
from tests.actions.stage import Stage

ALLOW = '/allow_consent{"purpose": "contact_by_email", "scope": "conversation"}'
HOW_TO = "Write “answer me at” and an e-mail address"
ADA = "ada@example.com"


def stage(gateway: Gateway, customer: str | None = "cust_ada", language: str = "en") -> Stage:
    return Stage(gateway, gateway.converse(customer, language), language, secrets=("@example",))


def asks(visitor: Stage, text: str = "can you e-mail me the answer?") -> str:
    return visitor.visitor(text, "contact_by_email", "action_contact_by_email")


def waiting(gateway: Gateway, conversation: str) -> list[tuple[str, str | None]]:
    """The requests for a person: state and the address that the desk is shown."""

    def work(session: Any, row: ConversationRow) -> list[tuple[str, str | None]]:
        found = session.scalars(select(HandoffRow).where(HandoffRow.conversation_id == row.id))
        return [(each.state, gateway.handoffs.contact(session, each)) for each in found]

    result: list[tuple[str, str | None]] = gateway.write(conversation, work)
    return result


def test_with_consent_a_colleague_is_asked_to_write_to_the_accounts_address(gateway: Gateway) -> None:
    ada = stage(gateway)
    ada.allow(CONTACT_BY_EMAIL)
    reads = asks(ada)
    assert "I have asked a colleague to answer you by e-mail; I send no e-mails myself." in reads
    assert "used for nothing else" in reads
    assert waiting(gateway, ada.conversation) == [("queued", ADA)]
    assert gateway.gate_outcomes(ada.conversation) == ["allowed"]


def test_the_answer_comes_in_chinese(gateway: Gateway) -> None:
    mei = stage(gateway, "cust_mei", "zh")
    mei.allow(CONTACT_BY_EMAIL)
    assert "我已请同事通过邮件答复您；我自己不发送邮件。" in asks(mei, "可以发邮件告诉我吗")
    assert waiting(gateway, mei.conversation) == [("queued", "mei@example.com")]


@pytest.mark.parametrize("customer", ["cust_ada", None])
def test_an_address_in_the_message_is_used_and_the_accounts_left_alone(gateway: Gateway, customer: str | None) -> None:
    # Rule C1. Fails when ActionContactByEmail.act asks the gate first.
    visitor = stage(gateway, customer)
    assert "I have asked a colleague" in asks(visitor, "please answer me at lena@example.com")
    assert waiting(gateway, visitor.conversation) == [("queued", "lena@example.com")]
    assert gateway.gate_outcomes(visitor.conversation) == []


def test_who_was_not_asked_is_asked_for_this_purpose_alone_and_then_helped(gateway: Gateway) -> None:
    ada = stage(gateway)
    asks(ada)
    assert ada.card["purpose"] == CONTACT_BY_EMAIL
    assert waiting(gateway, ada.conversation) == []
    assert "I have asked a colleague" in ada.presses(ALLOW)
    assert waiting(gateway, ada.conversation) == [("queued", ADA)]


def test_who_waits_for_a_person_already_keeps_the_place(gateway: Gateway) -> None:
    ada = stage(gateway)
    ada.says("a human please")
    ada.allow(CONTACT_BY_EMAIL)
    asks(ada)
    assert waiting(gateway, ada.conversation) == [("queued", ADA)]


def test_a_yes_for_once_serves_this_question_and_is_asked_for_again(gateway: Gateway) -> None:
    # Fails when Handoffs.forget_contacts takes the end of a consent for its withdrawal.
    ada = stage(gateway)
    ada.allow(CONTACT_BY_EMAIL, Scope.ONCE)
    asks(ada)
    ada.begin_turn()
    assert waiting(gateway, ada.conversation) == [("queued", ADA)]
    asks(ada)
    assert ada.card["purpose"] == CONTACT_BY_EMAIL


@pytest.mark.parametrize("choice", ["refuse", "object"])
def test_after_a_no_nobody_asks_and_the_way_without_is_told(gateway: Gateway, choice: str) -> None:
    ada = stage(gateway)
    ada.choose(CONTACT_BY_EMAIL, choice)
    reads = asks(ada)
    assert HOW_TO in reads
    assert "I do not use your e-mail address, as you wished." in reads
    assert (ada.card, ada.payloads) == (None, ["/request_human"])
    assert waiting(gateway, ada.conversation) == []


def test_taking_it_back_takes_the_address_from_the_desk(gateway: Gateway) -> None:
    # Rule C2. Fails when Handoffs.forget_contacts does nothing.
    ada = stage(gateway)
    ada.allow(CONTACT_BY_EMAIL)
    asks(ada)
    ada.choose(CONTACT_BY_EMAIL, "withdraw")
    assert waiting(gateway, ada.conversation) == [("queued", None)]
    assert gateway.events(ada.conversation, "handoff")[-1]["contact_left"] is False
    assert HOW_TO in asks(ada)


def test_taking_it_back_leaves_an_address_that_the_visitor_gave(gateway: Gateway) -> None:
    ada = stage(gateway)
    ada.allow(CONTACT_BY_EMAIL)
    asks(ada, "write to lena@example.com please")
    ada.choose(CONTACT_BY_EMAIL, "withdraw")
    assert waiting(gateway, ada.conversation) == [("queued", "lena@example.com")]


def test_global_privacy_control_keeps_it_off_and_is_shown(gateway: Gateway) -> None:
    ada = stage(gateway)
    ada.send_gpc()
    reads = asks(ada)
    assert HOW_TO in reads
    assert "Your browser sends Global Privacy Control, so I do not use your e-mail address." in reads
    assert ada.card is None
    assert gateway.gate_outcomes(ada.conversation) == ["refused:gpc"]


@pytest.mark.parametrize(("language", "how"), [("en", HOW_TO), ("zh", "请写“答复请发到”并附上邮箱")])
def test_who_is_not_signed_in_learns_the_way_without(gateway: Gateway, language: str, how: str) -> None:
    visitor = stage(gateway, None, language)
    assert how in asks(visitor)
    assert visitor.payloads == ["/request_human"]
    assert waiting(gateway, visitor.conversation) == []


@pytest.mark.parametrize("address", [None, "not an address"])
def test_an_account_without_a_usable_address_leads_to_the_way_without(gateway: Gateway, address: str | None) -> None:
    class Odd:
        async def email(self, grant: object) -> str | None:
            return address

    gateway.shop = Odd()  # type: ignore[assignment]
    ada = stage(gateway)
    ada.allow(CONTACT_BY_EMAIL)
    assert HOW_TO in asks(ada)
    assert ada.payloads == ["/request_human"]
    assert waiting(gateway, ada.conversation) == []


def test_a_shop_that_fails_is_admitted_and_nobody_is_promised(gateway: Gateway) -> None:
    class Down:
        async def email(self, grant: object) -> str | None:
            raise ConnectionError("shop is down")

    gateway.shop = Down()  # type: ignore[assignment]
    ada = stage(gateway)
    ada.allow(CONTACT_BY_EMAIL)
    reads = asks(ada)
    assert "I cannot look at your e-mail address right now." in reads
    assert HOW_TO in reads
    assert waiting(gateway, ada.conversation) == []


def test_agents_are_told_what_it_is_about_without_the_visitors_words(gateway: Gateway) -> None:
    ada = stage(gateway)
    ada.where_is_it()
    asks(ada, "write to lena@example.com, I am ill")
    query = select(HandoffRow.reason).where(HandoffRow.conversation_id == ada.conversation)
    assert transactions.read(gateway.database, lambda s: s.scalar(query)) == (
        "Asked for an answer by e-mail after: Where is my order?"
    )
