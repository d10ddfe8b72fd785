"""Server-sent events: an outbox stream as an HTTP response that a client can resume where it left off."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator

from sse_starlette import EventSourceResponse, ServerSentEvent
from starlette.types import Receive, Scope, Send

from bot.core.errors import BadRequest
from bot.messaging import Event


class EventStream(EventSourceResponse):
    """The response class of streams; FastAPI reads the media type that it documents from the class."""

    media_type = "text/event-stream"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await super().__call__(scope, receive, send)
        if self.active:  # cut off because the server stops, which else reports a response that was not completed
            await send({"type": "http.response.body", "body": b"", "more_body": False})


def stream(batches: AsyncIterator[list[Event]]) -> EventStream:
    """A response that ends with `batches`: each event with its number as id, passing ones without."""

    async def lines() -> AsyncIterator[ServerSentEvent]:
        async for batch in batches:
            for event in batch:
                data = json.dumps(event.data, ensure_ascii=False)
                number = None if event.seq is None else str(event.seq)
                yield ServerSentEvent(data, event=event.kind, id=number, sep="\n")

    return EventStream(lines(), ping=15, headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"})


def cursor(last_event_id: str | None, after: str | None) -> int:
    """The number of the last event the client has, from its header or its query; 0 when it has none.

    Raises:
        BadRequest: it is not a number of ours.
    """
    given = last_event_id or after or "0"
    if not given.isascii() or not given.isdigit() or len(given) > 9:
        raise BadRequest("Give the number of the last event you have seen.", code="event_id_wrong")
    return int(given)
