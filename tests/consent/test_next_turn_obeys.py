"""Every customer, every purpose, everything that may happen to a consent: the very next turn obeys (rules C1, C2)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
import yaml
from sqlalchemy import text, update

from bot.consent import Grant
from bot.core.ids import now
from bot.db.models import ConsentRow
from bot.policies import Document, in_force, purposes, put_in_force
from tests import transactions
from tests.actions.gateway import Gateway
from tests.actions.stage import Stage
from tests.consent.traced import personal_reads

CUSTOMERS = ("ada", "bruno", "mei", "omar", "noor")
IN_TURN = list(zip(CUSTOMERS, ("en", "zh", "en", "zh", "en"), strict=True))
IN_BOTH = [(customer, language) for customer in CUSTOMERS for language in ("en", "zh")]
VISITORS = [pytest.param(IN_TURN, id="a language each"), pytest.param(IN_BOTH, id="both", marks=pytest.mark.long)]
QUESTIONS = {
    "order_history": ("where is my order?", "我的订单到哪了？", "order_status"),
    "account_details": ("which address do you have for me?", "你们登记的地址是什么？", "account_details"),
    "recommendations": ("what would you recommend?", "有什么推荐吗？", "recommend"),
    "contact_by_email": ("can you e-mail me the answer?", "可以发邮件告诉我吗？", "contact_by_email"),
}
"""A question for each purpose that an action of ours reads data for; `improvement` is read by reviewers' tools."""
WITHDRAWN = ("stop using this, please", "请不要再用了")


@pytest.fixture(autouse=True)
def published() -> Iterator[None]:
    before = tuple(in_force().documents.values())
    yield
    put_in_force(before)


def change_terms(purpose: str) -> None:
    """Publish that one more sort of data is read for `purpose`."""
    document = in_force().purposes
    content = yaml.safe_load(document.text)
    content["purposes"][purpose]["dpv"]["processing"].append("dpv:Store")
    changed: Document = replace(document, text=yaml.safe_dump(content, allow_unicode=True), version="2027-01-01")
    put_in_force((*(d for d in in_force().documents.values() if d is not document), changed))


def run_out(gateway: Gateway) -> None:
    over = now() - timedelta(seconds=1)
    transactions.write(gateway.database, lambda s: s.execute(update(ConsentRow).values(valid_until=over)))


def happen(stage: Stage, purpose: str, event: str) -> None:
    if event == "refuse":
        stage.presses(f'/refuse_consent{{"purpose": "{purpose}"}}')
        return
    stage.presses(f'/allow_consent{{"purpose": "{purpose}", "scope": "until_withdrawn"}}')
    if event == "withdraw":
        stage.says(WITHDRAWN[stage.language == "zh"], withdraw=0.95)
    elif event == "expire":
        run_out(stage.gateway)
    elif event == "policy":
        change_terms(purpose)
    elif event == "gpc":
        stage.send_gpc()


def ask(stage: Stage, purpose: str) -> tuple[str, int]:
    """Put the question; the answer, and how often a customer's rows were read."""
    english, chinese, intent = QUESTIONS[purpose]
    stage.begin_turn()
    with personal_reads(stage.gateway.database) as reads:
        answer = stage.visitor(chinese if stage.language == "zh" else english, intent, f"action_{intent}")
    return answer, len(reads)


@pytest.mark.parametrize("event", ["nothing", "grant", "refuse", "withdraw", "expire", "policy", "gpc"])
@pytest.mark.parametrize("purpose", QUESTIONS)
@pytest.mark.parametrize("visitors", VISITORS)
def test_the_next_turn_obeys(gateway: Gateway, visitors: list[tuple[str, str]], purpose: str, event: str) -> None:
    for customer, language in visitors:
        stage = Stage(gateway, gateway.converse(f"cust_{customer}", language), language, secrets=())
        if event != "nothing":
            ask(stage, purpose)
            happen(stage, purpose, event)
        allowed = event == "grant" or (event == "gpc" and purposes()[purpose].under_gpc)
        answer, reads = ask(stage, purpose)
        told = (customer, language, answer)
        assert (reads > 0) == allowed, told
        assert (stage.card is not None) == (event in ("nothing", "expire", "policy")), told
        transactions.write(gateway.database, lambda s: s.execute(text("DELETE FROM consent_event")))


@pytest.mark.parametrize("event", ["nothing", "grant", "refuse", "withdraw", "expire", "policy", "gpc"])
@pytest.mark.parametrize("visitors", VISITORS)
def test_the_gate_obeys_for_conversations_too(gateway: Gateway, visitors: list[tuple[str, str]], event: str) -> None:
    for customer, language in visitors:
        stage = Stage(gateway, gateway.converse(f"cust_{customer}", language), language, secrets=())
        if event == "refuse":
            stage.choose("improvement", "refuse")
        elif event != "nothing":
            stage.choose("improvement", "allow")
            stage.choose("improvement", "withdraw") if event == "withdraw" else None
            run_out(gateway) if event == "expire" else None
            change_terms("improvement") if event == "policy" else None
            stage.send_gpc() if event == "gpc" else None
        assert isinstance(gateway.ask(stage.conversation, "improvement"), Grant) == (event == "grant")
        transactions.write(gateway.database, lambda s: s.execute(text("DELETE FROM consent_event")))


def test_every_purpose_is_asked_about_here() -> None:
    assert {*QUESTIONS, "improvement"} == set(purposes())
