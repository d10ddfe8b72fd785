"""The question for consent that stands open in a conversation, and what was asked last that needed one."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.consent.states import PAUSED, REQUESTED, WITHDRAWN
from bot.consent.status import latest
from bot.consent.subject import in_whose_name
from bot.core.messages import Author
from bot.db.models import ConsentRow, ConversationRow, MessageRow, OutboxRow


@dataclass(frozen=True)
class Asked:
    """The visitor was asked for consent in this conversation.

    Attributes:
        unanswered: no choice has been made since.
        just_now: nothing has been said here since but the question: only then does a bare "yes" or "no" answer it.
        card_event: the number of the outbox event that carried the card; None while its turn has not ended.
    """

    purpose: str
    unanswered: bool
    just_now: bool
    card_event: int | None


def asked(session: Session, conversation: ConversationRow, purpose: str | None = None) -> Asked | None:
    """The newest asking in this conversation, for `purpose` if given."""
    subject = in_whose_name(session, conversation)
    query = select(ConsentRow).where(
        ConsentRow.conversation_id == conversation.id, ConsentRow.subject == subject, ConsentRow.state == REQUESTED
    )
    if purpose is not None:
        query = query.where(ConsentRow.purpose == purpose)
    row = session.scalar(query.order_by(ConsentRow.at.desc(), ConsentRow.id.desc()).limit(1))
    if row is None:
        return None
    newest = latest(session, subject, row.purpose)
    unanswered = newest is not None and newest.id == row.id
    return Asked(row.purpose, unanswered, unanswered and _said_last(session, row), _card_event(session, row))


def latest_end(session: Session, conversation: ConversationRow) -> ConsentRow | None:
    """The newest event of this conversation by which something was withdrawn or paused."""
    return session.scalar(
        select(ConsentRow)
        .where(ConsentRow.conversation_id == conversation.id, ConsentRow.state.in_((WITHDRAWN, PAUSED)))
        .order_by(ConsentRow.at.desc(), ConsentRow.id.desc())
        .limit(1)
    )


def _said_last(session: Session, request: ConsentRow) -> bool:
    """Is the newest message that is not the visitor's the one of the turn that asked?"""
    last = session.scalar(
        select(MessageRow)
        .where(MessageRow.conversation_id == request.conversation_id, MessageRow.author != Author.VISITOR)
        .order_by(MessageRow.created_at.desc(), MessageRow.id.desc())
        .limit(1)
    )
    turn = request.evidence.get("turn_id")
    return last is not None and turn is not None and last.reply_to == turn


def _card_event(session: Session, request: ConsentRow) -> int | None:
    """The last event of the turn that asked: the card is the turn's last word."""
    return session.scalar(
        select(OutboxRow.seq)
        .join(MessageRow, MessageRow.id == OutboxRow.message_id)
        .where(
            MessageRow.conversation_id == request.conversation_id,
            MessageRow.reply_to == request.evidence.get("turn_id"),
            MessageRow.author != Author.VISITOR,
        )
        .order_by(OutboxRow.seq.desc())
        .limit(1)
    )
