"""Texts that no database or encoding takes, half a character or NUL, are refused at every door: never with a 500."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import jwt
import pytest
import requests
import socketio
from starlette.types import ASGIApp

from bot.app import create_app
from bot.core.ids import new_id, now
from bot.core.settings import Settings
from bot.core.text import storable
from bot.db import Database
from bot.services import Services, build
from bot.shop.identity import IdentityTokens
from bot.staff import create
from tests.http import serve
from tests.scripted import ScriptedEngine

SECRET = b"s" * 32
ODD = ("\ud800", "a\udfff", "\0", "a\0b")
FORBIDDEN = range(400, 500)


@dataclass
class Doors:
    base: str
    session: requests.Session
    conversation: str

    def send(self, method: str, path: str, body: Any = None) -> requests.Response:
        """`json=` of requests would refuse half a character itself."""
        data, headers = json.dumps(body).encode("ascii"), {"Content-Type": "application/json", "X-Candor": "1"}
        return self.session.request(method, f"{self.base}{path}", data=data, headers=headers, timeout=20)

    def here(self, method: str, path: str, body: Any = None) -> requests.Response:
        return self.send(method, f"/api/conversations/{self.conversation}{path}", body)

    def token(self, **changes: str) -> str:
        claims = {
            "aud": "candor",
            "sub": "ada",
            "name": "Ada",
            "jti": new_id("jti"),
            "exp": now() + timedelta(minutes=5),
        }
        return jwt.encode({**claims, **changes}, SECRET, algorithm="HS256")


@pytest.fixture
def doors(settings: Settings, any_database: Database) -> Iterator[Doors]:
    made: list[Services] = []

    def make() -> ASGIApp:
        services = build(settings.model_copy(update={"message_rate": 10_000}), any_database, ScriptedEngine())
        object.__setattr__(services, "identities", IdentityTokens(SECRET))
        made.append(services)
        return create_app(services)

    with serve(make) as base:
        session = requests.Session()
        opened = session.post(f"{base}/api/conversations", json={"language": "en"}).json()
        session.headers["Authorization"] = f"Bearer {opened['token']}"
        found = Doors(base, session, opened["conversation_id"])
        shown = {"version": opened["disclosure"]["version"], "language": "en"}
        assert found.here("POST", "/disclosure", shown).status_code == 204
        with any_database.transaction() as session:
            create(session, "mina", "Mina", ["agent"], "a-password-for-tests")
        yield found


def test_an_identity_token_that_holds_one_is_refused_as_any_bad_token(doors: Doors) -> None:
    for odd in ODD:
        for claim in ("sub", "name", "jti"):
            token = {"identity_token": doors.token(**{claim: odd})}
            for answer in (doors.send("POST", "/api/conversations", token), doors.here("PUT", "/identity", token)):
                assert (answer.status_code, answer.json()["error"]["code"]) == (401, "identity_token_invalid"), claim


def test_every_field_of_the_visitors_api_refuses_it(doors: Doors) -> None:
    for odd in ODD:
        message = {"client_message_id": "cli_1", "text": "refund?"}
        calls = [
            ("/messages", {**message, "client_message_id": odd}),
            ("/messages/msg_1/contest", {"reason": odd}),
            ("/messages/msg_1/contest", {"contact": odd}),
            ("/disclosure", {"version": odd, "language": "en"}),
            ("/consent", {"purpose": odd, "choice": "allow"}),
            ("/contact", {"address": odd}),
            ("/privacy/erasure", {"what": "conversation", "conversation_id": odd}),
        ]
        for path, body in calls:
            assert doors.here("POST", path, body).status_code in FORBIDDEN, path
        # Control characters are taken out of what is said; half a character is no mistake of a keyboard's.
        assert doors.here("POST", "/messages", {**message, "text": odd}).status_code in (202, *FORBIDDEN)
        assert doors.send("POST", "/api/conversations", {"language": odd}).status_code in (201, *FORBIDDEN)


def test_the_rest_door_refuses_it(doors: Doors) -> None:
    for odd in ODD:
        for body in (
            {"message_id": odd},
            {"language": odd},
            {"metadata": {odd: odd}},
            {"sender": odd},
            {"message": odd},
        ):
            answer = doors.send("POST", "/webhooks/rest/webhook", {"sender": "ada", "message": "refund?", **body})
            assert answer.status_code in (200, *FORBIDDEN), body.keys()
        answer = doors.send("POST", "/webhooks/rest/webhook", {"sender": "\ud800", "message": "refund?"})
        assert answer.status_code == 400


def test_a_socket_io_client_that_sends_it_is_served_all_the_same(doors: Doors) -> None:
    for odd in ODD:
        client = socketio.SimpleClient()
        client.connect(doors.base, transports=["websocket"])
        client.emit("session_request", {"session_id": odd, "customData": {"language": odd}})
        name, session_id = client.receive(timeout=20)
        assert name == "session_confirm" and session_id != odd
        client.receive(timeout=20)
        client.emit("user_uttered", {"message": "refund?", "message_id": odd})
        assert client.receive(timeout=20)[1]["metadata"]["author"] == "assistant"
        client.disconnect()


def test_an_address_that_holds_it_leads_nowhere(doors: Doors) -> None:
    for odd in ("%00", "a%00b", "%ED%A0%80"):
        assert doors.send("GET", f"/api/conversations/{odd}").status_code == 404
        assert doors.here("GET", f"/messages/{odd}/why").status_code in FORBIDDEN
        assert doors.send("GET", f"/policies/privacy/{odd}").status_code == 404
        assert doors.send("GET", f"/policies/{odd}").status_code == 404


def test_staff_sign_in_and_desk_refuse_it(doors: Doors) -> None:
    for odd in ODD:
        login = {"login": "mina", "password": "a-password-for-tests"}
        assert doors.send("POST", "/api/staff/session", {**login, "login": odd}).status_code in FORBIDDEN
        # The field's name goes into the answer.
        assert doors.send("POST", "/api/staff/session", {**login, f"more{odd}": 1}).status_code in (200, *FORBIDDEN)
        assert doors.send("POST", "/api/staff/session", login).status_code == 200
        path = f"/api/desk/conversations/{doors.conversation}/messages"
        assert doors.send("POST", path, {"client_message_id": odd, "text": "Hello"}).status_code in FORBIDDEN
        for address in ("conversations/%00", "handoffs/%00/claim"):
            method = "GET" if "conversations" in address else "POST"
            assert doors.send(method, f"/api/desk/{address}").status_code in FORBIDDEN


def test_what_can_be_stored() -> None:
    assert all(storable(text, 4) for text in ("a", "四个字符", "😀😀", "a\n"))
    assert not any(storable(text, 4) for text in ("", "five!", None, 1, *ODD))
