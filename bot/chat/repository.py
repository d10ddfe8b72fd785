"""Statements of a turn. They are built once and read straight from the tables: a turn runs them every time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, String, and_, bindparam, func, insert, or_, select, update
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import set_committed_value

from bot.core.messages import Author
from bot.db import core
from bot.db.disclosed import set_disclosed_version
from bot.db.models import (
    ConsentRow,
    ConversationRow,
    DeliveryRow,
    DisclosureRow,
    HandoffRow,
    MessageRow,
    VisitorRow,
    table,
)
from bot.db.stopped import any_active
from bot.handoff import State

OPEN, ENDED = "accepted", "done"
"""The states of a message's turn."""
_conversation, _message = table(ConversationRow).c, table(MessageRow).c
_delivery, _handoff = table(DeliveryRow).c, table(HandoffRow).c
_consent, _visitor = table(ConsentRow).c, table(VisitorRow).c


@dataclass(frozen=True)
class ConversationState:
    """A conversation as a turn finds it, with the row locked until the transaction ends.

    Attributes:
        last_event: the number of its newest event.
        disclosure: the version of the AI disclosure that was shown last; None when none was.
        delivered: the number of the last event that any client is known to have been sent.
        served: the same for the client at hand; None when it never was served.
        wants_contact: a human was asked for, nobody came, and no address was left yet.
        consents: choices about personal data were made here, or by the customer who is signed in.
        stopped: the assistant is stopped, wholly or for a topic.
    """

    id: str
    visitor_id: str
    language: str
    owner: str
    gpc: bool
    policy_version: str | None
    last_event: int
    disclosure: str | None
    delivered: int
    served: int | None
    wants_contact: bool
    consents: bool
    stopped: bool


@dataclass(frozen=True)
class Sender:
    """A client's own name for a conversation, hashed: how Rasa clients are found again."""

    door: str
    external_hash: str


def find_state(session: Session, who: str | Sender, client: str | None) -> ConversationState | None:
    """The conversation with this id, or of this sender, locked; None when there is none.

    Args:
        client: whose deliveries `served` is about.
    """
    if isinstance(who, Sender):
        query, values = _BY_SENDER, {"door": who.door, "external_hash": who.external_hash}
    else:
        query, values = _BY_ID, {"conversation_id": who}
    row = core(session).execute(query, {**values, "client": client or ""}).one_or_none()
    return None if row is None else ConversationState(*row)


def find_by_sender(session: Session, sender: Sender) -> ConversationRow | None:
    """The conversation of a client's sender."""
    return session.scalar(_OF_SENDER, {"door": sender.door, "external_hash": sender.external_hash})


def add_conversation(session: Session, conversation: ConversationRow) -> None:
    """Add a conversation of a new visitor, and the visitor."""
    core(session).execute(_ADD_VISITOR, {"id": conversation.visitor_id, "created_at": conversation.created_at})
    session.add(conversation)
    session.flush()


def visitor_of(session: Session, conversation: ConversationRow) -> VisitorRow:
    """The visitor of a conversation."""
    return session.get_one(VisitorRow, conversation.visitor_id)


def message_in(session: Session, conversation_id: str, message_id: str) -> MessageRow | None:
    """The message of that id, if it is in this conversation."""
    message = session.get(MessageRow, message_id)
    return message if message is not None and message.conversation_id == conversation_id else None


def sent_before(session: Session, conversation_id: str, client_message_id: str) -> MessageRow | None:
    """The message that a client sent under this id."""
    return session.scalar(
        select(MessageRow).where(
            MessageRow.conversation_id == conversation_id, MessageRow.client_message_id == client_message_id
        )
    )


def newest_replies(session: Session, conversation_id: str, limit: int = 20) -> Sequence[MessageRow]:
    """The newest messages that the visitor has not written."""
    query = select(MessageRow).where(
        MessageRow.conversation_id == conversation_id, MessageRow.author != Author.VISITOR.value
    )
    return session.scalars(query.order_by(MessageRow.created_at.desc()).limit(limit)).all()


def open_messages(session: Session) -> Sequence[MessageRow]:
    """The messages whose turn is still to be taken, oldest first."""
    return session.scalars(select(MessageRow).where(MessageRow.turn == OPEN).order_by(MessageRow.created_at)).all()


def add_disclosure(session: Session, row: Mapping[str, Any]) -> None:
    """Record that a disclosure was shown, given as columns."""
    core(session).execute(_ADD_DISCLOSURE, row)
    set_disclosed_version(session, row["conversation_id"], row["version"])


def take_notice(session: Session, conversation: ConversationRow, version: str) -> bool:
    """Mark the conversation as notified of `version`; of several who try at once, one is given True."""
    session.flush()
    values = {"conversation_id": conversation.id, "told": conversation.policy_version, "version": version}
    taken = core(session).execute(_TAKE_NOTICE, values)
    set_committed_value(conversation, "policy_version", version)
    return taken.rowcount == 1


def find_ending(session: Session, conversation_id: str) -> tuple[str, int, bool]:
    """Who owns the conversation, its newest event, and whether the assistant is stopped; its row is locked.

    Raises:
        sqlalchemy.exc.NoResultFound: there is no such conversation.
    """
    owner, last_event, stopped = core(session).execute(_ENDING, {"conversation_id": conversation_id}).one()
    return owner, last_event, stopped


def is_open(session: Session, message_id: str) -> bool:
    """Whether the turn of this message is still to be taken."""
    return bool(core(session).execute(_TURN, {"message_id": message_id}).scalar_one() == OPEN)


def end_turn(session: Session, message_id: str) -> bool:
    """Mark the turn as taken. False when it was already."""
    session.flush()
    return core(session).execute(_END_TURN, {"message_id": message_id}).rowcount == 1


def _state() -> Select[Any]:
    here = _conversation.id
    disclosure, shown = table(DisclosureRow).c, table(DisclosureRow)
    newest = (
        select(and_(_handoff.state == State.EXPIRED.value, _handoff.contact_sealed.is_(None)))
        .where(_handoff.conversation_id == here)
        .order_by(_handoff.queued_at.desc(), _handoff.id.desc())
        .limit(1)
    )
    customer = select(_visitor.customer_id).where(_visitor.id == _conversation.visitor_id).scalar_subquery()
    customer = customer.correlate(table(ConversationRow))
    chosen = or_(_consent.subject == _conversation.visitor_id, _consent.subject == customer)
    parts = (
        select(disclosure.version)
        .select_from(shown)
        .where(disclosure.conversation_id == here)
        .order_by(disclosure.shown_at.desc())
        .limit(1),
        select(func.coalesce(func.max(_delivery.seq), 0)).where(_delivery.conversation_id == here),
        select(_delivery.seq).where(_delivery.conversation_id == here, _delivery.client == bindparam("client")),
    )
    return select(
        here,
        _conversation.visitor_id,
        _conversation.language,
        _conversation.owner,
        _conversation.gpc,
        _conversation.policy_version,
        _conversation.last_event,
        *(part.scalar_subquery().correlate(table(ConversationRow)) for part in parts),
        func.coalesce(newest.scalar_subquery().correlate(table(ConversationRow)), False),
        select(_consent.id).where(chosen).correlate(table(ConversationRow)).exists(),
        any_active(),
    ).with_for_update(of=table(ConversationRow))


_SENT_BY = and_(_conversation.door == bindparam("door"), _conversation.external_hash == bindparam("external_hash"))
_OF_SENDER = select(ConversationRow).where(_SENT_BY)
_BY_ID = _state().where(_conversation.id == bindparam("conversation_id"))
_BY_SENDER = _state().where(_SENT_BY)
_ENDING = (
    select(_conversation.owner, _conversation.last_event, any_active())
    .where(_conversation.id == bindparam("conversation_id"))
    .with_for_update(of=table(ConversationRow))
)
_TURN = select(_message.turn).where(_message.id == bindparam("message_id"))
_ADD_VISITOR, _ADD_DISCLOSURE = insert(table(VisitorRow)), insert(table(DisclosureRow))
_TAKE_NOTICE = (
    update(table(ConversationRow))
    .where(
        _conversation.id == bindparam("conversation_id"),
        _conversation.policy_version.is_not_distinct_from(bindparam("told", type_=String)),
    )
    .values(policy_version=bindparam("version"))
)
_END_TURN = (
    update(table(MessageRow)).where(_message.id == bindparam("message_id"), _message.turn == OPEN).values(turn=ENDED)
)
