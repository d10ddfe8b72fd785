"""One record: what it says, the proof that it is in the log, and the conversation around it."""

from __future__ import annotations

from cryptography.exceptions import InvalidTag
from fastapi import APIRouter
from sqlalchemy.orm import Session

from bot.api.deps import GatewayServices, Snapshot, Transaction
from bot.api.review import record_view
from bot.api.review.deps import DecisionId, Reason, Reviewer
from bot.api.review.summaries import LANGUAGE, reader_of, summaries
from bot.api.schemas.errors import errors
from bot.api.schemas.review import (
    ContestedDecision,
    Decision,
    DecisionReview,
    Proof,
    ReviewedConversation,
    SaidMessage,
)
from bot.core.errors import Conflict, NotFound, RecordError
from bot.core.i18n import copy
from bot.core.ids import Json
from bot.db.erased import is_erased
from bot.db.models import ConversationRow, DecisionRow, MessageRow
from bot.db.rows import find, find_or_refuse
from bot.decisions import repository
from bot.decisions.explain import Explained, explain, explain_damaged, explain_erased
from bot.decisions.recorder import Opened
from bot.messaging import Outbox
from bot.oversight.access_log import AccessPurpose
from bot.oversight.repository.contests import of_decision
from bot.services import Services
from bot.staff import Staff
from bot.transparency_log.proofs import prove

router = APIRouter()
NEWEST = 500
"""Messages and decisions of a conversation that are shown, at most; the newest ones."""


@router.get("/decisions/{decision_id}", response_model=Decision, responses=errors(NotFound, RecordError))
def get_decision(
    session: Transaction,
    services: GatewayServices,
    reviewer: Reviewer,
    decision_id: DecisionId,
    why: Reason = AccessPurpose.REVIEW,
) -> Json:
    """One record with all that belongs to it. The access is on record before this answers."""
    row = find_or_refuse(session, DecisionRow, decision_id, "There is no such decision.")
    services.access_log.decision(session, reviewer, row, why)
    return _detail(session, services, reviewer, row)


@router.get(
    "/decisions/{decision_id}/proof",
    response_model=Proof,
    responses=errors(NotFound, (Conflict, "not_sealed_yet")),
)
def get_proof(session: Snapshot, services: GatewayServices, decision_id: DecisionId) -> Json:
    """The proof that the record is in the log (RFC 9162). 409 `not_sealed_yet` in its first seconds."""
    return prove(session, services.sequencer.signer, decision_id)


@router.get("/decisions/{decision_id}/conversation", responses=errors(NotFound, RecordError))
async def get_conversation(
    services: GatewayServices, reviewer: Reviewer, decision_id: DecisionId, why: Reason = AccessPurpose.REVIEW
) -> ReviewedConversation:
    """What was said, and what was decided. The access is on record before this answers."""
    conversation = await services.database.run(_record_access, services, reviewer, decision_id, why)
    return await services.database.run(_conversation, services, reviewer, conversation)


def _detail(session: Session, services: Services, reviewer: Staff, row: DecisionRow) -> dict[str, Json]:
    rows = repository.of_turn(session, row.conversation_id, row.turn_id) or [row]
    turn = services.recorder.open_all(session, rows)
    opened = next(one for one in turn if one.row.id == row.id)
    record, contested = opened.record, of_decision(session, row.id)
    contest = None if contested is None else services.contests.read(session, contested)
    reviews = services.reviews.of_decision(session, row.id, reviewer, services.settings.second_reviews)
    return {
        **(record or _bare(session, row)),
        **record_view.sealed_parts(opened),
        "explanation": _explanation(opened),
        "ranking": record["alternatives"] if record else [],
        "threshold": record["threshold"] if record else None,
        "turn": summaries(session, rows, reader_of(services, reviewer)),
        "erasure": record_view.erasure(session, opened),
        "damaged": opened.damaged,
        "personal": record_view.personal(session, opened, turn),
        "waterfall": record_view.waterfall(session, opened, turn),
        "reviews": [DecisionReview.of(review) for review in reviews],
        "contest": None if contest is None else ContestedDecision.of(contest),
    }


def _bare(session: Session, row: DecisionRow) -> dict[str, Json]:
    """What is left of a record whose content is gone."""
    (summary,) = summaries(session, [row])
    return {**summary.model_dump(), "turn_id": row.turn_id, "commitment": row.commitment, "erased": ["/"]}


def _explanation(opened: Opened) -> Explained:
    if opened.damaged:
        return explain_damaged(LANGUAGE)
    return explain_erased(LANGUAGE) if opened.record is None else explain(opened.record, LANGUAGE)


def _record_access(services: Services, reviewer: Staff, decision_id: str, why: AccessPurpose) -> ConversationRow:
    with services.database.transaction() as session:
        row = find(session, DecisionRow, decision_id)
        conversation = None if row is None else find(session, ConversationRow, row.conversation_id)
        if conversation is None:
            raise NotFound("There is no conversation behind this record.")
        services.access_log.conversation(session, reviewer, conversation, why)
        return conversation


def _conversation(services: Services, reviewer: Staff, conversation: ConversationRow) -> ReviewedConversation:
    with services.database.snapshot() as session:
        erased = is_erased(session, conversation.visitor_id)
        messages = [] if erased else repository.newest_messages(session, conversation.id, NEWEST)
        decisions = repository.of_conversation(session, conversation.id, NEWEST)
        return ReviewedConversation(
            conversation_id=conversation.id,
            language=conversation.language,
            erased=erased,
            messages=[_message(session, services.outbox, conversation, row) for row in messages],
            decisions=summaries(session, decisions, reader_of(services, reviewer)),
        )


def _message(session: Session, outbox: Outbox, conversation: ConversationRow, row: MessageRow) -> SaidMessage:
    try:
        text = str(outbox.body(session, conversation.visitor_id, row)["text"])
    except InvalidTag:
        text = copy("explain.damaged_title", LANGUAGE)
    return SaidMessage.of(row, text=text)
