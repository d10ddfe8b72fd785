"""Queries about consent events, and about the customers and conversations that they hold for."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Select, and_, bindparam, exists, func, or_, select
from sqlalchemy.orm import Session, aliased

from bot.consent.states import PAUSED, REQUESTED, WITHDRAWN, YES
from bot.core.ids import new_id, now
from bot.core.messages import Author
from bot.db.models import ConsentRow, ConversationRow, CustomerRow, MessageRow, OutboxRow, VisitorRow

LOOKED_BACK = timedelta(days=40)
"""How far back ended consents are looked for: each is found within minutes of its end, or after a long standstill."""
_NEWEST_FIRST = (ConsentRow.at.desc(), ConsentRow.id.desc())


# Events.


def latest(session: Session, subject: str, purpose: str) -> ConsentRow | None:
    """The newest event of a subject (visitor or customer, by pseudonym) and purpose."""
    return _newest(session, ConsentRow.subject == subject, ConsentRow.purpose == purpose)


def latest_of_each(session: Session, subject: str) -> dict[str, ConsentRow]:
    """The newest event of each purpose."""
    return {event.purpose: event for event in session.scalars(_LATEST_OF_EACH, {"subject": subject})}


def latest_request(session: Session, conversation_id: str, subject: str, purpose: str | None) -> ConsentRow | None:
    """The newest event of this conversation by which the subject was asked, for `purpose` if given."""
    asked = (
        ConsentRow.conversation_id == conversation_id, ConsentRow.subject == subject, ConsentRow.state == REQUESTED
    )  # fmt: skip
    return _newest(session, *asked, *(() if purpose is None else (ConsentRow.purpose == purpose,)))


def latest_end(session: Session, conversation: ConversationRow) -> ConsentRow | None:
    """The newest event of this conversation by which something was withdrawn or paused."""
    ended = ConsentRow.state.in_((WITHDRAWN, PAUSED))
    return _newest(session, ConsentRow.conversation_id == conversation.id, ended)


def events_of(session: Session, subjects: Collection[str]) -> Sequence[ConsentRow]:
    """All events of these subjects, the oldest first."""
    query = select(ConsentRow).where(ConsentRow.subject.in_(subjects))
    return session.scalars(query.order_by(ConsentRow.at, ConsentRow.id)).all()


def was_given(session: Session, subject: str, purpose: str) -> bool:
    """Whether the subject ever consented to this purpose."""
    given = (ConsentRow.subject == subject, ConsentRow.purpose == purpose, ConsentRow.state.in_(YES))
    return _newest(session, *given) is not None


def add_event(session: Session, row: ConsentRow) -> None:
    """Append an event."""
    session.add(row)
    session.flush()


def run_out(session: Session, moment: datetime) -> Sequence[ConsentRow]:
    """Every consent in force whose time is over at `moment`."""
    over = (ConsentRow.valid_until <= moment, ConsentRow.valid_until > moment - LOOKED_BACK)
    return session.scalars(_in_force().where(*over)).all()


def given_to_other_terms(session: Session, terms: Collection[str], moment: datetime) -> Sequence[ConsentRow]:
    """Every consent that holds at `moment` and was given to other terms (`Purpose.terms`) than these."""
    query = _in_force().where(ConsentRow.valid_until > moment, ConsentRow.terms.not_in(terms))
    return session.scalars(query).all()


def in_force_by_terms(session: Session) -> Mapping[tuple[str, str], int]:
    """The number of consents in force by purpose and terms (`Purpose.terms`)."""
    current = _in_force().where(ConsentRow.valid_until > now()).subquery()
    query = select(current.c.purpose, current.c.terms, func.count()).group_by(current.c.purpose, current.c.terms)
    return {(purpose, terms): count for purpose, terms, count in session.execute(query)}


# What was said around a request.


def last_replied_to(session: Session, conversation_id: str) -> str | None:
    """The message that the newest message not written by the visitor replies to."""
    query = select(MessageRow.reply_to).where(
        MessageRow.conversation_id == conversation_id, MessageRow.author != Author.VISITOR
    )
    return session.scalar(query.order_by(MessageRow.created_at.desc(), MessageRow.id.desc()).limit(1))


def last_event_of_turn(session: Session, conversation_id: str, turn_id: str | None) -> int | None:
    """The number of the last event of a turn; None while it has not ended."""
    query = (
        select(func.max(OutboxRow.seq))
        .join(MessageRow, MessageRow.id == OutboxRow.message_id)
        .where(
            MessageRow.conversation_id == conversation_id,
            MessageRow.reply_to == turn_id,
            MessageRow.author != Author.VISITOR,
        )
    )
    return session.scalar(query)


# Whose choices they are.


def conversations_of(session: Session, subject: str) -> Sequence[ConversationRow]:
    """The conversations in which choices of this subject hold, the newest first."""
    theirs = or_(VisitorRow.id == subject, VisitorRow.customer_id == subject)
    query = select(ConversationRow).join(VisitorRow, VisitorRow.id == ConversationRow.visitor_id).where(theirs)
    return session.scalars(query.order_by(ConversationRow.created_at.desc())).all()


def visitor(session: Session, visitor_id: str) -> VisitorRow:
    """The visitor's row.

    Raises:
        sqlalchemy.exc.NoResultFound: there is no such visitor.
    """
    return session.get_one(VisitorRow, visitor_id)


def customer(session: Session, keyed_hash: str) -> CustomerRow | None:
    """The customer with this hash."""
    return session.scalar(select(CustomerRow).where(CustomerRow.hash == keyed_hash))


def add_customer(session: Session, keyed_hash: str) -> CustomerRow:
    """Add a customer who signs in for the first time."""
    row = CustomerRow(id=new_id("cus"), hash=keyed_hash, created_at=now())
    session.add(row)
    session.flush()
    return row


def _newest(session: Session, *which: ColumnElement[bool]) -> ConsentRow | None:
    return session.scalar(select(ConsentRow).where(*which).order_by(*_NEWEST_FIRST).limit(1))


def _in_force() -> Select[ConsentRow]:
    """Every yes that nothing came after."""
    later = aliased(ConsentRow)
    followed = and_(
        later.subject == ConsentRow.subject,
        later.purpose == ConsentRow.purpose,
        or_(later.at > ConsentRow.at, and_(later.at == ConsentRow.at, later.id > ConsentRow.id)),
    )
    return select(ConsentRow).where(ConsentRow.state.in_(YES), ~exists().where(followed))


def _latest_of_each() -> Select[ConsentRow]:
    place = func.row_number().over(partition_by=ConsentRow.purpose, order_by=_NEWEST_FIRST)
    ranked = select(ConsentRow, place.label("place")).where(ConsentRow.subject == bindparam("subject")).subquery()
    return select(aliased(ConsentRow, ranked)).where(ranked.c.place == 1)


_LATEST_OF_EACH = _latest_of_each()
"""Built once: it runs with each turn, and building it takes as long as the answer."""
