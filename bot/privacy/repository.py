"""Queries about data subjects, legal holds and retention. Those about a category's own tables are in its module."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeAlias

from sqlalchemy import ColumnElement, CursorResult, Row, and_, delete, exists, func, or_, select, tuple_, update
from sqlalchemy.orm import InstrumentedAttribute, Session

from bot.core.ids import new_id, now
from bot.db import core
from bot.db.erased import of_erased_visitor
from bot.db.models import (
    Base,
    ContestRow,
    ConversationRow,
    CorrectionRow,
    DecisionRow,
    HandoffRow,
    HoldRow,
    IdentityUseRow,
    MessageRow,
    RetentionRunRow,
    StaffSessionRow,
    VisitorRow,
)
from bot.decisions.kinds import Kind

Place: TypeAlias = tuple[datetime, str]
"""A position in the walk along the conversations: the moment one began, and its id."""
EXPIRED: Mapping[str, tuple[type[Base], InstrumentedAttribute[str], InstrumentedAttribute[datetime]]] = {
    "identity_tokens": (IdentityUseRow, IdentityUseRow.jti_hash, IdentityUseRow.expires_at),
    "staff_sessions": (StaffSessionRow, StaffSessionRow.token_hash, StaffSessionRow.expires_at),
}
"""Rows that expire by themselves: table, key, and the moment of expiry."""


@dataclass(frozen=True)
class Age:
    """One conversation of a visitor who was not erased.

    `last` is the moment of its last message, or when it began. `kept_by` exempts it from retention: a `hold`, an open
    `handoff` or an open `contest`.
    """

    conversation_id: str
    visitor_id: str
    last: datetime
    engine_remembers: bool
    kept_by: str | None


# Data subjects.


def visitors(session: Session, *, visitor_id: str | None = None, customer: str | None = None) -> Sequence[VisitorRow]:
    """One visitor, or all visitors of a customer (by pseudonym), the newest first."""
    theirs = VisitorRow.customer_id == customer if customer is not None else VisitorRow.id == visitor_id
    return session.scalars(select(VisitorRow).where(theirs).order_by(VisitorRow.created_at.desc())).all()


def conversations_of(
    session: Session, visitor_ids: Sequence[str], *, locked: bool = False
) -> Sequence[ConversationRow]:
    """The visitors' conversations, the oldest first; locked until this transaction ends, if asked for."""
    query = select(ConversationRow).where(ConversationRow.visitor_id.in_(visitor_ids))
    query = query.order_by(ConversationRow.created_at, ConversationRow.id)
    return session.scalars(query.with_for_update() if locked else query).all()


def sizes(session: Session, conversation_ids: Sequence[str]) -> dict[str, tuple[int, datetime]]:
    """The number of messages and the moment of the last one, by conversation; without those that have none."""
    counted = session.execute(
        select(MessageRow.conversation_id, func.count(), func.max(MessageRow.created_at))
        .where(MessageRow.conversation_id.in_(conversation_ids))
        .group_by(MessageRow.conversation_id)
    )
    return {conversation_id: (count, last) for conversation_id, count, last in counted}


# Records.


def accesses_to(session: Session, visitor_ids: Sequence[str], limit: int | None) -> Sequence[DecisionRow]:
    """Records of access to these visitors' data: looks by people, conversations taken by agents, the gate's grants."""
    return _newest(
        session,
        limit,
        DecisionRow.visitor_id.in_(visitor_ids),
        or_(
            DecisionRow.kind == Kind.ACCESS,
            and_(DecisionRow.kind == Kind.GATE, DecisionRow.outcome == "allowed"),
            and_(DecisionRow.kind == Kind.HANDOFF, DecisionRow.outcome == "handoff:accepted"),
        ),
    )


def accesses_to_many(session: Session, since: datetime, limit: int | None) -> Sequence[DecisionRow]:
    """Records of access that name no visitor."""
    return _newest(
        session, limit, DecisionRow.kind == Kind.ACCESS, DecisionRow.at >= since, DecisionRow.visitor_id == ""
    )


def proposals(session: Session, visitor_ids: Sequence[str]) -> set[str]:
    """The ids of the training examples proposed from these visitors' messages."""
    return set(session.scalars(select(CorrectionRow.id).where(CorrectionRow.visitor_id.in_(visitor_ids))))


def _newest(session: Session, limit: int | None, *which: ColumnElement[bool]) -> Sequence[DecisionRow]:
    query = select(DecisionRow).where(*which).order_by(DecisionRow.at.desc(), DecisionRow.id.desc())
    return session.scalars(query.limit(limit)).all()


# Legal holds.


def held(session: Session, conversation_ids: Iterable[str]) -> dict[str, HoldRow]:
    """Those of the conversations that are held, each with its oldest hold in force."""
    query = (
        select(HoldRow)
        .where(HoldRow.conversation_id.in_(list(conversation_ids)), HoldRow.ended_at.is_(None))
        .order_by(HoldRow.at.desc())
    )
    return {row.conversation_id: row for row in session.scalars(query)}


def add_hold(session: Session, row: HoldRow) -> None:
    """Add a hold."""
    session.add(row)
    session.flush()


def locked_hold(session: Session, hold_id: str) -> HoldRow | None:
    """The hold of that id, locked until this transaction ends."""
    return session.get(HoldRow, hold_id, with_for_update=True)


def holds_in_force(session: Session) -> Sequence[HoldRow]:
    """All holds in force, the oldest first."""
    return session.scalars(select(HoldRow).where(HoldRow.ended_at.is_(None)).order_by(HoldRow.at, HoldRow.id)).all()


# Retention.


def begun_before(
    session: Session, moment: datetime, after: Place | None, limit: int
) -> Sequence[Row[datetime, str, str]]:
    """The next conversations (created_at, id, visitor_id) of a walk, the oldest first; those of erased visitors too."""
    query = select(ConversationRow.created_at, ConversationRow.id, ConversationRow.visitor_id)
    query = query.where(ConversationRow.created_at < moment)
    if after is not None:
        query = query.where(tuple_(ConversationRow.created_at, ConversationRow.id) > after)
    return session.execute(query.order_by(ConversationRow.created_at, ConversationRow.id).limit(limit)).all()


def ages(session: Session, visitor_ids: Iterable[str]) -> list[Age]:
    """All conversations of these visitors; none of those who were erased."""
    query = (
        select(ConversationRow, _last_message(), *_keepers())
        .where(ConversationRow.visitor_id.in_(list(visitor_ids)), ~of_erased_visitor(ConversationRow.id))
        .order_by(ConversationRow.created_at, ConversationRow.id)
    )
    return [_age(*row) for row in session.execute(query)]


def visitors_of(session: Session, conversation_ids: Iterable[str]) -> Sequence[str]:
    """The visitors of these conversations, by ids."""
    query = select(ConversationRow.visitor_id).where(ConversationRow.id.in_(list(conversation_ids)))
    return session.scalars(query).all()


def note_forgotten(session: Session, conversation_ids: Sequence[str], moment: datetime) -> None:
    """Note that the engine was asked at `moment` to forget these conversations."""
    theirs = update(ConversationRow).where(ConversationRow.id.in_(conversation_ids))
    session.execute(theirs.values(engine_forgot_at=moment))


def count_expired(session: Session) -> dict[str, int]:
    """How many rows have expired, by the names of `EXPIRED`."""
    return {
        name: session.scalar(select(func.count()).select_from(table).where(ends <= now())) or 0
        for name, (table, _, ends) in EXPIRED.items()
    }


def drop_expired(session: Session, name: str, limit: int) -> int:
    """Delete at most `limit` expired rows of one kind; how many there were."""
    table, key, ends = EXPIRED[name]
    some = select(key).where(ends <= now()).limit(limit)
    result: CursorResult[Any] = core(session).execute(delete(table).where(key.in_(some)))
    return result.rowcount


def add_run(session: Session, removed: Mapping[str, int], keep: timedelta) -> None:
    """Note a round of retention; delete the notes that are older than `keep`."""
    moment = now()
    session.execute(delete(RetentionRunRow).where(RetentionRunRow.at < moment - keep))
    session.add(RetentionRunRow(id=new_id("ret"), at=moment, removed=dict(removed)))


def runs(session: Session, limit: int = 10) -> Sequence[RetentionRunRow]:
    """The last rounds of retention, the newest first."""
    return session.scalars(select(RetentionRunRow).order_by(RetentionRunRow.at.desc()).limit(limit)).all()


def _age(conversation: ConversationRow, last: datetime | None, held: bool, waiting: bool, contested: bool) -> Age:
    forgot = conversation.engine_forgot_at
    return Age(
        conversation_id=conversation.id,
        visitor_id=conversation.visitor_id,
        last=last or conversation.created_at,
        engine_remembers=last is not None and (forgot is None or forgot <= last),
        kept_by="hold" if held else "handoff" if waiting else "contest" if contested else None,
    )


def _last_message() -> Any:
    """One step in the index over conversation and moment, however long the conversation is."""
    return (
        select(func.max(MessageRow.created_at))
        .where(MessageRow.conversation_id == ConversationRow.id)
        .scalar_subquery()
    )


def _keepers() -> tuple[ColumnElement[bool], ...]:
    return (
        exists().where(HoldRow.conversation_id == ConversationRow.id, HoldRow.ended_at.is_(None)),
        exists().where(HandoffRow.conversation_id == ConversationRow.id, HandoffRow.state.in_(("queued", "accepted"))),
        exists().where(ContestRow.conversation_id == ConversationRow.id, ContestRow.state == "open"),
    )
