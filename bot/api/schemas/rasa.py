"""Models of the REST channel that existing Rasa clients use."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from bot.api.schemas.base import Body, ClientMessageId, Schema
from bot.api.schemas.chat import Button
from bot.core.messages import Author


class RestMessage(Body):
    """Rasa's own form. `message_id`, an addition, makes sending again harmless."""

    sender: str = Field(min_length=1, max_length=200, examples=["visitor-1"])
    message: str = Field(examples=["Where is my order 4021?"])
    message_id: ClientMessageId | None = None
    language: str | None = Field(None, max_length=64, description="A BCP 47 tag; taken from the text when missing.")
    metadata: dict[str, Any] | None = None


class RestMetadata(Schema):
    """Who said it; clients that do not know it ignore it."""

    author: Author
    author_name: str | None
    message_id: str


class RestReply(Schema):
    """A message to the sender in Rasa's form; without `buttons` when it has none."""

    recipient_id: str
    text: str
    buttons: list[Button] | None = None
    metadata: RestMetadata


class RestHealth(Schema):
    """Rasa's health check."""

    status: Literal["ok"]
