"""The agents' door: the queue, taking and ending conversations, and writing in them."""

from __future__ import annotations

import unicodedata
from collections.abc import AsyncIterator, Callable
from typing import Annotated, Any, Protocol

from fastapi import APIRouter, Depends, Header, Query, Request
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, field_validator
from sqlalchemy.orm import Session
from sse_starlette import EventSourceResponse

from bot.api.sse import cursor, stream
from bot.api.staff_auth import COOKIE, require
from bot.core.errors import NotFound
from bot.core.ids import Json
from bot.core.text import NO_NUL, storable
from bot.db import Database, Keyring
from bot.db.models import HandoffRow
from bot.decisions import Recorder
from bot.desk import conversations
from bot.desk.access import followed
from bot.desk.queue import Lists
from bot.handoff import Handoffs
from bot.messaging import Event, Hub, Outbox
from bot.messaging.events import HEARTBEAT
from bot.messaging.pubsub import QUEUE
from bot.staff import Staff, find_session

router = APIRouter(prefix="/api/desk", tags=["desk"])
Agent = Annotated[Staff, Depends(require("agent"))]
LONGEST_TEXT = 4000
"""Characters in one message."""


class Parts(Protocol):
    """What this door uses of the gateway's services."""

    @property
    def database(self) -> Database: ...
    @property
    def keyring(self) -> Keyring: ...
    @property
    def outbox(self) -> Outbox: ...
    @property
    def hub(self) -> Hub: ...
    @property
    def handoffs(self) -> Handoffs: ...
    @property
    def recorder(self) -> Recorder: ...


def _parts(request: Request) -> Parts:
    parts: Parts = request.app.state.services
    return parts


Services = Annotated[Parts, Depends(_parts)]
"""The gateway's services; docs and tests see no more of them than `Parts`."""


def _id(text: str) -> str:
    if not storable(text, 64):
        raise NotFound("There is no such conversation.")
    return text


Id = Annotated[str, AfterValidator(_id)]
"""Names a conversation or a request for a human; 404 when it can be no name of any."""


class AgentMessage(BaseModel):
    """What an agent writes."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)

    client_message_id: str = Field(min_length=1, max_length=80, pattern=NO_NUL)
    text: str = Field(max_length=LONGEST_TEXT)

    @field_validator("text")
    @classmethod
    def _something(cls, text: str) -> str:
        """Control characters gone, ends trimmed; something has to be left."""
        text = "".join(c for c in text if c in "\n\t" or unicodedata.category(c) not in ("Cc", "Cs")).strip()
        if not any(unicodedata.category(c)[0] not in "CZ" for c in text):
            raise ValueError("Write something first: the message is empty.")
        return text


@router.get("/queue")
async def get_queue(parts: Services, agent: Agent) -> dict[str, list[dict[str, Json]]]:
    """Who waits, who is mine, who is with a colleague."""
    return await parts.database.read(lambda s: _lists(parts).queue(s, agent))


@router.get("/events")
async def get_events(request: Request, parts: Services, agent: Agent) -> EventSourceResponse:
    """The queue, again whenever it changes (event `queue`)."""
    return stream(_queues(parts, request.cookies.get(COOKIE)))


@router.post("/handoffs/{handoff_id}/claim")
async def claim(parts: Services, agent: Agent, handoff_id: Id) -> dict[str, Json]:
    """Take a conversation. 409 `already_claimed` when a colleague was first."""
    return await _step(parts, agent, lambda s: parts.handoffs.claim(s, handoff_id, agent))


@router.post("/handoffs/{handoff_id}/return")
async def give_back(parts: Services, agent: Agent, handoff_id: Id) -> dict[str, Json]:
    """Hand a conversation back to the assistant."""
    return await _step(parts, agent, lambda s: parts.handoffs.give_back(s, handoff_id, agent))


@router.post("/handoffs/{handoff_id}/close")
async def close(parts: Services, agent: Agent, handoff_id: Id) -> dict[str, Json]:
    """End one's talk, or take a request that nobody came for off the list."""
    return await _step(parts, agent, lambda s: parts.handoffs.close(s, handoff_id, agent))


@router.get("/conversations/{conversation_id}")
async def get_conversation(parts: Services, agent: Agent, conversation_id: Id) -> dict[str, Json]:
    """A conversation that waits or is mine. The look is on record before this answers."""
    lists = _lists(parts)
    await parts.database.write(lambda s: conversations.look(s, parts.recorder, agent, conversation_id))
    return await parts.database.read(lambda s: conversations.view(s, parts.keyring, lists, agent, conversation_id))


@router.get("/conversations/{conversation_id}/events")
async def get_conversation_events(
    request: Request,
    parts: Services,
    agent: Agent,
    conversation_id: Id,
    last_event_id: Annotated[str | None, Header()] = None,
    after: Annotated[str | None, Query()] = None,
) -> EventSourceResponse:
    """Its events after `Last-Event-ID`, then each as it comes; they end when it may no longer be seen."""
    start = cursor(last_event_id, after)
    await parts.database.read(lambda s: followed(s, agent, conversation_id))
    token = request.cookies.get(COOKIE)
    return stream(conversations.watch(parts.database, parts.keyring, parts.hub, token, conversation_id, start))


@router.post("/conversations/{conversation_id}/messages", status_code=202)
async def post_message(parts: Services, agent: Agent, conversation_id: Id, body: AgentMessage) -> dict[str, Json]:
    """Write to the visitor. The same `client_message_id` again answers the same and adds nothing."""

    def work(session: Session) -> dict[str, Json]:
        message, duplicate = conversations.say(
            session, parts.outbox, agent, conversation_id, body.client_message_id, body.text
        )
        return {"message_id": message.id, "created_at": message.created_at.isoformat(), "duplicate": duplicate}

    return await parts.database.write(work)


async def _step(parts: Parts, agent: Staff, take: Callable[[Session], HandoffRow]) -> dict[str, Json]:
    return await parts.database.write(lambda s: _lists(parts).entry(s, agent, take(s)))


async def _queues(parts: Parts, token: str | None) -> AsyncIterator[list[Event]]:
    """The queue at once, then when it differs; the times that only grow do not count. Ends with the sign-in."""
    shown: Any = None
    with parts.hub.watch(QUEUE) as watch:
        while True:
            watch.clear()
            queue = await parts.database.read(lambda s: _queue_of(s, parts, token))
            if queue is None:
                return
            still = {name: [{**entry, "waiting_seconds": 0} for entry in entries] for name, entries in queue.items()}
            yield [Event(None, "queue", queue)] if still != shown else []
            shown = still
            await watch.changed(HEARTBEAT)


def _queue_of(session: Session, parts: Parts, token: str | None) -> dict[str, list[dict[str, Json]]] | None:
    agent = find_session(session, token)
    return None if agent is None else _lists(parts).queue(session, agent)


def _lists(parts: Parts) -> Lists:
    return Lists(parts.outbox, parts.handoffs)
