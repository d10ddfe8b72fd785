"""'Which e-mail address do you have for me?' through the action webhook, over a real database (rules C1, C2, P1)."""

from __future__ import annotations

from typing import Any

import pytest

from bot.consent import Scope
from bot.consent.service import Consents
from bot.policies import ACCOUNT_DETAILS
from tests.actions.gateway import Gateway
from tests.actions.stage import Stage

ALLOW = '/allow_consent{"purpose": "account_details", "scope": "conversation"}'
ADA = ("ada@example.com", "+44 7700 900141", "Keizersgracht", "Ada Lindqvist")
MEI = ("mei@example.com", "+1 202 555 0163", "梧桐里", "陈美")


def stage(gateway: Gateway, customer: str | None = "cust_ada", language: str = "en") -> Stage:
    return Stage(gateway, gateway.converse(customer, language), language, secrets=(*ADA, *MEI))


def asks(visitor: Stage, text: str = "what are my account details?") -> str:
    return visitor.visitor(text, "account_details", "action_account_details")


def test_with_consent_everything_that_stands_in_the_account_is_told(gateway: Gateway) -> None:
    ada = stage(gateway)
    ada.allow(ACCOUNT_DETAILS)
    reads = asks(ada)
    assert all(value in reads for value in ADA)
    assert "under “My account”, or a colleague can help" in reads
    assert ada.payloads == ["/request_human"]
    assert gateway.gate_outcomes(ada.conversation) == ["allowed"]


def test_the_answer_comes_in_chinese(gateway: Gateway) -> None:
    mei = stage(gateway, "cust_mei", "zh")
    mei.allow(ACCOUNT_DETAILS)
    reads = asks(mei, "我的账户资料")
    assert all(value in reads for value in MEI)
    assert "您账户的邮箱是" in reads


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("which e-mail address do you have for me", [0]),
        ("what's my email", [0]),
        ("what address is on my account", [2]),
        ("which adress do you have", [2]),
        ("what phone number and address do you have for me", [1, 2]),
        ("what name am I under", [3]),
        ("my details please", [0, 1, 2, 3]),
        ("我的邮箱地址是什么", [0]),
        ("我账户里的地址是什么", [2]),
        ("你们登记的电话和姓名", [1, 3]),
    ],
)
def test_only_what_was_asked_for_is_told(gateway: Gateway, text: str, told: list[int]) -> None:
    ada = stage(gateway)
    ada.allow(ACCOUNT_DETAILS)
    reads = asks(ada, text)
    assert [number for number, value in enumerate(ADA) if value in reads] == told


def test_what_is_not_there_is_said_plainly(gateway: Gateway) -> None:
    noor = stage(gateway, "cust_noor")
    noor.allow(ACCOUNT_DETAILS)
    reads = asks(noor, "which phone number and address do you have?")
    assert "There is no phone number in your account." in reads
    assert "There is no address in your account." in reads


def test_who_was_not_asked_is_asked_for_this_purpose_alone_and_then_answered(gateway: Gateway) -> None:
    ada = stage(gateway)
    asks(ada, "which email do you have for me")
    assert ada.card["purpose"] == ACCOUNT_DETAILS
    reads = ada.presses(ALLOW)
    assert [value for value in ADA if value in reads] == ["ada@example.com"]
    assert gateway.gate_outcomes(ada.conversation) == ["refused:not_asked", "allowed"]


def test_a_yes_for_once_is_asked_for_again(gateway: Gateway) -> None:
    ada = stage(gateway)
    ada.allow(ACCOUNT_DETAILS, Scope.ONCE)
    assert "ada@example.com" in asks(ada)
    ada.begin_turn()
    asks(ada)
    assert ada.card["purpose"] == ACCOUNT_DETAILS
    assert gateway.fill(ada.conversation, "[ANSWER_1]") == "[ANSWER_1]"


@pytest.mark.parametrize("choice", ["refuse", "object"])
def test_after_a_no_nobody_asks_and_it_is_said_how_to_change_it(gateway: Gateway, choice: str) -> None:
    # Rule C2. Fails when MAY_BE_ASKED in actions/personal.py holds more.
    ada = stage(gateway)
    ada.choose(ACCOUNT_DETAILS, choice)
    reads = asks(ada)
    assert "sign in and open “My account”" in reads
    assert "I do not use your account details, as you wished." in reads
    assert (ada.card, ada.payloads) == (None, ["/request_human"])
    assert gateway.gate_outcomes(ada.conversation) == ["refused:refused"]


def test_the_next_turn_obeys_a_withdrawal_and_the_answer_is_forgotten(gateway: Gateway) -> None:
    # Rule C2. Fails when ActionAccountDetails.tell keeps its answer under no purpose.
    ada = stage(gateway)
    ada.allow(ACCOUNT_DETAILS)
    asks(ada)
    ada.choose(ACCOUNT_DETAILS, "withdraw")
    assert gateway.fill(ada.conversation, "[ANSWER_1]") == "[ANSWER_1]"
    reads = asks(ada)
    assert not any(value in reads for value in ADA)
    assert gateway.gate_outcomes(ada.conversation)[-1] == "refused:withdrawn"


def test_consent_for_orders_opens_no_account(gateway: Gateway) -> None:
    ada = stage(gateway)
    gateway.consent(ada.conversation, "give")
    asks(ada)
    assert ada.card["purpose"] == ACCOUNT_DETAILS


@pytest.mark.parametrize(("language", "how"), [("en", "sign in and open “My account”"), ("zh", "登录后打开“我的账户”")])
def test_who_is_not_signed_in_learns_how_to_see_it(gateway: Gateway, language: str, how: str) -> None:
    visitor = stage(gateway, None, language)
    assert how in asks(visitor)
    assert visitor.payloads == ["/request_human"]
    assert gateway.gate_outcomes(visitor.conversation) == ["refused:not_signed_in"]


def test_global_privacy_control_leaves_it_to_the_visitor(gateway: Gateway) -> None:
    # purposes.yml: under_gpc.
    ada = stage(gateway)
    ada.allow(ACCOUNT_DETAILS)
    ada.send_gpc()
    assert "ada@example.com" in asks(ada)


def test_a_shop_that_fails_is_admitted(gateway: Gateway) -> None:
    class Down:
        async def account(self, grant: object) -> Any:
            raise ConnectionError("shop is down")

    gateway.shop = Down()  # type: ignore[assignment]
    ada = stage(gateway)
    ada.allow(ACCOUNT_DETAILS)
    reads = asks(ada)
    assert "I cannot look at your account details right now." in reads
    assert "sign in and open “My account”" in reads


def test_a_gate_that_fails_means_the_impersonal_answer(gateway: Gateway, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise OSError("disk full")

    ada = stage(gateway)
    ada.allow(ACCOUNT_DETAILS, Scope.ONCE)
    monkeypatch.setattr(Consents, "use_up", broken)
    reads = asks(ada)
    assert not any(value in reads for value in ADA)
    assert "I cannot look at your account details right now." in reads
