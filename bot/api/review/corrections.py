"""Training examples that reviews proposed, for a maintainer to decide about."""

from __future__ import annotations

from fastapi import APIRouter

from bot.api.deps import GatewayServices, Transaction
from bot.api.review.deps import Maintainer, Reason, Reviewer
from bot.api.schemas.errors import errors
from bot.api.schemas.review import CorrectionRuling, Corrections, ProposedCorrection
from bot.core.errors import BadRequest, Conflict, NotFound, RecordError
from bot.oversight.access_log import AccessPurpose
from bot.oversight.corrections import Ruling
from bot.oversight.repository.corrections import CorrectionState

router = APIRouter()
WORDING = ("text_missing", "intent_unknown", "not_reworded", "holds_identifier", "not_plain")


@router.get("/corrections", responses=errors(RecordError))
def get_corrections(
    session: Transaction,
    services: GatewayServices,
    reviewer: Reviewer,
    state: CorrectionState | None = None,
    why: Reason = AccessPurpose.REVIEW,
) -> Corrections:
    """Corrections, those to decide about first. Where a visitor's words are shown, the access is on record."""
    listed = services.corrections.listed(session, state)
    opened = [one.row.id for one in listed if one.row.state == CorrectionState.PROPOSED and one.text is not None]
    if opened:
        services.access_log.record(session, reviewer, "read:corrections", why, more={"correction_ids": opened})
    return Corrections(corrections=[ProposedCorrection.of(one) for one in listed])


@router.post(
    "/corrections/{correction_id}",
    responses=errors(NotFound, (Conflict, "already_decided", "stands_for_other"), (BadRequest, *WORDING), RecordError),
)
def post_correction(
    session: Transaction, services: GatewayServices, maintainer: Maintainer, correction_id: str, body: CorrectionRuling
) -> ProposedCorrection:
    """Decide about a correction. 400 `holds_identifier` when the wording does; 409 `already_decided`."""
    ruling = Ruling(body.accept, body.text or None, body.note or None)
    return ProposedCorrection.of(services.corrections.decide(session, maintainer, correction_id, ruling))
