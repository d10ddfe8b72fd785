"""The purposes beside the orders, on the whole product: real engine, database and HTTP, in both languages."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.running import Gateway, Visitor, customer, text_of
from tests.tools import need

CHOOSES = {"en": "cust_ada", "zh": "cust_mei"}
REFUSES = {"en": "cust_bruno", "zh": "cust_noor"}
SUGGESTED = "cust_omar"
"""Choices are the customer's and outlive a conversation, so nobody chooses the same thing in two tests."""

QUESTIONS = {
    "account_details": {"en": "which e-mail address do you have for me?", "zh": "我账户里登记的邮箱是什么"},
    "recommendations": {"en": "what would you recommend?", "zh": "有什么推荐"},
    "contact_by_email": {"en": "can you e-mail me the answer?", "zh": "可以发邮件告诉我吗"},
}
WITH = {
    "account_details": {"en": "ada@example.com", "zh": "mei@example.com"},
    "recommendations": {"en": "Because you bought Beeswax Candles", "zh": "因为您买过粗陶茶壶"},
    "contact_by_email": {"en": "I have asked a colleague to answer you by e-mail", "zh": "我已请同事通过邮件答复您"},
}
WITHOUT = {
    "account_details": {"en": "sign in and open “My account”", "zh": "登录后打开“我的账户”"},
    "recommendations": {"en": "nothing about you was used", "zh": "没有使用您的任何资料"},
    "contact_by_email": {"en": "Write “answer me at”", "zh": "请写“答复请发到”"},
}
WITHDRAWALS = {
    "account_details": {"en": "stop using my account details", "zh": "停止使用我的账户资料"},
    "recommendations": {"en": "stop recommending me things", "zh": "停止推荐"},
    "contact_by_email": {"en": "stop e-mailing me", "zh": "不要再用我的邮箱"},
}


@pytest.fixture(scope="module")
def gateway(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gateway]:
    need("engine", "model", "web")
    gateway = Gateway(tmp_path_factory.mktemp("purposes"), {}).start()
    yield gateway
    gateway.stop()


def press(visitor: Visitor, payload: str) -> str:
    return text_of(visitor.ask(payload))


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("purpose", list(QUESTIONS))
def test_each_purpose_is_asked_for_answered_under_consent_and_given_up_in_words(
    gateway: Gateway, purpose: str, language: str
) -> None:
    """Falls when a purpose's action, rule, button or words no longer fit together."""
    visitor = customer(gateway, CHOOSES[language], language)
    question = QUESTIONS[purpose][language]
    asked = visitor.ask(question)[-1]
    assert asked["consent_request"]["purpose"] == purpose
    assert WITH[purpose][language] not in asked["text"]
    allow, refuse = (button["payload"] for button in asked["buttons"])
    assert WITH[purpose][language] in press(visitor, allow)
    visitor.ask(WITHDRAWALS[purpose][language])
    states = {one["purpose"]: one["state"] for one in visitor.call("GET").json()["consents"]}
    assert states[purpose] == "withdrawn"
    after = visitor.ask(question)[-1]
    assert WITHOUT[purpose][language] in after["text"] and after["consent_request"] is None


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("purpose", list(QUESTIONS))
def test_each_purpose_refused_is_helped_without_and_not_asked_for_again(
    gateway: Gateway, purpose: str, language: str
) -> None:
    visitor = customer(gateway, REFUSES[language], language)
    question = QUESTIONS[purpose][language]
    press(visitor, visitor.ask(question)[-1]["buttons"][1]["payload"])
    again = visitor.ask(question)[-1]
    assert WITHOUT[purpose][language] in again["text"]
    assert again["consent_request"] is None


def test_general_suggestions_are_a_button_away(gateway: Gateway) -> None:
    visitor = customer(gateway, SUGGESTED)
    allow = visitor.ask("what would you recommend?")[-1]["buttons"][0]["payload"]
    suggested = visitor.ask(allow)[-1]
    assert "Because you bought" in suggested["text"]
    general, stop = (button["payload"] for button in suggested["buttons"])
    assert "nothing about you was used" in press(visitor, general)
    press(visitor, stop)
    states = {one["purpose"]: one["state"] for one in visitor.call("GET").json()["consents"]}
    assert states["recommendations"] == "withdrawn"


def test_the_desk_is_given_the_address_that_the_visitor_wrote(gateway: Gateway) -> None:
    visitor = Visitor(gateway).open()
    visitor.ask("please answer me at lena@example.com")
    assert visitor.call("GET").json()["handoff"]["contact_left"] is True
    told = [one["data"]["text"] for one in visitor.events() if one["event"] == "message"]
    assert any("lena@example.com" in text for text in told)
