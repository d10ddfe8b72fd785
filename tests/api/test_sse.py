"""Streams as the server sees them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
from sse_starlette.sse import AppStatus

from bot.api.sse import stream
from bot.messaging import Event


@pytest.fixture
def stopping() -> Any:
    yield lambda: setattr(AppStatus, "should_exit", True)
    AppStatus.should_exit = False


def test_a_stream_that_is_open_when_the_server_stops_ends_as_a_whole_response(stopping: Any) -> None:
    """Falls when Ctrl-C leaves a response without its end, which uvicorn reports as an error for each open page."""
    sent: list[dict[str, Any]] = []

    async def batches() -> AsyncIterator[list[Event]]:
        yield [Event(1, "message", {"text": "hello"})]
        stopping()
        await asyncio.sleep(60)

    async def receive() -> dict[str, Any]:
        await asyncio.sleep(60)
        return {"type": "http.disconnect"}

    async def send(message: Any) -> None:
        sent.append(message)

    scope = {"type": "http", "method": "GET", "path": "/", "headers": []}
    asyncio.run(asyncio.wait_for(stream(batches())(scope, receive, send), 10))
    assert b"hello" in sent[1]["body"]
    assert (sent[-1]["body"], sent[-1]["more_body"]) == (b"", False)
    assert [message["type"] for message in sent] == ["http.response.start", *["http.response.body"] * 2]
