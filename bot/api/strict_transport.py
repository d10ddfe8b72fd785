"""Tells browsers to come by HTTPS alone from now on, where the operator says that there is HTTPS in front."""

from __future__ import annotations

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

HEADER, VALUE = "Strict-Transport-Security", "max-age=31536000"
"""One year, for this host alone: what runs on names below it is not ours to decide about."""


class StrictTransport:
    """ASGI middleware: the header on every response, errors and Socket.IO's included."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def marked(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message)[HEADER] = VALUE
            await send(message)

        await self._app(scope, receive, marked)
