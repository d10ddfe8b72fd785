"""On every channel a returning visitor is told what changed; and a running gateway takes up what others publish."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests
import socketio
from sqlalchemy import select

from bot.core.settings import POLICY_DRAFTS
from bot.db.models import ConsentRow
from bot.policies import drafts, put_in_force
from tests.policies.drafting import MOVED, OTHER_DATA
from tests.policies.site import Site, Visitor, running
from tests.running import wait_until

TOLD = "Our privacy notice has changed: We moved. You can read it here: /policies/privacy/"


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    """A running gateway with a folder of drafts of its own."""
    folder = Path(shutil.copytree(POLICY_DRAFTS, tmp_path / "drafts"))
    with running(tmp_path / "data", folder) as found:
        yield found
    put_in_force(drafts())


def test_the_widget_is_told_when_it_comes_back(site: Site) -> None:
    visitor = Visitor(site).open()
    before = visitor.call("GET").json()
    assert before["policy"]["url"] == "/policies/privacy/2026-11-27?language=en"
    version = site.publish(*MOVED).version
    after = visitor.call("GET").json()
    assert after["policy"]["version"] == version
    assert after["last_event_id"] == before["last_event_id"] + 1
    assert visitor.call("GET").json()["last_event_id"] == after["last_event_id"]
    with visitor.follow() as stream:
        message = stream.next("message").data
    assert (message["author"], message["text"]) == ("system", f"{TOLD}{version}?language=en")
    assert site.get(after["policy"]["url"]).status_code == 200


def test_the_widget_that_stayed_open_is_told_with_the_next_message(site: Site) -> None:
    visitor = Visitor(site).open()
    with visitor.follow() as stream:
        site.publish(*MOVED)
        visitor.call("POST", "/messages", {"client_message_id": "cli_1", "text": "refund?"})
        authors = [stream.next("message").data["author"] for _ in range(3)]
    assert authors == ["system", "visitor", "assistant"]


def test_a_conversation_that_was_opened_before_and_disclosed_after_is_told_nothing(site: Site) -> None:
    opened = requests.post(f"{site.base}/api/conversations", json={"language": "en"}, timeout=20).json()
    visitor = Visitor(site, id=opened["conversation_id"])
    visitor.session.headers["Authorization"] = f"Bearer {opened['token']}"
    site.publish(*MOVED)
    assert visitor.call("GET").json()["last_event_id"] == 0
    visitor.call("POST", "/disclosure", {"version": opened["disclosure"]["version"], "language": "en"})
    assert visitor.call("GET").json()["last_event_id"] == 0


def test_a_rest_client_is_told_first_and_once(site: Site) -> None:
    def send(text: str) -> list[tuple[str, str]]:
        body = {"sender": "ada", "message": text}
        answer = requests.post(f"{site.base}/webhooks/rest/webhook", json=body, timeout=20).json()
        return [(one["metadata"]["author"], one["text"]) for one in answer]

    assert [author for author, _ in send("refund?")] == ["system", "assistant"]
    version = site.publish(*MOVED).version
    told, answered = send("refund?")
    assert told == ("system", f"{TOLD}{version}?language=en") and answered[0] == "assistant"
    assert [author for author, _ in send("refund?")] == ["assistant"]


def test_a_socket_io_client_is_told_when_it_comes_back(site: Site) -> None:
    def connect(session_id: str | None) -> tuple[socketio.SimpleClient, str]:
        client = socketio.SimpleClient()
        client.connect(site.base, transports=["websocket"])
        client.emit("session_request", {"session_id": session_id} if session_id else {})
        name, confirmed = client.receive(timeout=20)
        assert name == "session_confirm"
        return client, confirmed

    def heard(client: socketio.SimpleClient) -> Any:
        name, message = client.receive(timeout=20)
        assert name == "bot_uttered"
        return message

    client, session_id = connect(None)
    assert heard(client)["text"].startswith("You are talking to an AI")
    client.disconnect()
    version = site.publish(*MOVED).version
    client, again = connect(session_id)
    assert again == session_id and heard(client)["text"] == f"{TOLD}{version}?language=en"
    client.emit("user_uttered", {"message": "refund?"})
    assert heard(client)["metadata"]["author"] == "assistant"
    client.disconnect()


def test_a_running_gateway_takes_up_what_another_process_published_and_ends_its_consents(site: Site) -> None:
    visitor = Visitor(site).open()
    allow = {"choice": "allow", "scope": "until_withdrawn"}
    for purpose in ("order_history", "improvement"):
        visitor.call("POST", "/consent", {"purpose": purpose, **allow})
    edit_and_publish(site)

    def ended() -> list[str]:
        query = select(ConsentRow.purpose).where(ConsentRow.state == "ConsentInvalidated")
        with site.services.database.snapshot() as session:
            return list(session.scalars(query))

    wait_until(ended)
    assert ended() == ["order_history"]
    state = visitor.call("GET").json()
    assert state["policy"]["version"] != "2026-11-27"
    assert {one["purpose"]: one["state"] for one in state["consents"] if one["state"] != "none"} == {
        "order_history": "invalidated", "improvement": "given",
    }  # fmt: skip
    with visitor.follow() as stream:
        kinds = [(event.kind, event.data.get("state")) for event in (stream.next() for _ in range(4))]
    assert kinds == [("consent", "given"), ("consent", "given"), ("consent", "invalidated"), ("message", None)]


def edit_and_publish(site: Site) -> None:
    """With the command, in a process of its own: a new address, which the notices quote, and other data."""
    for file, old, new in (MOVED, OTHER_DATA):
        path = site.folder / file
        path.write_text(path.read_text("utf-8").replace(old, new), "utf-8")
    done = site.candor("policy", "publish", "--change", "We moved.", "--change-zh", "我们搬家了。")
    assert done.returncode == 0, done.stderr
    assert "order_history: ends 1 consent in force." in done.stdout
