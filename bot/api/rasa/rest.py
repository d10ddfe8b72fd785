"""The REST door that existing Rasa clients use: `POST /webhooks/rest/webhook`, one request, all replies."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request

from bot.api.rasa.delivery import enter, metadata, replies_to, undelivered
from bot.api.schemas.errors import TEXT_CODES, TOO_LONG, errors
from bot.api.schemas.rasa import RestHealth, RestMessage, RestReply
from bot.chat.inbox import Accepted
from bot.chat.repository import is_open
from bot.chat.sessions import sender_of
from bot.core.errors import BadRequest, Conflict, NotFound, TooMany, Unavailable
from bot.core.i18n import FALLBACK, language_of, written_language
from bot.core.ids import Json
from bot.core.text import clean_text
from bot.db.keyring import KeyDestroyed
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
    services: Services = request.app.state.services
    text = clean_text(body.message)
    services.message_limit.count(f"{DOOR}:{body.sender}")
    sender = sender_of(services.keyring, DOOR, body.sender)
    try:
        accepted = await services.turns.accept(sender, text, body.message_id, DOOR)
    except (NotFound, Conflict):
        # Nobody has written under this name yet, or the disclosure was never shown here: it comes first.
        language = language_of(body.language) if body.language else written_language(text, FALLBACK)
        await services.database.write(enter, services, DOOR, body.sender, language)
        accepted = await services.turns.accept(sender, text, body.message_id, DOOR)
    replies = await services.turns.finished(accepted.message_id)
    if replies is None:
        read = await services.database.run(_read, services, accepted)
        return [_as_rasa(body.sender, data) for data in read]
    return [_as_rasa(body.sender, message.shown()) for message in replies]


def _read(services: Services, accepted: Accepted) -> list[Json]:
    """What this client has not been sent yet, or the replies to a message that was sent again."""
    conversation_id, message_id = accepted.conversation_id, accepted.message_id
    with services.database.transaction() as session:
        if is_open(session, message_id):
            raise Unavailable("The assistant cannot answer now. Your message is kept.", code="record_unavailable")
        if accepted.duplicate:
            return [event.data for event in replies_to(session, services, conversation_id, message_id)]
        return [event.data for event in undelivered(session, services, conversation_id, DOOR)]


def _as_rasa(sender: str, data: Json) -> dict[str, Any]:
    buttons = {"buttons": data["buttons"]} if data["buttons"] else {}
    return {"recipient_id": sender, "text": data["text"], **buttons, "metadata": metadata(data)}
