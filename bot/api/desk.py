"""The agents' desk: the queue, taking and ending conversations, and writing in them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import APIRouter, Depends, Header, Query, Request
from pydantic import AfterValidator

from bot.api.deps import GatewayServices, Snapshot, Transaction
from bot.api.schemas.desk import AgentMessage, DeskConversation, DeskQueue, QueueEntry, QueueEvent, SentMessage
from bot.api.schemas.errors import errors
from bot.api.schemas.events import ConversationEvent, event_stream
from bot.api.sse import EventStream, cursor, stream
from bot.api.staff_auth import require, token_of
from bot.core.errors import BadRequest, Conflict, NotFound, RecordError
from bot.core.text import storable
from bot.db.keyring import KeyDestroyed
from bot.desk import conversations
from bot.desk.access import followed
from bot.desk.queue import Queue
from bot.messaging import Event
from bot.messaging.events import HEARTBEAT
from bot.messaging.pubsub import QUEUE
from bot.services import Services
from bot.staff import Staff, find_session

router = APIRouter(prefix="/api/desk", tags=["desk"])
Agent = Annotated[Staff, Depends(require("agent"))]


def _id(text: str) -> str:
    if not storable(text, 64):
        raise NotFound("There is no such conversation.")
    return text


Id = Annotated[str, AfterValidator(_id)]
"""Names a conversation or a request for a human; 404 when it can be no name of any."""


@router.get("/queue")
def get_queue(session: Snapshot, services: GatewayServices, agent: Agent) -> DeskQueue:
    """Who waits, who is mine, who is with a colleague."""
    return _shown(services.queue_view.queue(session, agent))


@router.get("/events", **event_stream(QueueEvent))
async def stream_queue(request: Request, services: GatewayServices, agent: Agent) -> EventStream:
    """The queue, at once and again whenever it changes. Ends with the sign-in."""
    return stream(_queues(services, token_of(request)))


@router.post(
    "/handoffs/{handoff_id}/claim",
    responses=errors(NotFound, (Conflict, "already_claimed", "handoff_over"), KeyDestroyed, RecordError),
)
def claim(session: Transaction, services: GatewayServices, agent: Agent, handoff_id: Id) -> QueueEntry:
    """Take a conversation. 409 `already_claimed` when a colleague was first."""
    row = services.handoffs.claim(session, handoff_id, agent)
    return QueueEntry.of(services.queue_view.entry(session, agent, row))


@router.post(
    "/handoffs/{handoff_id}/return",
    responses=errors(NotFound, (Conflict, "not_accepted", "not_yours"), KeyDestroyed, RecordError),
)
def give_back(session: Transaction, services: GatewayServices, agent: Agent, handoff_id: Id) -> QueueEntry:
    """Hand a conversation back to the assistant."""
    row = services.handoffs.give_back(session, handoff_id, agent)
    return QueueEntry.of(services.queue_view.entry(session, agent, row))


@router.post(
    "/handoffs/{handoff_id}/close",
    responses=errors(NotFound, (Conflict, "not_accepted", "not_yours"), KeyDestroyed, RecordError),
)
def close(session: Transaction, services: GatewayServices, agent: Agent, handoff_id: Id) -> QueueEntry:
    """End one's part in a conversation, or take a request that nobody came for off the list."""
    row = services.handoffs.close(session, handoff_id, agent)
    return QueueEntry.of(services.queue_view.entry(session, agent, row))


@router.get("/conversations/{conversation_id}", responses=errors(NotFound, RecordError))
async def get_conversation(services: GatewayServices, agent: Agent, conversation_id: Id) -> DeskConversation:
    """A conversation that waits or is mine. The access is on record before this answers."""
    await services.database.run(_record_access, services, agent, conversation_id)
    return await services.database.run(_conversation, services, agent, conversation_id)


@router.get(
    "/conversations/{conversation_id}/events",
    **event_stream(ConversationEvent, errors((BadRequest, "event_id_wrong"), (NotFound, "not_found", "erased"))),
)
async def stream_conversation(
    request: Request,
    services: GatewayServices,
    agent: Agent,
    conversation_id: Id,
    last_event_id: Annotated[str | None, Header(description="The `id` of the last event seen.")] = None,
    after: Annotated[str | None, Query(description="The same, for the first request.")] = None,
) -> EventStream:
    """Its events after the last one seen, then each as it comes; they end when it may no longer be seen."""
    start = cursor(last_event_id, after)
    await services.database.run(_check_followed, services, agent, conversation_id)
    token = token_of(request)
    return stream(
        conversations.watch(services.database, services.keyring, services.pubsub, token, conversation_id, start)
    )


@router.post(
    "/conversations/{conversation_id}/messages",
    status_code=202,
    responses=errors(NotFound, (Conflict, "not_yours", "message_id_taken"), KeyDestroyed),
)
def post_message(
    session: Transaction, services: GatewayServices, agent: Agent, conversation_id: Id, body: AgentMessage
) -> SentMessage:
    """Write to the visitor. The same `client_message_id` again answers the same and adds nothing."""
    message, duplicate = conversations.say(
        session, services.outbox, agent, conversation_id, body.client_message_id, body.text
    )
    return SentMessage.of(message, message_id=message.id, duplicate=duplicate)


def _record_access(services: Services, agent: Staff, conversation_id: str) -> None:
    with services.database.transaction() as session:
        conversations.record_access(session, services.access_log, agent, conversation_id)


def _conversation(services: Services, agent: Staff, conversation_id: str) -> DeskConversation:
    with services.database.snapshot() as session:
        found = conversations.view(session, services.keyring, services.queue_view, agent, conversation_id)
    return DeskConversation.of(found, conversation_id=conversation_id, entry=QueueEntry.of(found.entry))


def _check_followed(services: Services, agent: Staff, conversation_id: str) -> None:
    with services.database.snapshot() as session:
        followed(session, agent, conversation_id)


async def _queues(services: Services, token: str | None) -> AsyncIterator[list[Event]]:
    """The queue at once, then when it differs; times that only grow do not count. Ends with the sign-in."""
    shown: object = None
    with services.pubsub.subscribe(QUEUE) as subscription:
        while True:
            subscription.clear()
            queue = await services.database.run(_queue_of, services, token)
            if queue is None:
                return
            data = queue.model_dump(mode="json")
            still = {name: [{**entry, "waiting_seconds": 0} for entry in entries] for name, entries in data.items()}
            yield [Event(None, "queue", data)] if still != shown else []
            shown = still
            await subscription.changed(HEARTBEAT)


def _queue_of(services: Services, token: str | None) -> DeskQueue | None:
    with services.database.snapshot() as session:
        agent = find_session(session, token)
        return None if agent is None else _shown(services.queue_view.queue(session, agent))


def _shown(queue: Queue) -> DeskQueue:
    return DeskQueue.of(**{name: [QueueEntry.of(entry) for entry in entries] for name, entries in vars(queue).items()})
