"""Models of the agents' desk."""

from __future__ import annotations

from typing import Literal

from pydantic import Field
from typing_extensions import TypeAliasType

from bot.api.schemas.base import Moment, PlainText, Schema, StrictBody, WrittenText
from bot.api.schemas.chat import HandoffState, Message
from bot.api.schemas.consent import PurposeConsent
from bot.core.text import MAX_TEXT

Trigger = TypeAliasType("Trigger", Literal["button", "text", "assistant"])
"""What led to the request: the button, the visitor's words, or the assistant."""


class QueueEntry(Schema):
    """A request for a human. What a colleague's visitor wrote is not shown."""

    handoff_id: str
    conversation_id: str
    state: HandoffState
    reason: str | None
    trigger: Trigger
    queued_at: Moment
    waiting_seconds: float = Field(description="Until a person came or the wait ended, else until now.")
    expires_at: Moment
    agent_name: str | None
    language: str
    last_message: str | None = Field(description="The beginning of the visitor's last message.")
    contact: str | None = Field(description="The address that the visitor left.")


class DeskQueue(Schema):
    """Requests for a human, longest wait first."""

    waiting: list[QueueEntry] = Field(description="Those that wait, then those that nobody came for in time.")
    mine: list[QueueEntry]
    others: list[QueueEntry] = Field(description="With a colleague.")


class QueueEvent(Schema):
    """The queue, at first and whenever it has changed."""

    event: Literal["queue"]
    data: DeskQueue


class DeskConversation(Schema):
    """A conversation on an agent's screen."""

    conversation_id: str
    language: str
    entry: QueueEntry
    messages: list[Message]
    consents: list[PurposeConsent]


class AgentMessage(StrictBody):
    """What an agent writes."""

    client_message_id: PlainText = Field(
        min_length=1, max_length=80, description="Chosen by the client; sending the same one again adds nothing."
    )
    text: WrittenText = Field(max_length=MAX_TEXT)


class SentMessage(Schema):
    """The message is in the conversation."""

    message_id: str
    created_at: Moment
    duplicate: bool = Field(description="The same `client_message_id` was sent before.")
