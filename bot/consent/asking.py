"""The question for consent that stands open in a conversation."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.consent.events import REQUESTED
from bot.consent.standing import latest
from bot.consent.subject import in_whose_name
from bot.messages import Author
from bot.storage.tables import ConsentRow, ConversationRow, MessageRow


@dataclass(frozen=True)
class Asked:
    """The visitor was asked for consent in this conversation.

    `just_now` says that nothing has been said here since but the question: only then does a bare "yes" answer it.
    """

    purpose: str
    resume: str | None
    reference: str | None
    just_now: bool


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
    evidence = row.evidence
    return Asked(
        row.purpose, evidence.get("resume_action"), evidence.get("reference"), unanswered and _said_last(session, row)
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
