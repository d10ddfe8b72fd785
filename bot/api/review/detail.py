"""One record: what it says, in words and word for word, and the proof that it stands in the log."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends
from sqlalchemy.orm import Session

from bot.api.review import record_view
from bot.api.review.deps import Parts, Reviewer, Services
from bot.api.review.query import Reason
from bot.api.review.summaries import LANGUAGE, reader_of, summaries
from bot.core.errors import NotFound
from bot.core.ids import Json
from bot.db.models import DecisionRow
from bot.decisions import repository
from bot.decisions.explain import Explained, explain, explain_damaged, explain_erased
from bot.oversight import contests
from bot.oversight.access_log import Accesses, Why
from bot.oversight.reviews import Reviews
from bot.staff import Staff
from bot.transparency_log.proofs import prove

router = APIRouter()


def _known(decision_id: str) -> str:
    if "\0" in decision_id:
        raise NotFound("There is no such decision.")
    return decision_id


DecisionId = Annotated[str, Depends(_known)]


@router.get("/decisions/{decision_id}")
async def get_decision(
    parts: Services, reviewer: Reviewer, decision_id: DecisionId, why: Reason = Why.REVIEW
) -> dict[str, Json]:
    """One record with all that belongs to it. The look is on record before this answers."""
    await parts.database.write(lambda s: _look(s, parts, reviewer, decision_id, why))
    return await parts.database.read(lambda s: _detail(s, parts, reviewer, _find(s, decision_id)))


@router.get("/decisions/{decision_id}/proof")
async def get_proof(parts: Services, decision_id: DecisionId) -> dict[str, Json]:
    """The proof that the record is in the log (RFC 9162). 409 `not_sealed_yet` in its first seconds."""
    return await parts.database.read(lambda s: prove(s, parts.sealer.signer, decision_id))


def _look(session: Session, parts: Parts, staff: Staff, decision_id: str, why: Why) -> None:
    Accesses(parts.recorder).decision(session, staff, _find(session, decision_id), why)


def _find(session: Session, decision_id: str) -> DecisionRow:
    row = repository.find_decision(session, decision_id)
    if row is None:
        raise NotFound("There is no such decision.")
    return row


def _detail(session: Session, parts: Parts, reviewer: Staff, row: DecisionRow) -> dict[str, Json]:
    turn_rows = repository.of_turn(session, row.conversation_id, row.turn_id) or [row]
    turn = record_view.open_all(session, parts.recorder, turn_rows)
    opened = next(one for one in turn if one.row.id == row.id)
    record, contest = opened.record, contests.of_decision(session, row.id)
    reviews = Reviews(parts.recorder, parts.keyring)
    return {
        **(record or _bare(session, row)),
        **opened.as_json(),
        "explanation": _explanation(opened),
        "ranking": record["alternatives"] if record else [],
        "threshold": record["threshold"] if record else None,
        "turn": summaries(session, turn_rows, reader_of(parts, reviewer)),
        "erasure": record_view.erasure(session, opened),
        "damaged": opened.damaged,
        "personal": record_view.personal(session, opened, turn),
        "waterfall": record_view.waterfall(session, opened, turn),
        "reviews": reviews.of_decision(session, row.id, reviewer, parts.settings.second_reviews),
        "contest": None if contest is None else parts.contests.whole(session, contest),
    }


def _bare(session: Session, row: DecisionRow) -> dict[str, Json]:
    """What is left of a record whose content is gone."""
    return {**summaries(session, [row])[0], "turn_id": row.turn_id, "commitment": row.commitment, "erased": ["/"]}


def _explanation(opened: record_view.Opened) -> Explained:
    if opened.damaged:
        return explain_damaged(LANGUAGE)
    return explain_erased(LANGUAGE) if opened.record is None else explain(opened.record, LANGUAGE)
