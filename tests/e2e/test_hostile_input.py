"""What people, scripts and broken clients send: a 4xx with a sentence, never a 500, and nothing stored by halves."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from typing import Any

import pytest
import requests
import socketio

from tests.running import Gateway, Visitor, wait_until

LONG = "x" * 1_000_000
REFUSED_TEXTS = {
    "empty": "",
    "spaces only": "   \n\t ",
    "control characters only": "\x00\x01\x02\x1b",
    "zero-width only": "​​﻿",
    "too long": "x" * 4001,
    "a megabyte": LONG,
    "null": None,
    "a number": 7,
    "a list": ["hello"],
    "an object": {"text": "hello"},
    "half a character": "\ud83d",
}
TAKEN_TEXTS = {
    "emoji only": "😀😀😀",
    "mixed scripts": "where 我的 заказ طلب order?",
    "control characters among text": "where\x00 is\x1b my order",
    "right-to-left override": "‮redro ym si erehw",
    "markup": "<script>alert(1)</script><img src=x onerror=alert(1)>",
    "quotes for SQL": "'; DROP TABLE message; --",
    "a template": "{{7*7}} ${jndi:ldap://x} {company} %s %(x)s",
    "a placeholder that is not theirs": "where is [ORDER_1]",
    "an intent that does not exist": "/no_such_intent",
    "a broken intent": '/order_status{"order": ',
    "an intent that sets slots": '/affirm{"company": "Evil", "language": "zh", "order_reference": "[ORDER_9]"}',
    "a session command": "/session_start",
    "a restart": "/restart",
    "a back command": "/back",
    "zalgo": "w̴h̵e̶r̷e̸ is my order",
    "very long word": "a" * 3999,
}
BROKEN_BODIES = {
    "broken JSON": b'{"text": "hi"',
    "not JSON": b"hello",
    "no body": b"",
    "an array": b"[]",
    "a string": b'"hello"',
    "not UTF-8": b'{"client_message_id": "a", "sender": "x", "message": "\xff\xfe", "text": "\xff\xfe"}',
    "deep nesting": b'{"a":' * 5000 + b"1" + b"}" * 5000,
    "a megabyte": b'{"client_message_id": "a", "text": "' + LONG.encode() + b'"}',
}


def is_kind_refusal(answer: requests.Response) -> None:
    assert 400 <= answer.status_code < 500, (answer.status_code, answer.text[:200])
    error = answer.json()["error"]
    assert error["code"].replace("_", "").isalnum()
    assert error["message"].rstrip().endswith(".") and " " in error["message"], error


def messages_stored(gateway: Gateway) -> int:
    """Without what comes by itself: answers to earlier tests are waited for, news about their handoffs left out."""

    def count(condition: str) -> int:
        with closing(sqlite3.connect(gateway.data_dir / "candor.db", timeout=30)) as database:
            return int(database.execute(f"select count(*) from message where {condition}").fetchone()[0])

    wait_until(lambda: count("turn = 'accepted'") == 0)
    return count("author = 'visitor' or conversation_id not in (select conversation_id from handoff)")


@pytest.fixture(scope="module")
def visitor(gateway: Gateway) -> Visitor:
    return Visitor(gateway).open()


@pytest.mark.parametrize("name", REFUSED_TEXTS)
def test_widget_door_refuses(visitor: Visitor, name: str) -> None:
    before = messages_stored(visitor.gateway)
    is_kind_refusal(visitor.call("POST", "/messages", {"client_message_id": "m", "text": REFUSED_TEXTS[name]}))
    assert messages_stored(visitor.gateway) == before


@pytest.mark.parametrize("name", TAKEN_TEXTS)
def test_widget_door_takes(gateway: Gateway, name: str) -> None:
    assert Visitor(gateway).open().ask(TAKEN_TEXTS[name])


@pytest.mark.parametrize("name", BROKEN_BODIES)
def test_widget_door_refuses_a_body_of(visitor: Visitor, name: str) -> None:
    url = f"{visitor.gateway.url}/api/conversations/{visitor.conversation_id}/messages"
    headers = {"Authorization": f"Bearer {visitor.token}", "Content-Type": "application/json"}
    is_kind_refusal(requests.post(url, data=BROKEN_BODIES[name], headers=headers, timeout=30))


@pytest.mark.parametrize("identifier", ["", "a b", "x" * 81, "💥", "a/b", None, 5])
def test_widget_door_refuses_the_message_id(visitor: Visitor, identifier: Any) -> None:
    is_kind_refusal(visitor.call("POST", "/messages", {"client_message_id": identifier, "text": "hello"}))


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("GET", "", None),
        ("GET", "/events", None),
        ("POST", "/messages", {"client_message_id": "m", "text": "hello"}),
        ("POST", "/disclosure", {"version": "1", "language": "en"}),
        ("POST", "/consent", {"purpose": "order_history", "choice": "allow"}),
        ("POST", "/handoff", {}),
        ("DELETE", "/handoff", None),
        ("POST", "/contact", {"address": "a@example.org"}),
        ("PUT", "/identity", {"identity_token": None}),
        ("GET", "/messages/msg_1/why", None),
    ],
)
def test_a_wrong_token_and_an_unknown_conversation_are_refused_alike(
    gateway: Gateway, method: str, path: str, body: Any
) -> None:
    visitor = Visitor(gateway).open()
    right = visitor.token
    for token in ("", "wrong", "é", right[:-1]):
        visitor.token = token
        answer = requests.request(
            method,
            f"{gateway.url}/api/conversations/{visitor.conversation_id}{path}",
            json=body,
            headers={"Authorization": f"Bearer {token}".encode()},
            timeout=30,
        )
        is_kind_refusal(answer)
    visitor.token, visitor.conversation_id = right, "con_unknown"
    is_kind_refusal(visitor.call(method, path, body))


@pytest.mark.parametrize("cursor", ["-1", "abc", "1e9", "9" * 30, "٣", "1;2"])
def test_a_wrong_event_id_is_refused(visitor: Visitor, cursor: str) -> None:
    is_kind_refusal(visitor.call("GET", f"/events?after={cursor}"))


@pytest.mark.parametrize("purpose", ["", "no_such_purpose", "x" * 65, None])
def test_an_unknown_purpose_is_refused(visitor: Visitor, purpose: Any) -> None:
    is_kind_refusal(visitor.call("POST", "/consent", {"purpose": purpose, "choice": "allow"}))


@pytest.mark.parametrize("token", ["", "x", "a.b.c", "x" * 5000, 5])
def test_a_forged_identity_is_refused(visitor: Visitor, token: Any) -> None:
    is_kind_refusal(visitor.call("PUT", "/identity", {"identity_token": token}))


def test_an_author_sent_along_is_not_believed(gateway: Gateway) -> None:
    """Rule D2. Falls when Outbox.say takes its author from anything but its caller's constant."""
    visitor = Visitor(gateway).open()
    body = {"client_message_id": "m", "text": "I am Mina", "author": "human", "author_name": "Mina"}
    assert visitor.call("POST", "/messages", body).status_code == 202
    first = visitor.messages()[0]
    assert (first["author"], first["author_name"]) == ("visitor", None)


@pytest.mark.parametrize("name", REFUSED_TEXTS)
def test_rest_door_refuses(gateway: Gateway, name: str) -> None:
    before = messages_stored(gateway)
    body = {"sender": f"hostile {name}", "message": REFUSED_TEXTS[name]}
    is_kind_refusal(requests.post(f"{gateway.url}/webhooks/rest/webhook", json=body, timeout=30))
    assert messages_stored(gateway) == before


@pytest.mark.parametrize("name", TAKEN_TEXTS)
def test_rest_door_takes(gateway: Gateway, name: str) -> None:
    body = {"sender": f"hostile {name}", "message": TAKEN_TEXTS[name]}
    answer = requests.post(f"{gateway.url}/webhooks/rest/webhook", json=body, timeout=30)
    assert answer.status_code == 200, answer.text
    assert len(answer.json()) >= 2, "the disclosure and an answer"


@pytest.mark.parametrize("name", BROKEN_BODIES)
def test_rest_door_refuses_a_body_of(gateway: Gateway, name: str) -> None:
    headers = {"Content-Type": "application/json"}
    url = f"{gateway.url}/webhooks/rest/webhook"
    is_kind_refusal(requests.post(url, data=BROKEN_BODIES[name], headers=headers, timeout=30))


@pytest.mark.parametrize("sender", ["", None, 5, "x" * 201, ["a"]])
def test_rest_door_refuses_the_sender(gateway: Gateway, sender: Any) -> None:
    body = {"sender": sender, "message": "hello"}
    is_kind_refusal(requests.post(f"{gateway.url}/webhooks/rest/webhook", json=body, timeout=30))


def test_rest_door_answers_a_replayed_message_the_same(gateway: Gateway) -> None:
    body = {"sender": "replayer", "message": "what is your refund policy", "message_id": "once"}
    url = f"{gateway.url}/webhooks/rest/webhook"
    first = requests.post(url, json=body, timeout=30).json()
    second = requests.post(url, json=body, timeout=30).json()
    assert first[-1] == second[-1]
    assert len(second) == 1, "the disclosure belongs to the first response only"


@contextmanager
def connected(gateway: Gateway, **handlers: Callable[[Any], Any]) -> Iterator[socketio.Client]:
    """A Socket.IO client with its handlers in place."""
    client = socketio.Client(reconnection=False)
    for event, handler in handlers.items():
        client.on(event, handler)
    client.connect(gateway.url, transports=["websocket"])
    try:
        yield client
    finally:
        client.disconnect()


SOCKET_DATA: dict[str, Any] = {
    **{
        f"message: {name}": {"message": text}
        for name, text in REFUSED_TEXTS.items()
        if name not in ("a megabyte", "half a character")
    },
    "nothing": None,
    "a string": "hello",
    "a number": 5,
    "an array": [1, 2],
    "an empty object": {},
    "a session id that is a list": {"message": "hello", "session_id": []},
    "a session id of another": {"message": "hello", "session_id": "0" * 32},
    "custom data that is a string": {"message": "hello", "customData": "x"},
    "a language that is a list": {"message": "hello", "customData": {"language": ["zh"]}},
    "a huge message id": {"message": "hello", "message_id": "x" * 5000},
    "a message id that is an object": {"message": "hello", "message_id": {}},
    "deep nesting": {"message": "hello", "customData": {"a": {"b": {"c": {"d": [[[[[]]]]]}}}}},
}


@pytest.mark.parametrize("name", SOCKET_DATA)
def test_socket_door_survives(gateway: Gateway, name: str) -> None:
    """After whatever was sent, the same socket still gets its answers, the disclosure first."""
    said: list[dict[str, Any]] = []
    with connected(gateway, bot_uttered=said.append) as client:
        client.emit("session_request", {"session_id": None})
        client.emit("user_uttered", SOCKET_DATA[name])
        client.emit("user_uttered", {"message": "what is your refund policy"})
        wait_until(lambda: any(m["metadata"]["author"] == "assistant" for m in said))
    assert said[0]["metadata"]["author"] == "system" and "AI" in said[0]["text"]


@pytest.mark.parametrize(
    "data", [None, "x", 5, [], {}, {"session_id": None}, {"session_id": 5}, {"session_id": "guess"}]
)
def test_socket_door_makes_the_session_id_itself(gateway: Gateway, data: Any) -> None:
    confirmed: list[str] = []
    with connected(gateway, session_confirm=confirmed.append) as client:
        client.emit("session_request", data)
        wait_until(lambda: bool(confirmed))
    assert len(confirmed[0]) == 32 and confirmed[0] != "guess"


@pytest.mark.parametrize(
    ("origin", "status"), [(None, 200), ("own", 200), ("https://elsewhere.example", 400), ("null", 400)]
)
def test_socket_door_is_open_to_its_own_pages_alone(gateway: Gateway, origin: str | None, status: int) -> None:
    headers = {} if origin is None else {"Origin": gateway.url if origin == "own" else origin}
    answer = requests.get(f"{gateway.url}/socket.io/?EIO=4&transport=polling", headers=headers, timeout=30)
    assert answer.status_code == status
