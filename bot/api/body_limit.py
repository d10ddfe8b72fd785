"""Refuses a request body that is longer than any door needs, before it is read into memory."""

from __future__ import annotations

from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.core.errors import TooLarge

LONGEST_BODY = 65_536
"""Bytes."""


class BodyLimit:
    """ASGI middleware: 413 in the usual shape, whether the length was announced or only found out."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        messages = await _collect(receive) if _has_body(scope) else []
        if messages is None:
            error = TooLarge(f"Send at most {LONGEST_BODY:,} bytes in one request.", code="body_too_large")
            await JSONResponse(error.as_json(), error.status, {"Connection": "close"})(scope, receive, send)
            return

        async def replay() -> Message:
            return messages.pop(0) if messages else await receive()

        await self._app(scope, replay, send)


def _has_body(scope: Scope) -> bool:
    return scope["method"] not in ("GET", "HEAD", "OPTIONS")


async def _collect(receive: Receive) -> list[Message] | None:
    """The body's parts, or None when they are too long together. Reads no further than the limit."""
    messages: list[Message] = []
    size = 0
    while True:
        message = await receive()
        messages.append(message)
        size += len(message.get("body", b""))
        if size > LONGEST_BODY:
            return None
        if message["type"] != "http.request" or not message.get("more_body"):
            return messages
