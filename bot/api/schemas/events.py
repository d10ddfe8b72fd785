"""Models of server-sent events as clients read them: `event` names the kind, `data` is the parsed JSON, `id` grows.

The OpenAPI document describes them as they are sent, with `data` as text (bot/api/openapi.py).
"""

from __future__ import annotations

from typing import Annotated, Any, Literal, TypeAlias

from pydantic import Field, RootModel

from bot.api.schemas.base import Schema
from bot.api.schemas.chat import ContestedReply, Handoff, Message
from bot.api.schemas.consent import ConsentChange
from bot.api.schemas.errors import Responses
from bot.api.sse import EventStream
from bot.core.messages import Owner

EventId: TypeAlias = Annotated[str, Field(description="Send the newest one as `Last-Event-ID` to go on after it.")]


class Speaker(Schema):
    """Who answers from here on."""

    owner: Owner
    human_name: str | None


class Working(Schema):
    """A turn has begun."""

    message_id: str


class NoAnswer(Schema):
    """No answer can be given now; the message is kept."""

    message_id: str
    code: str
    message: str


class MessageEvent(Schema):
    """A message, of whomever."""

    id: EventId
    event: Literal["message"]
    data: Message


class HandoffEvent(Schema):
    """A request for a human has changed."""

    id: EventId
    event: Literal["handoff"]
    data: Handoff


class SpeakerEvent(Schema):
    """Somebody else answers from here on."""

    id: EventId
    event: Literal["speaker"]
    data: Speaker


class ConsentEvent(Schema):
    """The state of a purpose has changed."""

    id: EventId
    event: Literal["consent"]
    data: ConsentChange


class ContestEvent(Schema):
    """The state of a contest has changed."""

    id: EventId
    event: Literal["contest"]
    data: ContestedReply


class WorkingEvent(Schema):
    """A turn has begun. Without id: not replayed."""

    event: Literal["working"]
    data: Working


class UnavailableEvent(Schema):
    """No answer can be given now. Without id: not replayed."""

    event: Literal["unavailable"]
    data: NoAnswer


class ConversationEvent(
    RootModel[
        Annotated[
            MessageEvent | HandoffEvent | SpeakerEvent | ConsentEvent | ContestEvent | WorkingEvent | UnavailableEvent,
            Field(discriminator="event"),
        ]
    ]
):
    """One event of a conversation."""


def event_stream(event: Any, refusals: Responses | None = None) -> dict[str, Any]:
    """The arguments of a route that streams events: `@router.get(path, **event_stream(Model, errors(…)))`."""
    told: Responses = {200: {"model": event, "description": "Server-sent events; each is one of these."}}
    responses = {**told, **(refusals or {})}
    return {"response_class": EventStream, "responses": responses}
