"""ASGI middleware around the whole gateway: security headers on every response, and a limit on request bodies."""

from __future__ import annotations

from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.core.errors import TooLarge

MAX_BODY = 65_536
"""Bytes."""
CSP = "Content-Security-Policy"
DOCUMENT_CSP = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'"
)
"""Of everything that does not name another: documents without scripts, and data."""
PAGE_CSP = "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; frame-ancestors 'none'"
"""Of the pages that run our own scripts."""
API_DOCS_CSP = f"{PAGE_CSP}; script-src 'self' 'unsafe-inline'"
"""Of /docs, whose page starts Swagger UI with an inline script."""
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "X-Frame-Options": "DENY",
    CSP: DOCUMENT_CSP,
}
STRICT_TRANSPORT = {"Strict-Transport-Security": "max-age=31536000"}
"""One year, for this host alone: other hosts below its name are not ours to decide about."""
NO_STORE = {"Cache-Control": "no-store"}
"""Of everything under /api: it is about one visitor, or for staff."""


class SecurityHeaders:
    """Adds the security headers that a response does not already have, errors and Socket.IO's included.

    Args:
        https: browsers are to use HTTPS only from now on.
    """

    def __init__(self, app: ASGIApp, *, https: bool) -> None:
        self._app = app
        self._everywhere = _raw({**HEADERS, **(STRICT_TRANSPORT if https else {})})
        self._api = [*self._everywhere, *_raw(NO_STORE)]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = self._api if scope["path"].startswith("/api/") else self._everywhere

        async def marked(message: Message) -> None:
            if message["type"] == "http.response.start":
                present = {name.lower() for name, _ in message["headers"]}
                added = [header for header in headers if header[0] not in present]
                message = {**message, "headers": [*message["headers"], *added]}
            await send(message)

        await self._app(scope, receive, marked)


class BodyLimit:
    """Refuses a longer request body before it is read into memory, whether or not its length was announced."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        messages = await _collect(receive) if _has_body(scope) else []
        if messages is None:
            error = TooLarge(f"Send at most {MAX_BODY:,} bytes in one request.", code="body_too_large")
            await JSONResponse(error.as_json(), error.status, {"Connection": "close"})(scope, receive, send)
            return

        async def replay() -> Message:
            return messages.pop(0) if messages else await receive()

        await self._app(scope, replay, send)


def _raw(headers: dict[str, str]) -> list[tuple[bytes, bytes]]:
    return [(name.lower().encode(), value.encode()) for name, value in headers.items()]


def _has_body(scope: Scope) -> bool:
    return scope["method"] not in ("GET", "HEAD", "OPTIONS")


async def _collect(receive: Receive) -> list[Message] | None:
    """The body's parts, or None when together they are too long. Reads no further than the limit."""
    messages: list[Message] = []
    size = 0
    while True:
        message = await receive()
        messages.append(message)
        size += len(message.get("body", b""))
        if size > MAX_BODY:
            return None
        if message["type"] != "http.request" or not message.get("more_body"):
            return messages
