"""'What would you recommend?' through the action webhook, over a real database (rules C1, C2, P1; PIPL 24)."""

from __future__ import annotations

from typing import Any

import pytest

from bot.consent import Scope
from bot.policies import RECOMMENDATIONS
from bot.shop.demo import DemoShop
from tests.actions.gateway import Gateway, run
from tests.actions.stage import Stage

ALLOW = '/allow_consent{"purpose": "recommendations", "scope": "conversation"}'
GENERAL, STOP = '/recommend{"suggestions": "general"}', '/withdraw_consent{"purpose": "recommendations"}'
BOUGHT = ("Because you", "因为您", "Beeswax", "Lantern", "纸灯笼", "Waffle")
"""What tells what Ada or 陈美 bought or looked at."""
EVERYBODYS = "From our shop: Seagrass Basket (€39.00), Wool Blanket (€89.00), Oak Chopping Board (€49.00)."


def stage(gateway: Gateway, customer: str | None = "cust_ada", language: str = "en") -> Stage:
    return Stage(gateway, gateway.converse(customer, language), language, secrets=BOUGHT)


def asks(visitor: Stage, text: str = "what would you recommend?") -> str:
    return visitor.visitor(text, "recommend", "action_recommend")


def test_with_consent_each_suggestion_says_why(gateway: Gateway) -> None:
    ada = stage(gateway)
    ada.allow(RECOMMENDATIONS)
    reads = asks(ada)
    assert "Because you bought Beeswax Candles: Paper Lantern Lamp (€59.00)." in reads
    assert "Because you looked at Paper Lantern Lamp: Wall Clock (€45.00)." in reads
    assert gateway.gate_outcomes(ada.conversation) == ["allowed"]


def test_a_suggestion_comes_with_general_ones_and_an_end_one_step_away(gateway: Gateway) -> None:
    # Personal Information Protection Law, article 24.
    ada = stage(gateway)
    ada.allow(RECOMMENDATIONS)
    reads = asks(ada)
    assert "Prices are the same for everybody." in reads
    assert "write “general suggestions”" in reads and "write “stop recommending”" in reads
    assert ada.payloads == [GENERAL, STOP]
    assert ada.presses(GENERAL).startswith(EVERYBODYS)
    assert gateway.gate_outcomes(ada.conversation) == ["allowed"]


def test_prices_are_those_that_everybody_gets(gateway: Gateway) -> None:
    ada = stage(gateway)
    ada.allow(RECOMMENDATIONS)
    reads = asks(ada)
    for product in run(DemoShop(gateway.database).products()):
        if f": {product.name('en')} (" in reads:
            assert f"{product.name('en')} (€{product.price_cents / 100:.2f})" in reads


def test_the_answer_comes_in_chinese(gateway: Gateway) -> None:
    mei = stage(gateway, "cust_mei", "zh")
    mei.allow(RECOMMENDATIONS)
    reads = asks(mei, "有什么推荐")
    assert "因为您买过粗陶茶壶：斑点马克杯（€36.00）。" in reads
    assert "因为您看过亚麻被套：羊毛毯（€89.00）。" in reads
    assert "通用推荐" in reads and "停止推荐" in reads


def test_nothing_that_fits_is_said_and_general_ones_follow(gateway: Gateway) -> None:
    noor = stage(gateway, "cust_noor")
    noor.allow(RECOMMENDATIONS)
    assert asks(noor).startswith(f"I found nothing that goes with what you bought or looked at. {EVERYBODYS}")


def test_who_was_not_asked_is_asked_once_and_then_answered(gateway: Gateway) -> None:
    ada = stage(gateway)
    asks(ada)
    assert ada.card["purpose"] == RECOMMENDATIONS
    assert "Because you bought Beeswax Candles" in ada.presses(ALLOW)
    assert gateway.gate_outcomes(ada.conversation) == ["refused:not_asked", "allowed"]


def test_a_yes_for_once_is_asked_for_again(gateway: Gateway) -> None:
    ada = stage(gateway)
    ada.allow(RECOMMENDATIONS, Scope.ONCE)
    assert "Because you" in asks(ada)
    ada.begin_turn()
    asks(ada)
    assert ada.card["purpose"] == RECOMMENDATIONS
    assert gateway.fill(ada.conversation, "[ANSWER_1]") == "[ANSWER_1]"


@pytest.mark.parametrize("choice", ["refuse", "object"])
def test_after_a_no_suggestions_are_general_and_nobody_asks(gateway: Gateway, choice: str) -> None:
    # Rule C2. Fails when ActionRecommend.without says a word about consent.
    ada = stage(gateway)
    ada.choose(RECOMMENDATIONS, choice)
    for _ in range(2):
        assert asks(ada) == f"{EVERYBODYS} Everybody gets these suggestions; nothing about you was used for them."
        assert (ada.card, ada.payloads) == (None, [])
    assert gateway.gate_outcomes(ada.conversation) == ["refused:refused"] * 2


def test_the_next_turn_obeys_a_withdrawal_and_the_suggestion_is_forgotten(gateway: Gateway) -> None:
    # Rule C2. Fails when ActionRecommend.tell keeps its answer under no purpose.
    ada = stage(gateway)
    ada.allow(RECOMMENDATIONS)
    asks(ada)
    ada.presses(STOP)
    assert gateway.consent_states(ada.conversation)[-1] == "ConsentWithdrawn"
    assert gateway.fill(ada.conversation, "[ANSWER_1]") == "[ANSWER_1]"
    assert asks(ada).startswith(EVERYBODYS)


def test_global_privacy_control_means_general_suggestions(gateway: Gateway) -> None:
    ada = stage(gateway)
    ada.allow(RECOMMENDATIONS)
    ada.send_gpc()
    assert asks(ada).startswith(EVERYBODYS)
    assert gateway.gate_outcomes(ada.conversation)[-1].startswith("refused:")
    assert ada.card is None


def test_who_is_not_signed_in_gets_general_suggestions_without_a_word_on_signing_in(gateway: Gateway) -> None:
    visitor = stage(gateway, None)
    reads = asks(visitor)
    assert reads.startswith(EVERYBODYS)
    assert "sign in" not in reads
    assert "本店商品：海草编织篮（€39.00）" in asks(stage(gateway, None, "zh"))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("something to go with my kettle", "These go with Copper Kettle: Stoneware Teapot (€42.00), Speckled Mugs"),
        ("what goes with the chopping board?", "These go with Oak Chopping Board: Chef's Knife (€79.00)."),
        ("有什么搭配我的水壶的", "和铜质水壶搭配的有：粗陶茶壶（€42.00）"),
        ("general suggestions", EVERYBODYS),
        ("recommend something without using my purchases", EVERYBODYS),
        ("通用推荐", "本店商品：海草编织篮（€39.00）"),
    ],
)
def test_a_question_that_says_enough_by_itself_needs_nothing_personal(
    gateway: Gateway, text: str, expected: str
) -> None:
    # Fails when ActionRecommend.act asks the gate first.
    ada = stage(gateway)
    assert asks(ada, text).startswith(expected)
    assert gateway.gate_outcomes(ada.conversation) == []


def test_a_shop_that_cannot_say_what_was_bought_is_admitted(gateway: Gateway) -> None:
    class HalfDown(DemoShop):
        async def suggestions(self, grant: object) -> Any:
            raise ConnectionError("shop is down")

    gateway.shop = HalfDown(gateway.database)
    ada = stage(gateway)
    ada.allow(RECOMMENDATIONS)
    assert asks(ada).startswith(f"I cannot look at what you bought or looked at right now. {EVERYBODYS}")


@pytest.mark.parametrize("text", ["what would you recommend?", "something to go with my kettle"])
def test_a_shop_that_says_nothing_at_all_is_admitted(gateway: Gateway, text: str) -> None:
    class Down:
        def __getattr__(self, name: str) -> Any:
            async def call(*_: object) -> Any:
                raise ConnectionError("shop is down")

            return call

    gateway.shop = Down()  # type: ignore[assignment]
    ada = stage(gateway)
    ada.allow(RECOMMENDATIONS)
    assert asks(ada, text).endswith("I cannot suggest anything right now. The shop page shows all products.")
