"""The conversation around a decision."""

from __future__ import annotations

from cryptography.exceptions import InvalidTag
from fastapi import APIRouter
from sqlalchemy.orm import Session

from bot.api.deps import GatewayServices
from bot.api.review.deps import DecisionId, Reviewer
from bot.api.review.query import Reason
from bot.api.review.summaries import LANGUAGE, reader_of, summaries
from bot.api.schemas.errors import errors
from bot.api.schemas.review import ReviewedConversation, SaidMessage
from bot.core.errors import NotFound, RecordError
from bot.core.i18n import copy
from bot.core.messages import Author
from bot.db.erased import is_erased
from bot.db.models import ConversationRow, MessageRow
from bot.decisions import repository
from bot.messaging import Outbox
from bot.oversight.access_log import AccessPurpose
from bot.oversight.repository.conversations import newest_messages

router = APIRouter()
NEWEST = 500
"""Messages and decisions shown, at most; the newest ones."""


@router.get("/decisions/{decision_id}/conversation", responses=errors(NotFound, RecordError))
def get_conversation(
    services: GatewayServices, reviewer: Reviewer, decision_id: DecisionId, why: Reason = AccessPurpose.REVIEW
) -> ReviewedConversation:
    """What was said, and what was decided. The access is on record before this answers."""
    with services.database.transaction() as session:
        conversation = _find(session, decision_id)
        services.access_log.conversation(session, reviewer, conversation, why)
    with services.database.snapshot() as session:
        erased = is_erased(session, conversation.visitor_id)
        messages = [] if erased else newest_messages(session, conversation.id, NEWEST)
        decisions = repository.of_conversation(session, conversation.id, NEWEST)
        return ReviewedConversation(
            conversation_id=conversation.id,
            language=conversation.language,
            erased=erased,
            messages=[_message(session, services.outbox, conversation, row) for row in messages],
            decisions=summaries(session, decisions, reader_of(services, reviewer)),
        )


def _find(session: Session, decision_id: str) -> ConversationRow:
    row = repository.find_decision(session, decision_id)
    found = session.get(ConversationRow, row.conversation_id) if row is not None else None
    if found is None:
        raise NotFound("There is no conversation behind this record.")
    return found


def _message(session: Session, outbox: Outbox, conversation: ConversationRow, row: MessageRow) -> SaidMessage:
    try:
        text = str(outbox.body(session, conversation.visitor_id, row)["text"])
    except InvalidTag:
        text = copy("explain.damaged_title", LANGUAGE)
    return SaidMessage(
        id=row.id,
        author=Author(row.author),
        author_name=row.author_name,
        text=text,
        created_at=row.created_at.isoformat(),
        reply_to=row.reply_to,
    )
