"""The conversation around a decision."""

from __future__ import annotations

from cryptography.exceptions import InvalidTag
from fastapi import APIRouter
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.api.review.deps import Parts, Reviewer, Services
from bot.api.review.detail import DecisionId
from bot.api.review.query import Reason
from bot.api.review.summaries import LANGUAGE, reader_of, summaries
from bot.core.errors import NotFound
from bot.core.i18n import copy
from bot.core.ids import Json
from bot.db.models import ConversationRow, MessageRow, VisitorKeyRow
from bot.decisions import repository
from bot.oversight.access_log import Accesses, Why
from bot.oversight.sampling import Reader

router = APIRouter()
NEWEST = 500
"""Messages and decisions shown, at most; the newest ones."""


@router.get("/decisions/{decision_id}/conversation")
async def get_conversation(
    parts: Services, reviewer: Reviewer, decision_id: DecisionId, why: Reason = Why.REVIEW
) -> dict[str, Json]:
    """What was said, and what was decided. The look is on record before this answers."""

    def look(session: Session) -> str:
        conversation = _find(session, decision_id)
        Accesses(parts.recorder).conversation(session, reviewer, conversation, why)
        return conversation.id

    conversation_id = await parts.database.write(look)
    reader = reader_of(parts, reviewer)
    return await parts.database.read(lambda s: _view(s, parts, reader, s.get_one(ConversationRow, conversation_id)))


def _find(session: Session, decision_id: str) -> ConversationRow:
    row = repository.find_decision(session, decision_id)
    found = session.get(ConversationRow, row.conversation_id) if row is not None else None
    if found is None:
        raise NotFound("There is no conversation behind this record.")
    return found


def _view(session: Session, parts: Parts, reader: Reader, conversation: ConversationRow) -> dict[str, Json]:
    key = session.get(VisitorKeyRow, conversation.visitor_id)
    erased = key is not None and key.destroyed_at is not None
    return {
        "conversation_id": conversation.id,
        "language": conversation.language,
        "erased": erased,
        "messages": [] if erased else _messages(session, parts, conversation),
        "decisions": summaries(session, repository.of_conversation(session, conversation.id, NEWEST), reader),
    }


def _messages(session: Session, parts: Parts, conversation: ConversationRow) -> list[dict[str, Json]]:
    """The newest messages in the order they were said."""
    query = (
        select(MessageRow)
        .where(MessageRow.conversation_id == conversation.id)
        .order_by(MessageRow.created_at.desc(), MessageRow.id.desc())
        .limit(NEWEST)
    )
    return [_message(session, parts, conversation, row) for row in session.scalars(query).all()[::-1]]


def _message(session: Session, parts: Parts, conversation: ConversationRow, row: MessageRow) -> dict[str, Json]:
    return {
        "id": row.id,
        "author": row.author,
        "author_name": row.author_name,
        "text": _text(session, parts, conversation, row),
        "created_at": row.created_at.isoformat(),
        "reply_to": row.reply_to,
    }


def _text(session: Session, parts: Parts, conversation: ConversationRow, row: MessageRow) -> str:
    try:
        return str(parts.outbox.body(session, conversation.visitor_id, row)["text"])
    except InvalidTag:
        return copy("explain.damaged_title", LANGUAGE)
