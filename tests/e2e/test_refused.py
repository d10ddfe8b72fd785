"""Whoever refuses everything still gets every answer that needs no personal data (rule C2)."""

from __future__ import annotations

from pathlib import Path

import pytest
import requests
import yaml

from bot.policies import purposes
from tests.running import Gateway, Visitor

ROOT = Path(__file__).resolve().parents[2]
QUESTIONS = {
    "en": [
        ("How many days until a parcel gets here?", "delivery_time"),
        ("Do you ship with express as well?", "delivery_options"),
        ("How do I send something back?", "return_order"),
        ("When do I get money back for things I return?", "refund_policy"),
        ("Do you take credit cards?", "payment_methods"),
        ("My card payment doesn't go through", "payment_trouble"),
        ("I forgot my password", "reset_password"),
        ("How do I sign up for an account?", "create_account"),
        ("How do I unsubscribe from your newsletter?", "newsletter"),
        ("Do you save what I write here?", "privacy"),
    ],
    "zh": [
        ("一般几天能送到？", "delivery_time"),
        ("有哪些配送方式？", "delivery_options"),
        ("怎么退货？", "return_order"),
        ("可以用支付宝付款吗？", "payment_methods"),
        ("付款失败了怎么办？", "payment_trouble"),
        ("忘记密码了", "reset_password"),
        ("怎么注册账户？", "create_account"),
        ("怎么取消订单？", "cancel_order"),
        ("可以开发票吗？", "invoice"),
        ("你们会记录聊天内容吗？", "privacy"),
    ],
}


def answer_of(intent: str, language: str) -> str:
    """The text that the domain gives for this intent."""
    for path in sorted((ROOT / "domain").glob("*.yml")):
        variants = (yaml.safe_load(path.read_text("utf-8")).get("responses") or {}).get(f"utter_{intent}")
        for variant in variants or ():
            condition = variant.get("condition")
            if bool(condition) == (language == "zh"):
                return str(variant["text"]).replace("{company}", "Fern & Hale")
    raise AssertionError(f"utter_{intent} is missing in {language}")


@pytest.mark.parametrize("language", QUESTIONS)
def test_refusing_everything_leaves_all_other_answers(gateway: Gateway, language: str) -> None:
    body = {"customer_id": "cust_noor"}
    token = requests.post(f"{gateway.url}/demo/sign-in", json=body, timeout=30).json()["identity_token"]
    visitor = Visitor(gateway, language, token).open()
    for purpose in purposes():
        assert visitor.call("POST", "/consent", {"purpose": purpose, "choice": "refuse"}).json()["state"] == "refused"
    wrong = []
    for text, intent in QUESTIONS[language]:
        replies = visitor.ask(text)
        said = " ".join(" ".join(reply["text"].split()) for reply in replies)
        if said != " ".join(answer_of(intent, language).split()):
            wrong.append((text, intent, said))
        assert not any(reply["consent_request"] for reply in replies)
    assert wrong == []
