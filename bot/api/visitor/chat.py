"""The widget's API: open a conversation, confirm the disclosure, speak, listen, choose, ask for a human."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Header, Path, Query, Request, Response
from pydantic import BaseModel, Field
from sqlalchemy.orm import Session
from sse_starlette import EventSourceResponse

from bot.api.sse import cursor, stream
from bot.api.visitor.state import state_of
from bot.chat.disclosure import confirm, current_notice
from bot.chat.sessions import find_by_token, give_token, open_conversation, sign_in, sign_out
from bot.consent import Scope, Subject
from bot.core.errors import BadRequest, NotFound
from bot.core.i18n import LANGUAGES, copy, language_of
from bot.core.ids import Json
from bot.core.messages import Author
from bot.core.rate_limit import RateLimit
from bot.core.text import NO_NUL, clean_text
from bot.db.models import ConversationRow, MessageRow
from bot.decisions.explain import why
from bot.handoff.contact import readable_address
from bot.messaging import Event, follow
from bot.messaging.delivery import remember
from bot.services import Services

router = APIRouter(prefix="/api", tags=["visitor"])

Language = Literal["en", "zh"]
ConversationId = Annotated[str, Path(min_length=1, max_length=64)]


class Opening(BaseModel):
    """How a conversation begins."""

    language: str = Field("en", max_length=64, description="A BCP 47 tag, or several: the page's language.")
    identity_token: str | None = Field(None, max_length=4096, description="Signed by the site (docs/embedding.md).")
    gpc: bool = Field(False, description="navigator.globalPrivacyControl; the header Sec-GPC says the same.")


class Rendered(BaseModel):
    """The disclosure that is on the screen."""

    version: str = Field(max_length=32)
    language: Language


class NewMessage(BaseModel):
    """What the visitor says. Sending the same `client_message_id` again is harmless."""

    client_message_id: str = Field(min_length=1, max_length=80, pattern=r"^[\w.:-]+$")
    text: str


class Choice(BaseModel):
    """A choice about one purpose."""

    purpose: str = Field(min_length=1, max_length=64)
    choice: Literal["allow", "refuse", "withdraw", "object"]
    scope: Scope = Field(Scope.UNTIL_WITHDRAWN, description="How long a yes is to hold.")


class Merge(BaseModel):
    """Whether the choices made before signing in are to be the customer's as well."""

    keep: bool


class Contact(BaseModel):
    """Where the company can reach the visitor."""

    address: str = Field(min_length=1, max_length=400)


class Objection(BaseModel):
    """Why a reply is contested, and where the outcome may be written to as well; both may be left out."""

    reason: str | None = Field(None, max_length=1000)
    contact: str | None = Field(None, max_length=400)


class IdentityToken(BaseModel):
    """A token signed by the site, or null to sign out."""

    identity_token: str | None = Field(max_length=4096)


def services(request: Request) -> Services:
    """The running gateway's parts."""
    found = request.app.state.services
    assert isinstance(found, Services)
    return found


class Caller:
    """The holder of a conversation's token; `write` and `read` run with the conversation at hand."""

    def __init__(self, parts: Services, conversation_id: str, authorization: str | None, gpc: bool) -> None:
        self.parts = parts
        self.id = conversation_id
        self.gpc = gpc
        self._authorization = authorization

    def conversation(self, session: Session) -> ConversationRow:
        """The conversation, once the token has been checked."""
        return find_by_token(session, self.parts.keyring, self.id, self._authorization)

    async def check(self, loading: bool = False) -> None:
        """Refuse a wrong token before anything else happens; heed Global Privacy Control from here on.

        Args:
            loading: the page is being loaded. Only then does a signal that is missing mean that it was turned off:
                browsers without the header say it at no other time.
        """
        conversation = await self.parts.database.read(self.conversation)
        if (loading or self.gpc) and self.gpc != conversation.gpc:
            await self.parts.database.write(self._heed_gpc)

    def _heed_gpc(self, session: Session) -> None:
        self.parts.consents.heed_gpc(session, self.conversation(session), self.gpc)

    async def hear_news(self) -> None:
        """Whoever comes back is told first what has changed in our policies."""
        news = self.parts.news
        if await self.parts.database.read(lambda s: news.due(self.conversation(s))):
            await self.parts.database.write(lambda s: news.tell(s, self.conversation(s)))

    async def state(self) -> dict[str, Json]:
        """The conversation's state, after whatever was changed."""
        parts = self.parts
        return await parts.database.read(lambda s: state_of(s, parts.keyring, parts.handoffs, self.conversation(s)))


Parts = Annotated[Services, Depends(services)]


def caller(
    parts: Parts,
    conversation_id: ConversationId,
    authorization: Annotated[str | None, Header()] = None,
    sec_gpc: Annotated[str | None, Header()] = None,
    gpc: Annotated[bool, Query(description="navigator.globalPrivacyControl.")] = False,
) -> Caller:
    """Whoever calls about a conversation, token in hand."""
    return Caller(parts, conversation_id, authorization, sec_gpc == "1" or gpc)


Who = Annotated[Caller, Depends(caller)]


def count_call(request: Request, key: str) -> None:
    """Count one message of `key` against the rate."""
    limit: RateLimit = request.app.state.services.message_limit
    limit.count(key)


@router.get("/widget")
async def widget(parts: Parts, language: Annotated[str, Query(max_length=64)] = "en") -> dict[str, Any]:
    """What the widget shows before a conversation exists. Reads nothing and stores nothing about the visitor."""
    spoken = language_of(language)
    return {
        "company": parts.settings.company,
        "assistant_name": parts.settings.assistant_name,
        "languages": list(LANGUAGES),
        "language": spoken,
        "disclosure": current_notice(spoken, parts.settings.company).as_json(),
        "copy": {"talk_to_a_human": copy("turn.talk_to_a_human", spoken)},
    }


@router.post("/conversations", status_code=201)
async def open_one(parts: Parts, opening: Opening, sec_gpc: Annotated[str | None, Header()] = None) -> dict[str, Any]:
    """A new conversation. Its token is given once, here."""
    language = language_of(opening.language)

    def work(session: Session) -> tuple[str, str, dict[str, Json]]:
        conversation = open_conversation(session, "widget", language, gpc=sec_gpc == "1" or opening.gpc)
        token = give_token(parts.keyring, conversation)
        if opening.identity_token:
            subject = _subject(session, parts, opening.identity_token, conversation.id)
            sign_in(session, parts.keyring, conversation, subject)
        return conversation.id, token, state_of(session, parts.keyring, parts.handoffs, conversation)

    conversation_id, token, state = await parts.database.write(work)
    notice = current_notice(language, parts.settings.company)
    return {
        "conversation_id": conversation_id,
        "token": token,
        "language": language,
        "disclosure": notice.as_json(),
        "state": state,
    }


@router.get("/conversations/{conversation_id}")
async def read_state(who: Who) -> dict[str, Any]:
    """Where the conversation stands."""
    await who.check(loading=True)
    await who.hear_news()
    return await who.state()


@router.post("/conversations/{conversation_id}/disclosure", status_code=204)
async def disclosure_rendered(who: Who, rendered: Rendered) -> Response:
    """The widget has put the disclosure on the screen; from now on the assistant may speak."""
    notice = current_notice(rendered.language, who.parts.settings.company)

    def work(session: Session) -> None:
        conversation = who.conversation(session)
        confirm(session, conversation, notice, rendered.version)
        who.parts.news.tell(session, conversation)

    await who.parts.database.write(work)
    return Response(status_code=204)


@router.post("/conversations/{conversation_id}/messages", status_code=202)
async def say(request: Request, who: Who, message: NewMessage) -> dict[str, Any]:
    """Stored before this answers; the reply comes as an event."""
    await who.check()
    count_call(request, who.id)
    text = clean_text(message.text)
    accepted = await who.parts.turns.accept(who.id, text, message.client_message_id)
    return {
        "message_id": accepted.message_id,
        "event_id": accepted.event_id,
        "created_at": accepted.created_at,
        "duplicate": accepted.duplicate,
    }


@router.get("/conversations/{conversation_id}/events")
async def events(
    who: Who,
    last_event_id: Annotated[str | None, Header()] = None,
    after: Annotated[str | None, Query(max_length=16)] = None,
) -> EventSourceResponse:
    """All events after the last one seen, then each as it comes."""
    await who.check()
    parts, seen = who.parts, cursor(last_event_id, after)
    return stream(_cards_remembered(parts, who.id, follow(parts.database, parts.keyring, parts.hub, who.id, seen)))


async def _cards_remembered(
    parts: Services, conversation_id: str, batches: AsyncIterator[list[Event]]
) -> AsyncIterator[list[Event]]:
    """The batches. That one with a card for consent is sent is kept, at the moment it goes out: only then may the
    visitor's next message answer it, and nobody answers faster than it arrives.
    """
    async for batch in batches:
        card = max((event.seq or 0 for event in batch if event.data.get("consent_request")), default=0)
        if card:
            await parts.database.write(lambda s, card=card: remember(s, conversation_id, "widget", card))  # type: ignore[misc]
        yield batch


@router.post("/conversations/{conversation_id}/consent")
async def consent(who: Who, choice: Choice) -> dict[str, Any]:
    """Allow, refuse, withdraw or object: one step each, in force for the very next turn."""
    await who.check()

    def work(session: Session) -> dict[str, Json]:
        conversation = who.conversation(session)
        how = {"how": "switch", "screen": "switch"}
        stand = who.parts.consents.choose(session, conversation, choice.purpose, choice.choice, how, choice.scope)
        event = stand.event if stand.state == "given" else None
        until = event.valid_until.isoformat() if event is not None and event.valid_until else None
        return {"state": stand.state, "scope": event.scope if event is not None else None, "until": until}

    return {"purpose": choice.purpose, **await who.parts.database.write(work)}


@router.put("/conversations/{conversation_id}/merge")
async def merge(who: Who, choice: Merge) -> dict[str, Any]:
    """Choices made before signing in: keep them for the customer, or leave them where they are. Asked once."""
    await who.parts.database.write(lambda s: who.parts.consents.merge(s, who.conversation(s), choice.keep))
    return await who.state()


@router.post("/conversations/{conversation_id}/handoff", status_code=201)
async def ask_for_human(who: Who, response: Response) -> dict[str, Any]:
    """A human is asked for. Works whether or not the engine does."""

    def work(session: Session) -> tuple[bool, dict[str, Json]]:
        conversation = who.conversation(session)
        before = who.parts.handoffs.current(session, conversation)
        row = who.parts.handoffs.request(session, conversation, "button", "Asked for a human")
        return before is not None and before.id == row.id, who.parts.handoffs.as_event(session, row)

    known, handoff = await who.parts.database.write(work)
    response.status_code = 200 if known else 201
    return handoff


@router.delete("/conversations/{conversation_id}/handoff")
async def stop_waiting(who: Who) -> dict[str, Any]:
    """The visitor no longer waits for a human."""

    def work(session: Session) -> dict[str, Json]:
        row = who.parts.handoffs.withdraw(session, who.conversation(session))
        return who.parts.handoffs.as_event(session, row)

    return await who.parts.database.write(work)


@router.post("/conversations/{conversation_id}/contact", status_code=204)
async def leave_contact(who: Who, contact: Contact) -> Response:
    """Nobody came: where the company can reach the visitor."""
    address = clean_text(contact.address)
    await who.parts.database.write(lambda s: who.parts.handoffs.leave_contact(s, who.conversation(s), address))
    return Response(status_code=204)


@router.put("/conversations/{conversation_id}/identity")
async def identify(who: Who, identity: IdentityToken) -> dict[str, Any]:
    """The host page says who is signed in, by a signed token; null signs out."""
    parts, token = who.parts, identity.identity_token

    def work(session: Session) -> None:
        conversation = who.conversation(session)
        if token is None:
            sign_out(conversation)
        else:
            sign_in(session, parts.keyring, conversation, _subject(session, parts, token, conversation.id))

    await parts.database.write(work)
    return await who.state()


@router.get("/conversations/{conversation_id}/messages/{message_id}/why")
async def explain(who: Who, message_id: Annotated[str, Path(max_length=64, pattern=NO_NUL)]) -> dict[str, Any]:
    """Why the assistant said this, in plain words, from the record."""

    def work(session: Session) -> tuple[str, list[str]]:
        conversation = who.conversation(session)
        message = session.get(MessageRow, message_id)
        if message is None or message.conversation_id != conversation.id:
            raise NotFound("There is no such message in this conversation.")
        if message.author not in (Author.ASSISTANT, Author.SYSTEM):
            raise BadRequest("Only what the assistant said can be explained.")
        return why(session, who.parts.recorder, conversation.id, message_id, conversation.language)

    text, decision_ids = await who.parts.database.read(work)
    return {"text": text, "decision_ids": decision_ids}


@router.post("/conversations/{conversation_id}/messages/{message_id}/contest", status_code=201)
async def contest(
    request: Request,
    who: Who,
    message_id: Annotated[str, Path(max_length=64, pattern=r"^\w+$")],
    objection: Objection,
    response: Response,
) -> dict[str, Any]:
    """A person is to check this reply of the assistant. 200 when one was asked to already."""
    await who.check()
    count_call(request, who.id)
    reason = clean_text(objection.reason) if (objection.reason or "").strip() else None

    def work(session: Session) -> tuple[dict[str, str], bool]:
        conversation = who.conversation(session)
        contact = _address(objection.contact, conversation.language)
        row, fresh = who.parts.contests.open(session, conversation, message_id, reason, contact)
        return {"id": row.id, "state": row.state, "at": row.at.isoformat()}, fresh

    contested, fresh = await who.parts.database.write(work)
    response.status_code = 201 if fresh else 200
    return contested


def _address(text: str | None, language: str) -> str | None:
    """The address as the desk can use it; None when none was given."""
    if not (text or "").strip():
        return None
    address = readable_address(clean_text(text), language)
    if address is None:
        raise BadRequest(copy("handoff.contact_not_understood", language), code="contact_not_understood")
    return address


def _subject(session: Session, parts: Services, token: str, conversation_id: str) -> Subject:
    identity = parts.identities.verify(session, token, conversation_id)
    return Subject(identity.customer_id, identity.name)
