"""Who may call about a conversation: every route of it asks for its token, and heeds Global Privacy Control."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import requests

from bot.api.schemas.events import ConversationEvent
from bot.core.ids import new_id
from bot.db.models import ConversationRow, StaffRow
from bot.staff.accounts import staff_of
from tests.api import contract
from tests.http import EventStream, follow

BODIES: dict[str, Any] = {
    "/disclosure": {"version": "1", "language": "en"},
    "/messages": {"client_message_id": "m-1", "text": "Hello"},
    "/consent": {"purpose": "order_history", "choice": "refuse"},
    "/merge": {"keep": True},
    "/contact": {"address": "ann@example.com"},
    "/identity": {"identity_token": None},
    "/contest": {},
    "/values/{item_id}": {"value": "ann@example.com"},
    "/erasure": {"what": "conversation"},
}
OURS = {
    label: (path, method)
    for label, (path, method) in contract.OPERATIONS.items()
    if "conversation" in str(contract.DOCUMENT["paths"][path][method].get("security"))
}
STREAM = "GET /api/conversations/{conversation_id}/events"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[contract.Site]:
    with contract.site(tmp_path_factory.mktemp("access")) as site:
        yield site


def call(site: contract.Site, label: str, **headers: str) -> requests.Response:
    path, method = OURS[label]
    body = next((body for end, body in BODIES.items() if path.endswith(end)), None)
    for name, values in site.ids.items():
        path = path.replace(f"{{{name}}}", values[0])
    return requests.request(method, site.base + path, json=body, headers=headers, timeout=20)


def test_most_of_the_visitors_routes_are_about_a_conversation() -> None:
    assert len(OURS) > 15


@pytest.mark.parametrize("label", OURS)
def test_without_its_token_a_conversation_is_closed(site: contract.Site, label: str) -> None:
    for none in ({}, {"Authorization": ""}, {"Authorization": "Bearer "}, {"Authorization": "Basic abc"}):
        answer = call(site, label, **none)
        assert (answer.status_code, answer.json()["error"]["code"]) == (401, "not_signed_in"), none
    answer = call(site, label, Authorization="Bearer wrong")
    assert (answer.status_code, answer.json()["error"]["code"]) == (404, "conversation_unknown")


@pytest.mark.parametrize("headers", [{}, {"Authorization": "Bearer "}, {"Authorization": "Basic abc"}])
def test_a_receipt_asks_for_a_token(site: contract.Site, headers: dict[str, str]) -> None:
    answer = requests.get(f"{site.base}/api/erasures/req_1", headers=headers, timeout=20)
    assert (answer.status_code, answer.json()["error"]["code"]) == (401, "not_signed_in")


@pytest.mark.parametrize("label", [label for label in OURS if label != STREAM])
def test_every_call_turns_global_privacy_control_on(site: contract.Site, label: str) -> None:
    token = site.converse()
    (conversation_id,) = site.ids["conversation_id"]
    assert not gpc(site, conversation_id)
    call(site, label, Authorization=f"Bearer {token}", **{"Sec-GPC": "1"})
    assert gpc(site, conversation_id)


def gpc(site: contract.Site, conversation_id: str) -> bool:
    with site.services.database.snapshot() as session:
        return session.get_one(ConversationRow, conversation_id).gpc


def test_only_loading_the_page_turns_global_privacy_control_off(site: contract.Site) -> None:
    token = site.converse()
    (conversation_id,) = site.ids["conversation_id"]
    bearer = {"Authorization": f"Bearer {token}"}
    load = "GET /api/conversations/{conversation_id}"
    assert call(site, load, **bearer, **{"Sec-GPC": "1"}).json()["gpc"]
    call(site, "PUT /api/conversations/{conversation_id}/merge", **bearer)
    assert gpc(site, conversation_id)
    assert not call(site, load, **bearer).json()["gpc"]
    assert not gpc(site, conversation_id)


def test_events_are_as_documented(site: contract.Site) -> None:
    bearer = {"Authorization": f"Bearer {site.converse()}"}
    url = f"{site.base}/api/conversations/{site.ids['conversation_id'][0]}"
    with site.services.database.snapshot() as session:
        agent = staff_of(session.get_one(StaffRow, site.staff["agent"]))
    with follow(f"{url}/events", bearer) as stream:
        kinds = read_until(stream, "contest")
        body = {"client_message_id": new_id("cli"), "text": "What about a refund?"}
        requests.post(f"{url}/messages", json=body, headers=bearer, timeout=20)
        kinds |= read_until(stream, "working")
        with site.services.database.transaction() as session:
            site.services.handoffs.claim(session, site.ids["handoff_id"][0], agent)
        kinds |= read_until(stream, "speaker")
    assert kinds == {"message", "handoff", "speaker", "consent", "contest", "working"}


def read_until(stream: EventStream, kind: str) -> set[str]:
    """The kinds of the events up to one of this kind, each checked."""
    kinds: set[str] = set()
    while kind not in kinds:
        event = stream.next()
        given = {"event": event.kind, "data": event.data} | ({"id": event.id} if event.id is not None else {})
        ConversationEvent.model_validate(given)
        kinds.add(event.kind)
    return kinds
