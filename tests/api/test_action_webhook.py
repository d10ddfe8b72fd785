"""The webhook the engine calls: Rasa's contract, a token, and honest errors."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from rasa_sdk.interfaces import ActionExecutionRejection

from tests.actions.calls import call
from tests.actions.gateway import Door, Gateway

TOKEN = {"X-Candor-Token": "secret"}


@pytest.fixture
def gateway(tmp_path: Path) -> Iterator[Gateway]:
    gateway = Gateway(tmp_path)
    yield gateway
    gateway.close()


@pytest.fixture
def door(gateway: Gateway) -> Door:
    return gateway.open_door("secret")


def test_every_action_of_the_contract_is_there(door: Door) -> None:
    assert set(door.get("/health").json()["actions"]) == {
        "action_order_status", "action_refund_status", "action_which_order", "action_affirm", "action_deny",
        "action_explain", "action_not_understood", "action_product_answer", "validate_product_form",
        "action_account_details", "action_recommend", "action_contact_by_email",
    }  # fmt: skip


@pytest.mark.parametrize("headers", [{}, {"X-Candor-Token": "wrong"}, {"X-Candor-Token": ""}])
def test_without_the_token_nothing_runs(door: Door, gateway: Gateway, headers: dict[str, str]) -> None:
    conversation = gateway.converse("cust_ada")
    answer = door.post("/webhook", json=call("action_order_status", conversation), headers=headers)
    assert answer.status_code == 401
    assert gateway.gate_outcomes(conversation) == []


def test_candor_actions_needs_no_token_and_answers_impersonally(gateway: Gateway) -> None:
    door = gateway.open_door()
    for action in door.get("/health").json()["actions"]:
        answer = door.post("/webhook", json=call(action, "rasa-shell-sender", "hello"))
        assert answer.status_code == 200, action
        if action.startswith("action_"):
            assert answer.json()["responses"], action
            assert all("[ANSWER" not in each["text"] for each in answer.json()["responses"])


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 400),
        (b"{", 400),
        (b"null", 400),
        (b"[]", 400),
        (b'"text"', 400),
        (b"{}", 400),
        (b'{"next_action": "action_order_status"}', 400),
        (b'{"next_action": "action_order_status", "tracker": null}', 400),
        (b'{"next_action": "action_order_status", "tracker": {"sender_id": 7}, "domain": {}}', 400),
        (b'{"next_action": "", "tracker": {"sender_id": "x"}, "domain": {}}', 400),
        (b'{"next_action": "action_nonsense", "tracker": {"sender_id": "x"}, "domain": {}}', 404),
        (b"\xff\xfe", 400),
    ],
)
def test_a_bad_call_is_refused_with_a_sentence(door: Door, body: bytes, status: int) -> None:
    answer = door.post("/webhook", data=body, headers=TOKEN)
    assert answer.status_code == status
    assert answer.json()["error"]


@pytest.mark.parametrize("domain", [{"domain": None}, {}])
def test_a_call_without_the_domain_runs_as_rasas_selective_domain_needs(
    door: Door, gateway: Gateway, domain: dict[str, Any]
) -> None:
    body = call("action_order_status", gateway.converse("cust_ada"))
    del body["domain"]
    assert door.post("/webhook", json={**body, **domain}, headers=TOKEN).status_code == 200


def test_an_action_that_raises_is_a_500_without_the_visitors_words(
    gateway: Gateway, caplog: pytest.LogCaptureFixture
) -> None:
    door = gateway.open_door()
    _register(door.app, "action_broken", ValueError("visitor wrote 4111 1111 1111 1111"))
    answer = door.post("/webhook", json=call("action_broken", "x"))
    assert answer.status_code == 500
    assert answer.json() == {"error": "action_broken failed: ValueError", "action_name": "action_broken"}
    assert "4111" not in caplog.text


def test_a_rejected_action_is_a_400_as_rasa_expects(gateway: Gateway) -> None:
    door = gateway.open_door()
    _register(door.app, "action_rejecting", ActionExecutionRejection("action_rejecting", "not now"))
    answer = door.post("/webhook", json=call("action_rejecting", "x"))
    assert answer.status_code == 400
    assert answer.json() == {"error": "not now", "action_name": "action_rejecting"}


def _register(app: Any, name: str, error: Exception) -> None:
    async def run(dispatcher: Any, tracker: Any, domain: Any) -> list[Any]:
        raise error

    app.state.executor.register_function(name, run)
