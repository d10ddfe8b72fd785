"""Queries about corrections, and about the models that they are tried with."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum

from sqlalchemy import Select, delete, select, update
from sqlalchemy.orm import Session, aliased

from bot.core.ids import now
from bot.db.models import CorrectionRow, DecisionRow, ReviewRow, StaffRow


class CorrectionState(StrEnum):
    """The state of a correction."""

    PROPOSED = "proposed"
    ACCEPTED = "accepted"
    REFUSED = "refused"


def in_state(session: Session, state: CorrectionState | None, limit: int) -> Sequence[CorrectionRow]:
    """Those to decide about first, the longest waiting one first; then the others, the newest first."""
    waiting = CorrectionRow.state == CorrectionState.PROPOSED.value
    found: list[CorrectionRow] = []
    if state in (None, CorrectionState.PROPOSED):
        query = select(CorrectionRow).where(waiting).order_by(CorrectionRow.proposed_at)
        found += session.scalars(query.limit(limit))
    if state is not CorrectionState.PROPOSED:
        others = select(CorrectionRow).where(CorrectionRow.state == state.value if state else ~waiting)
        found += session.scalars(others.order_by(CorrectionRow.decided_at.desc()).limit(limit))
    return found[:limit]


def people(session: Session, rows: Sequence[CorrectionRow]) -> dict[str, tuple[str, str | None]]:
    """The names of who proposed and who decided, by the correction's id."""
    proposer, maintainer = aliased(StaffRow), aliased(StaffRow)
    query = (
        select(CorrectionRow.id, proposer.name, maintainer.name)
        .join(ReviewRow, ReviewRow.id == CorrectionRow.review_id)
        .join(proposer, proposer.id == ReviewRow.reviewer_id)
        .outerjoin(maintainer, maintainer.id == CorrectionRow.decided_by)
        .where(CorrectionRow.id.in_([row.id for row in rows]))
    )
    return {correction_id: (proposed, decided) for correction_id, proposed, decided in session.execute(query)}


def accepted_for_another(session: Session, text: str, intent: str) -> str | None:
    """The other intent that this very example was accepted for."""
    same = select(CorrectionRow.intent).where(
        CorrectionRow.state == CorrectionState.ACCEPTED.value,
        CorrectionRow.text == text,
        CorrectionRow.intent != intent,
    )
    return session.scalar(same.limit(1))


def accepted(session: Session) -> Sequence[tuple[CorrectionRow, str]]:
    """The accepted corrections, each with the reason of its review."""
    query = select(CorrectionRow, ReviewRow.reason).join(ReviewRow, ReviewRow.id == CorrectionRow.review_id)
    return session.execute(query.where(CorrectionRow.state == CorrectionState.ACCEPTED.value)).all()


def intents_accepted_between(session: Session, start: datetime, end: datetime) -> set[str]:
    """The intents of the corrections that were accepted from `start` on and before `end`."""
    query = select(CorrectionRow.intent).where(
        CorrectionRow.state == CorrectionState.ACCEPTED.value,
        CorrectionRow.decided_at >= start,
        CorrectionRow.decided_at < end,
    )
    return set(session.scalars(query))


def to_try(session: Session, model: str) -> Sequence[CorrectionRow]:
    """The accepted corrections to try with this model: of messages that were misunderstood before its first record."""
    query: Select[CorrectionRow] = (
        select(CorrectionRow)
        .join(DecisionRow, DecisionRow.id == CorrectionRow.decision_id)
        .where(
            CorrectionRow.state == CorrectionState.ACCEPTED.value,
            CorrectionRow.right_model.is_(None),
            CorrectionRow.tried_model.is_distinct_from(model),
        )
    )
    first = session.scalar(select(DecisionRow.at).where(DecisionRow.model == model).order_by(DecisionRow.at).limit(1))
    if first is not None:
        query = query.where(DecisionRow.at < first)
    return session.scalars(query).all()


def note_tried(session: Session, model: str, right: Sequence[str], wrong: Sequence[str]) -> None:
    """Note which corrections this model understands rightly, and which it does not."""
    tried = update(CorrectionRow).values(tried_model=model)
    session.execute(tried.where(CorrectionRow.id.in_([*right, *wrong])))
    session.execute(tried.where(CorrectionRow.id.in_(right)).values(right_model=model, right_at=now()))


def delete_proposed(session: Session, reviewer_id: str, decision_id: str) -> None:
    """Delete what this reviewer has proposed for this decision and nobody has decided about."""
    earlier = select(ReviewRow.id).where(ReviewRow.decision_id == decision_id, ReviewRow.reviewer_id == reviewer_id)
    proposed = CorrectionRow.state == CorrectionState.PROPOSED.value
    session.execute(delete(CorrectionRow).where(CorrectionRow.review_id.in_(earlier), proposed))


def clear_quotes(session: Session, conversation_id: str) -> None:
    """Empty the texts of a conversation's visitor that are proposed under a consent, which was withdrawn."""
    theirs = select(DecisionRow.id).where(DecisionRow.conversation_id == conversation_id)
    quoted = (CorrectionRow.decision_id.in_(theirs), CorrectionRow.consent_record_id.is_not(None))
    session.execute(update(CorrectionRow).where(*quoted).values(text_sealed=None))
