"""The chat widget's API: open a conversation, confirm the disclosure, send, receive, choose, ask for a human."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import asdict
from typing import Annotated

from fastapi import APIRouter, Header, Path, Query, Response
from sqlalchemy.orm import Session

from bot.api.deps import GatewayServices, Snapshot, Transaction
from bot.api.schemas import chat as schemas
from bot.api.schemas.consent import ConsentChange, ConsentChoice, Merge
from bot.api.schemas.errors import TEXT_CODES, TOO_LONG, errors
from bot.api.schemas.events import ConversationEvent, event_stream
from bot.api.sse import EventStream, cursor, stream
from bot.api.visitor.deps import Caller, Visitor
from bot.api.visitor.state import state_of
from bot.chat.disclosure import confirm, current_notice
from bot.chat.repository import message_in
from bot.chat.sessions import give_token, open_conversation, sign_in, sign_out
from bot.consent import Subject
from bot.core.errors import BadRequest, Conflict, NotFound, NotSignedIn, TooMany
from bot.core.i18n import LANGUAGES, copy, language_of
from bot.core.ids import Json
from bot.core.messages import Author
from bot.core.text import NO_NUL, clean_text
from bot.db.models import ConversationRow
from bot.db.rows import load
from bot.decisions.explain import why
from bot.handoff import State
from bot.handoff.contact import readable_address
from bot.messaging import Event, follow
from bot.messaging.repository import remember
from bot.services import Services

router = APIRouter(prefix="/api", tags=["visitor"])
INVALID_TOKEN = (NotSignedIn, "identity_token_invalid")
OTHER_CUSTOMER = (Conflict, "other_customer")


@router.get("/widget", response_model=schemas.Widget)
def get_widget(services: GatewayServices, language: Annotated[str, Query(max_length=64)] = "en") -> Json:
    """What the widget shows before a conversation exists. Reads nothing and stores nothing about the visitor."""
    spoken = language_of(language)
    return {
        "company": services.settings.company,
        "assistant_name": services.settings.assistant_name,
        "languages": list(LANGUAGES),
        "language": spoken,
        "disclosure": asdict(current_notice(spoken, services.settings.company)),
        "copy": {"talk_to_a_human": copy("turn.talk_to_a_human", spoken)},
    }


@router.post(
    "/conversations",
    status_code=201,
    response_model=schemas.OpenedConversation,
    responses=errors(INVALID_TOKEN, OTHER_CUSTOMER),
)
def create_conversation(
    session: Transaction,
    services: GatewayServices,
    opening: schemas.Opening,
    sec_gpc: Annotated[str | None, Header(description="`1`: Global Privacy Control is on.")] = None,
) -> Json:
    """Open a conversation. Its token is given once, here."""
    language = language_of(opening.language)
    conversation = open_conversation(session, "widget", language, gpc=sec_gpc == "1" or opening.gpc)
    token = give_token(services.keyring, conversation)
    if opening.identity_token:
        subject = _subject(session, services, opening.identity_token, conversation.id)
        sign_in(session, services.keyring, conversation, subject)
    return {
        "conversation_id": conversation.id,
        "token": token,
        "language": language,
        "disclosure": asdict(current_notice(language, services.settings.company)),
        "state": state_of(session, services, conversation),
    }


@router.get("/conversations/{conversation_id}", response_model=schemas.ConversationState)
async def get_state(visitor: Visitor, services: GatewayServices) -> Json:
    """The conversation's state, asked for when a page is loaded: a signal of Global Privacy Control that is missing
    here was turned off. Changes of the policies are announced first.
    """
    return await services.database.run(_loaded, visitor, services)


def _loaded(visitor: Caller, services: Services) -> Json:
    with services.database.snapshot() as session:
        conversation = visitor.conversation(session)
        if conversation.gpc == visitor.gpc and not services.policy_notice.due(conversation.policy_version):
            return state_of(session, services, conversation)
    with services.database.transaction() as session:
        conversation = visitor.conversation(session)
        if conversation.gpc != visitor.gpc:
            services.consents.apply_gpc(session, conversation, visitor.gpc)
        if services.policy_notice.due(conversation.policy_version):
            services.policy_notice.announce(session, conversation)
        return state_of(session, services, conversation)


@router.post(
    "/conversations/{conversation_id}/disclosure",
    status_code=204,
    responses=errors((Conflict, "disclosure_changed")),
)
def confirm_disclosure(
    visitor: Visitor, session: Transaction, services: GatewayServices, shown: schemas.ShownDisclosure
) -> None:
    """The widget has shown the disclosure; from now on the assistant may speak."""
    conversation = visitor.conversation(session)
    confirm(session, conversation, current_notice(shown.language, services.settings.company), shown.version)
    services.policy_notice.announce(session, conversation)


@router.post(
    "/conversations/{conversation_id}/messages",
    status_code=202,
    responses=errors((BadRequest, *TEXT_CODES), (Conflict, "disclosure_not_shown"), TOO_LONG, TooMany),
)
async def send_message(
    visitor: Visitor, services: GatewayServices, message: schemas.NewMessage
) -> schemas.AcceptedMessage:
    """Send a message. It is stored before this answers; the reply comes as an event."""
    await services.database.run(visitor.check)
    visitor.count()
    text = clean_text(message.text)
    accepted = await services.turns.accept(visitor.conversation_id, text, message.client_message_id)
    return schemas.AcceptedMessage(
        message_id=accepted.message_id,
        event_id=accepted.event_id,
        created_at=accepted.created_at,
        duplicate=accepted.duplicate,
    )


@router.get(
    "/conversations/{conversation_id}/events",
    **event_stream(ConversationEvent, errors((BadRequest, "event_id_wrong"))),
)
async def stream_events(
    visitor: Visitor,
    services: GatewayServices,
    last_event_id: Annotated[str | None, Header(description="The `id` of the last event seen.")] = None,
    after: Annotated[str | None, Query(max_length=16, description="The same, for the first request.")] = None,
) -> EventStream:
    """All events after the last one seen, then each as it comes. Ends when the visitor is erased."""
    await services.database.run(visitor.check)
    seen, conversation_id = cursor(last_event_id, after), visitor.conversation_id
    batches = follow(services.database, services.keyring, services.pubsub, conversation_id, seen)
    return stream(_with_place(services, conversation_id, _remembering_cards(services, conversation_id, batches)))


async def _with_place(
    services: Services, conversation_id: str, batches: AsyncIterator[list[Event]]
) -> AsyncIterator[list[Event]]:
    """The batches. A heartbeat brings the place in the queue to a visitor who waits, wherever it changed."""

    def place() -> list[Event]:
        with services.database.snapshot() as session:
            row = services.handoffs.current(session, load(session, ConversationRow, conversation_id))
            if row is None or row.state != State.QUEUED:
                return []
            return [Event(None, "handoff", services.handoffs.as_event(session, row))]

    async for batch in batches:
        yield batch or await services.database.run(place)


async def _remembering_cards(
    services: Services, conversation_id: str, batches: AsyncIterator[list[Event]]
) -> AsyncIterator[list[Event]]:
    """The batches. A batch with a card for consent is on record as delivered before it is sent: the visitor's next
    message answers the card only if it was, and nobody answers faster than it arrives.
    """

    def delivered(seq: int) -> None:
        with services.database.transaction() as session:
            remember(session, conversation_id, "widget", seq)

    async for batch in batches:
        card = max((event.seq or 0 for event in batch if event.data.get("consent_request")), default=0)
        if card:
            await services.database.run(delivered, card)
        yield batch


@router.post(
    "/conversations/{conversation_id}/consent",
    response_model=ConsentChange,
    responses=errors((BadRequest, "unknown_purpose")),
)
def post_consent(visitor: Visitor, session: Transaction, services: GatewayServices, choice: ConsentChoice) -> Json:
    """Allow, refuse, withdraw or object: one step each, in force for the very next turn."""
    conversation = visitor.conversation(session)
    how = {"how": "switch", "screen": "switch"}
    stand = services.consents.choose(session, conversation, choice.purpose, choice.choice, how, choice.scope)
    event = stand.event if stand.state == "given" else None
    return {
        "purpose": choice.purpose,
        "state": stand.state,
        "scope": event.scope if event is not None else None,
        "until": event.valid_until.isoformat() if event is not None and event.valid_until else None,
    }


@router.put("/conversations/{conversation_id}/merge", response_model=schemas.ConversationState)
def put_merge(visitor: Visitor, session: Transaction, services: GatewayServices, merge: Merge) -> Json:
    """Keep the choices made before signing in for the customer, or leave them where they are. Asked once."""
    conversation = visitor.conversation(session)
    services.consents.merge(session, conversation, merge.keep)
    return state_of(session, services, conversation)


@router.post(
    "/conversations/{conversation_id}/handoff",
    status_code=201,
    response_model=schemas.Handoff,
    responses={200: {"model": schemas.Handoff, "description": "A human was asked for already."}},
)
def request_human(visitor: Visitor, session: Transaction, services: GatewayServices, response: Response) -> Json:
    """Ask for a human. Works whether or not the engine does."""
    conversation = visitor.conversation(session)
    before = services.handoffs.current(session, conversation)
    row = services.handoffs.request(session, conversation, "button", "Asked for a human")
    response.status_code = 200 if before is not None and before.id == row.id else 201
    return services.handoffs.as_event(session, row)


@router.delete(
    "/conversations/{conversation_id}/handoff",
    response_model=schemas.Handoff,
    responses=errors((Conflict, "not_waiting", "person_is_here")),
)
def withdraw_handoff(visitor: Visitor, session: Transaction, services: GatewayServices) -> Json:
    """Stop waiting for a human."""
    row = services.handoffs.withdraw(session, visitor.conversation(session))
    return services.handoffs.as_event(session, row)


@router.post(
    "/conversations/{conversation_id}/contact",
    status_code=204,
    responses=errors((BadRequest, "contact_not_understood", "text_empty"), (Conflict, "no_contact_wanted")),
)
def leave_contact(visitor: Visitor, session: Transaction, services: GatewayServices, contact: schemas.Contact) -> None:
    """After nobody came: leave an address where the company can reach the visitor."""
    services.handoffs.leave_contact(session, visitor.conversation(session), clean_text(contact.address))


@router.put(
    "/conversations/{conversation_id}/identity",
    response_model=schemas.ConversationState,
    responses=errors(INVALID_TOKEN, OTHER_CUSTOMER),
)
def put_identity(
    visitor: Visitor, session: Transaction, services: GatewayServices, identity: schemas.IdentityToken
) -> Json:
    """The host page says who is signed in, by a signed token; null signs out."""
    conversation, token = visitor.conversation(session), identity.identity_token
    if token is None:
        sign_out(conversation)
    else:
        subject = _subject(session, services, token, conversation.id)
        sign_in(session, services.keyring, conversation, subject)
    return state_of(session, services, conversation)


@router.get(
    "/conversations/{conversation_id}/messages/{message_id}/why",
    responses=errors(BadRequest, NotFound),
)
def explain_message(
    visitor: Visitor,
    session: Snapshot,
    services: GatewayServices,
    message_id: Annotated[str, Path(max_length=64, pattern=NO_NUL)],
) -> schemas.Explanation:
    """Why the assistant said this, in plain words, from the record."""
    conversation = visitor.conversation(session)
    message = message_in(session, conversation.id, message_id)
    if message is None:
        raise NotFound("There is no such message in this conversation.")
    if message.author not in (Author.ASSISTANT, Author.SYSTEM):
        raise BadRequest("Only what the assistant said can be explained.")
    text, decision_ids = why(session, services.recorder, conversation.id, message_id, conversation.language)
    return schemas.Explanation(text=text, decision_ids=decision_ids)


@router.post(
    "/conversations/{conversation_id}/messages/{message_id}/contest",
    status_code=201,
    response_model=schemas.OpenedContest,
    responses={
        200: {"model": schemas.OpenedContest, "description": "A human was asked to check it already."},
        **errors((BadRequest, "not_a_reply", "contact_not_understood", "text_empty"), NotFound, TooMany),
    },
)
def contest_message(
    visitor: Visitor,
    session: Transaction,
    services: GatewayServices,
    message_id: Annotated[str, Path(max_length=64, pattern=r"^\w+$")],
    objection: schemas.Objection,
    response: Response,
) -> Json:
    """Ask a human to check this reply of the assistant."""
    conversation = visitor.conversation(session)
    visitor.count()
    reason = clean_text(objection.reason) if (objection.reason or "").strip() else None
    contact = _address(objection.contact, conversation.language)
    row, fresh = services.contests.open(session, conversation, message_id, reason, contact)
    response.status_code = 201 if fresh else 200
    return {"id": row.id, "state": row.state, "at": row.at.isoformat()}


def _address(text: str | None, language: str) -> str | None:
    """The address as the desk can use it; None when none was given."""
    if not (text or "").strip():
        return None
    address = readable_address(clean_text(text), language)
    if address is None:
        raise BadRequest(copy("handoff.contact_not_understood", language), code="contact_not_understood")
    return address


def _subject(session: Session, services: Services, token: str, conversation_id: str) -> Subject:
    identity = services.identities.verify(session, token, conversation_id)
    return Subject(identity.customer_id, identity.name)
