"""One record: what it says, in words and word for word, and the proof that it is in the log."""

from __future__ import annotations

from fastapi import APIRouter
from sqlalchemy.orm import Session

from bot.api.deps import GatewayServices, Snapshot, Transaction
from bot.api.review import record_view
from bot.api.review.deps import DecisionId, Reviewer
from bot.api.review.query import Reason
from bot.api.review.summaries import LANGUAGE, reader_of, summaries
from bot.api.schemas.errors import errors
from bot.api.schemas.review import ContestedDecision, Decision, DecisionReview, Proof
from bot.core.errors import Conflict, NotFound, RecordError
from bot.core.ids import Json
from bot.db.models import DecisionRow
from bot.decisions import repository
from bot.decisions.explain import Explained, explain, explain_damaged, explain_erased
from bot.decisions.opened import Opened, open_all
from bot.oversight.access_log import AccessPurpose
from bot.oversight.repository.contests import of_decision
from bot.services import Services
from bot.staff import Staff
from bot.transparency_log.proofs import prove

router = APIRouter()


@router.get("/decisions/{decision_id}", response_model=Decision, responses=errors(NotFound, RecordError))
def get_decision(
    session: Transaction,
    services: GatewayServices,
    reviewer: Reviewer,
    decision_id: DecisionId,
    why: Reason = AccessPurpose.REVIEW,
) -> Json:
    """One record with all that belongs to it. The access is on record before this answers."""
    row = repository.find_decision(session, decision_id)
    if row is None:
        raise NotFound("There is no such decision.")
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


def _detail(session: Session, services: Services, reviewer: Staff, row: DecisionRow) -> dict[str, Json]:
    rows = repository.of_turn(session, row.conversation_id, row.turn_id) or [row]
    turn = open_all(session, services.recorder, rows)
    opened = next(one for one in turn if one.row.id == row.id)
    record, contest = opened.record, of_decision(session, row.id)
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
        "contest": ContestedDecision.of(services.contests.read(session, contest)) if contest is not None else None,
    }


def _bare(session: Session, row: DecisionRow) -> dict[str, Json]:
    """What is left of a record whose content is gone."""
    (summary,) = summaries(session, [row])
    return {**summary.model_dump(), "turn_id": row.turn_id, "commitment": row.commitment, "erased": ["/"]}


def _explanation(opened: Opened) -> Explained:
    if opened.damaged:
        return explain_damaged(LANGUAGE)
    return explain_erased(LANGUAGE) if opened.record is None else explain(opened.record, LANGUAGE)
