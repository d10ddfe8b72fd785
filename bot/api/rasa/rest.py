"""The REST door that existing Rasa clients use: `POST /webhooks/rest/webhook`, one request, all replies."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request
from sqlalchemy.orm import Session

from bot.api.rasa.delivery import enter, replies_to, undelivered
from bot.api.schemas.errors import TEXT_CODES, TOO_LONG, errors
from bot.api.schemas.rasa import RestHealth, RestMessage, RestReply
from bot.core.errors import BadRequest, TooMany, Unavailable
from bot.core.i18n import FALLBACK, language_of, written_language
from bot.core.ids import Json
from bot.core.text import clean_text
from bot.db.keyring import KeyDestroyed
from bot.db.models import MessageRow
from bot.messaging import Event
from bot.services import Services

DOOR = "rest"
router = APIRouter(prefix="/webhooks/rest", tags=["Rasa clients"])


@router.get("/")
async def health() -> RestHealth:
    """Rasa's health check."""
    return RestHealth(status="ok")


@router.post(
    "/webhook",
    response_model=list[RestReply],
    response_model_exclude_unset=True,
    responses=errors(
        (BadRequest, *TEXT_CODES), TOO_LONG, TooMany, (Unavailable, "record_unavailable"), (KeyDestroyed, "erased")
    ),
)
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
