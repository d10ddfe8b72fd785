"""The REST door that existing Rasa clients use: `POST /webhooks/rest/webhook`, one request, all replies."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request
from pydantic import BaseModel, Field
from sqlalchemy.orm import Session

from bot.api.rasa.delivery import enter, replies_to, undelivered
from bot.core.errors import Unavailable
from bot.core.i18n import FALLBACK, language_of, written_language
from bot.core.ids import Json
from bot.core.text import clean_text
from bot.db.models import MessageRow
from bot.messaging import Event
from bot.services import Services

DOOR = "rest"
router = APIRouter(prefix="/webhooks/rest", tags=["Rasa clients"])


class RestMessage(BaseModel):
    """Rasa's own form. `message_id`, ours and optional, makes sending again harmless."""

    sender: str = Field(min_length=1, max_length=200)
    message: str
    message_id: str | None = Field(None, min_length=1, max_length=80, pattern=r"^[\w.:-]+$")
    language: str | None = Field(None, max_length=64, description="A BCP 47 tag; taken from the text when missing.")
    metadata: dict[str, Any] | None = None


@router.get("/")
async def health() -> dict[str, str]:
    """Rasa's health check."""
    return {"status": "ok"}


@router.post("/webhook")
async def webhook(request: Request, body: RestMessage) -> list[dict[str, Any]]:
    """The visitor's message in, everything said since their last one out. The disclosure is the very first."""
    parts: Services = request.app.state.services
    text = clean_text(body.message)
    parts.message_limit.count(f"{DOOR}:{body.sender}")
    language = language_of(body.language) if body.language else written_language(text, FALLBACK)
    conversation_id = await enter(parts, DOOR, body.sender, language)
    accepted = await parts.turns.accept(conversation_id, text, body.message_id)
    await parts.turns.finished(accepted.message_id)

    def work(session: Session) -> list[Event]:
        if session.get_one(MessageRow, accepted.message_id).turn != "done":
            raise Unavailable("The assistant cannot answer now. Your message is kept.", code="record_unavailable")
        if accepted.duplicate:
            return replies_to(session, parts, conversation_id, accepted.message_id)
        return undelivered(session, parts, conversation_id, DOOR)

    return [_as_rasa(body.sender, event.data) for event in await parts.database.write(work)]


def _as_rasa(sender: str, data: Json) -> dict[str, Any]:
    """A message in Rasa's form; its author stands in `metadata`, where clients that know nothing of it pass it over."""
    message: dict[str, Any] = {"recipient_id": sender, "text": data["text"]}
    if data["buttons"]:
        message["buttons"] = data["buttons"]
    message["metadata"] = {"author": data["author"], "author_name": data["author_name"], "message_id": data["id"]}
    return message
