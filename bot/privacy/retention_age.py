"""How old a conversation is: when something last happened in it, and what keeps it all the same."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeAlias

from sqlalchemy import ColumnElement, Row, exists, func, select, tuple_
from sqlalchemy.orm import Session

from bot.db.models import ContestRow, ConversationRow, ErasureRow, HandoffRow, HoldRow, MessageRow

Place: TypeAlias = tuple[datetime, str]
"""How far a walk along the conversations has come: the moment one began, and its id."""


@dataclass(frozen=True)
class Age:
    """One conversation of a visitor who was not erased.

    `last` is its last message's moment, or else when it began. `kept_by` is what keeps it however old it is: a
    `hold`, an open `handoff` or an open `contest`.
    """

    conversation_id: str
    visitor_id: str
    last: datetime
    engine_remembers: bool
    kept_by: str | None


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
    erased = exists().where(ErasureRow.visitor_id == ConversationRow.visitor_id)
    query = (
        select(ConversationRow, _last_message(), *_keepers())
        .where(ConversationRow.visitor_id.in_(list(visitor_ids)), ~erased)
        .order_by(ConversationRow.created_at, ConversationRow.id)
    )
    return [_age(*row) for row in session.execute(query)]


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
