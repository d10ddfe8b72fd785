"""Models of server-sent events as clients read them: `event` names the kind, `data` is the parsed JSON, `id` grows.

The OpenAPI document describes them as they are sent, with `data` as text (bot/api/openapi.py).
"""

from __future__ import annotations

from typing import Annotated, Any, Generic, Literal, TypeAlias, TypeVar

from pydantic import Field, RootModel

from bot.api.schemas.base import Schema
from bot.api.schemas.chat import ContestedReply, Handoff, Message
from bot.api.schemas.consent import ConsentChange
from bot.api.schemas.errors import Responses
from bot.api.sse import EventStream
from bot.core.messages import Owner

Kind = TypeVar("Kind", bound=str)
Data = TypeVar("Data", bound=Schema)
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


class _Numbered(Schema, Generic[Kind, Data]):
    """An event that is kept: a client that comes back is sent those after the newest it knows."""

    id: EventId
    event: Kind
    data: Data


class _Passing(Schema, Generic[Kind, Data]):
    """An event for those who listen at that moment."""

    event: Kind
    data: Data


class MessageEvent(_Numbered[Literal["message"], Message]):
    """A message, of whomever."""


class HandoffEvent(_Numbered[Literal["handoff"], Handoff]):
    """A request for a human has changed."""


class SpeakerEvent(_Numbered[Literal["speaker"], Speaker]):
    """Somebody else answers from here on."""


class ConsentEvent(_Numbered[Literal["consent"], ConsentChange]):
    """The state of a purpose has changed."""


class ContestEvent(_Numbered[Literal["contest"], ContestedReply]):
    """The state of a contest has changed."""


class WorkingEvent(_Passing[Literal["working"], Working]):
    """A turn has begun. Without id: not replayed."""


class UnavailableEvent(_Passing[Literal["unavailable"], NoAnswer]):
    """No answer can be given now. Without id: not replayed."""


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
