"""ASGI middleware around the whole gateway: security headers, the hosts it answers for, HEAD, and a limit on bodies."""

from __future__ import annotations

import re

from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.core.errors import BadRequest, CandorError, TooLarge

MAX_BODY = 65_536
"""Bytes."""
CSP = "Content-Security-Policy"
DOCUMENT_CSP = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'"
)
"""Of everything that does not name another: documents without scripts, and data."""
PAGE_CSP = (
    "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; object-src 'none'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'none'"
)
"""Of the pages that run our own scripts."""
API_DOCS_CSP = f"{PAGE_CSP}; script-src 'self' 'unsafe-inline'"
"""Of /docs, whose page starts Swagger UI with an inline script."""
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "X-Frame-Options": "DENY",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
    CSP: DOCUMENT_CSP,
}
"""Of every response that does not bring its own. Nothing is stored by caches unless its route says so."""
EMBEDDED = ("/widget.js", "/assets/widget-")
"""What pages of other sites load, those that require CORP (COEP `require-corp`) included."""
STRICT_TRANSPORT = {"Strict-Transport-Security": "max-age=31536000"}
"""One year, for this host alone: other hosts below its name are not ours to decide about."""
LOOPBACK = frozenset({"localhost", "127.0.0.1", "[::1]"})


class SecurityHeaders:
    """Adds the security headers that a response does not already have, errors and Socket.IO's included.

    Args:
        https: browsers are to use HTTPS only from now on.
    """

    def __init__(self, app: ASGIApp, *, https: bool) -> None:
        self._app = app
        own = {**HEADERS, **(STRICT_TRANSPORT if https else {})}
        self._own = _raw(own)
        self._embedded = _raw({**own, "Cross-Origin-Resource-Policy": "cross-origin"})

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = self._embedded if scope["path"].startswith(EMBEDDED) else self._own

        async def marked(message: Message) -> None:
            if message["type"] == "http.response.start":
                present = {name.lower() for name, _ in message["headers"]}
                added = [header for header in headers if header[0] not in present]
                message = {**message, "headers": [*message["headers"], *added]}
            await send(message)

        await self._app(scope, receive, marked)


class AllowedHosts:
    """Refuses requests whose Host header names another host; an address made from it would lead there.

    Args:
        hosts: names without ports; loopback is always allowed. Any host is when it is empty.
    """

    def __init__(self, app: ASGIApp, *, hosts: tuple[str, ...]) -> None:
        self._app = app
        self._hosts = LOOPBACK.union(hosts) if hosts else frozenset()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if not self._hosts or scope["type"] == "lifespan" or _host(scope) in self._hosts:
            await self._app(scope, receive, send)
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008})
        else:
            await _refuse(BadRequest("This gateway does not answer for that host.", code="host_unknown"))(
                scope, receive, send
            )


class HeadAsGet:
    """Answers HEAD as GET outside of /api, whose streams have no end. The server leaves out the body."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["method"] == "HEAD" and not scope["path"].startswith("/api/"):
            scope = {**scope, "method": "GET"}
        await self._app(scope, receive, send)


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
            await _refuse(error, {"Connection": "close"})(scope, receive, send)
            return

        async def replay() -> Message:
            return messages.pop(0) if messages else await receive()

        await self._app(scope, replay, send)


def _raw(headers: dict[str, str]) -> list[tuple[bytes, bytes]]:
    return [(name.lower().encode(), value.encode()) for name, value in headers.items()]


def _refuse(error: CandorError, headers: dict[str, str] | None = None) -> JSONResponse:
    return JSONResponse(error.as_json(), error.status, headers)


def _host(scope: Scope) -> str:
    """The Host header in lower case, without its port."""
    host = dict(scope["headers"]).get(b"host", b"").decode("latin-1").lower()
    return re.sub(r":\d*$", "", host)


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
