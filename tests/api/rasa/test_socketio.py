"""Every session of a Socket.IO connection is served."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import socketio
from starlette.types import ASGIApp

from bot.api.rasa.socketio import MAX_SESSIONS
from bot.app import create_app
from bot.core.settings import Settings
from bot.db import Database
from bot.services import build
from tests.http import serve
from tests.scripted import ScriptedEngine


@pytest.fixture
def client(settings: Settings, any_database: Database) -> Iterator[socketio.SimpleClient]:
    def make() -> ASGIApp:
        return create_app(build(settings, any_database, ScriptedEngine()))

    with serve(make) as base, socketio.SimpleClient() as connected:
        connected.connect(base, transports=["websocket"])
        yield connected


def begin(client: socketio.SimpleClient) -> tuple[str, dict[str, Any]]:
    """A new session: its id, and the first message said in it."""
    client.emit("session_request", {"session_id": None})
    (confirmed, session_id), (said, first) = client.receive(timeout=20), client.receive(timeout=20)
    assert (confirmed, said) == ("session_confirm", "bot_uttered")
    return session_id, first


def test_each_of_two_sessions_on_one_socket_is_told_of_the_ai_and_answered(client: socketio.SimpleClient) -> None:
    (first, disclosed), (second, disclosed_again) = begin(client), begin(client)
    assert first != second
    assert "AI" in disclosed["text"] and disclosed["text"] == disclosed_again["text"]
    for session in ({"session_id": first}, {"session_id": second}, {}):
        client.emit("user_uttered", {"message": "refund?", **session})
        assert client.receive(timeout=20)[1]["metadata"]["author"] == "assistant"


def test_a_session_that_is_asked_for_again_is_not_served_twice(client: socketio.SimpleClient) -> None:
    session_id, _ = begin(client)
    client.emit("session_request", {"session_id": session_id})
    assert client.receive(timeout=20) == ["session_confirm", session_id]
    client.emit("user_uttered", {"message": "refund?", "session_id": session_id})
    assert client.receive(timeout=20)[1]["metadata"]["author"] == "assistant"
    with pytest.raises(socketio.exceptions.TimeoutError):
        client.receive(timeout=1)


def test_a_socket_gets_no_more_sessions_than_the_limit(client: socketio.SimpleClient) -> None:
    newest = [begin(client)[0] for _ in range(MAX_SESSIONS)][-1]
    client.emit("session_request", {"session_id": None})
    assert client.receive(timeout=20) == ["session_confirm", newest]
