"""Explanations, fallback and products through the action webhook."""

from __future__ import annotations

from typing import Any

import pytest

from tests.actions.calls import call, said
from tests.actions.gateway import Door, Gateway

RANKING = [
    {"name": name, "confidence": 0.2}
    for name in ("nlu_fallback", "invoice", "greeting", "stock", "complaint", "privacy")
]


@pytest.fixture
def door(gateway: Gateway) -> Door:
    return gateway.open_door()


def run(door: Door, *args: Any, **options: Any) -> dict[str, Any]:
    response = door.post("/webhook", json=call(*args, **options))
    assert response.status_code == 200, response.text
    answer: dict[str, Any] = response.json()
    return answer


def test_not_understood_offers_likely_topics_and_a_human(gateway: Gateway, door: Door) -> None:
    answer = run(door, "action_not_understood", gateway.converse(), "blorb", "nlu_fallback", ranking=RANKING)
    payloads = [button["payload"] for button in answer["responses"][0]["buttons"]]
    assert payloads == ["/invoice", "/stock", "/complaint", "/request_human"]


def test_twice_not_understood_puts_the_human_first(gateway: Gateway, door: Door) -> None:
    before = [said("blorb", "nlu_fallback")]
    answer = run(
        door, "action_not_understood", gateway.converse(), "blorb", "nlu_fallback", before=before, ranking=RANKING
    )
    assert answer["responses"][0]["buttons"][0]["payload"] == "/request_human"
    assert "A person can help you" in answer["responses"][0]["text"]


def test_understood_in_between_starts_afresh(gateway: Gateway, door: Door) -> None:
    before = [said("blorb", "nlu_fallback"), said("hello", "greeting")]
    answer = run(door, "action_not_understood", gateway.converse(), "blorb", "nlu_fallback", before=before)
    assert answer["responses"][0]["buttons"][-1]["payload"] == "/request_human"
    assert len(answer["responses"][0]["buttons"]) == 4


def test_an_explanation_comes_from_the_records_and_past_the_engine(gateway: Gateway, door: Door) -> None:
    conversation = gateway.converse()
    gateway.explained_turn(conversation, "msg_1")
    answer = run(door, "action_explain", conversation, "why?", "why_did_you_say_that")
    assert answer["responses"][0]["text"] == "[ANSWER_1]"
    assert "90" in gateway.fill(conversation, "[ANSWER_1]")


@pytest.mark.parametrize(
    ("product", "language", "expected"),
    [
        ("is the copper kettle in stock", "en", "Copper Kettle, €69.00."),
        ("skillet", "en", "out of stock"),
        ("铜质水壶", "zh", "目前有货"),
        ("a spaceship", "en", "no product of that name"),
    ],
)
def test_products_are_answered_without_consent(
    gateway: Gateway, door: Door, product: str, language: str, expected: str
) -> None:
    conversation = gateway.converse()
    slots = {"product": product, "language": language}
    answer = run(door, "action_product_answer", conversation, "x", "stock", slots=slots)
    assert expected in answer["responses"][0]["text"]
    assert {"event": "slot", "timestamp": None, "name": "product", "value": None} in answer["events"]
    assert gateway.gate_outcomes(conversation) == []


def test_several_products_that_fit_are_offered(gateway: Gateway, door: Door) -> None:
    answer = run(door, "action_product_answer", gateway.converse(), "x", "stock", slots={"product": "kettle or teapot"})
    titles = [button["title"] for button in answer["responses"][0]["buttons"]]
    assert set(titles) == {"Copper Kettle", "Stoneware Teapot"}


@pytest.mark.parametrize(
    ("text", "requested", "kept"),
    [
        ("is the kettle in stock?", None, "is the kettle in stock?"),
        ("is it in stock?", None, None),
        ("the blue thing", "product", "the blue thing"),
    ],
)
def test_the_form_asks_only_when_no_product_was_named(
    gateway: Gateway, door: Door, text: str, requested: str | None, kept: str | None
) -> None:
    body = call("validate_product_form", gateway.converse(), text, "stock", slots={"requested_slot": requested})
    body["tracker"]["active_loop"] = {"name": "product_form"}
    body["tracker"]["slots"]["product"] = text
    body["tracker"]["events"].append({"event": "slot", "name": "product", "value": text, "timestamp": 2.0})
    answer = door.post("/webhook", json=body).json()
    slots = {event["name"]: event["value"] for event in answer["events"] if event["event"] == "slot"}
    assert slots["product"] == kept
