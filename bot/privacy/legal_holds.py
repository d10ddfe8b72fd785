"""Legal holds: while one is in force its conversation is neither erased nor cleared by retention. Each is on record."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Protocol

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from bot.core.errors import BadRequest, Conflict, NotFound
from bot.core.ids import new_id, now
from bot.db.models import ConversationRow, ErasureRow, HoldRow, VisitorRow
from bot.decisions.models import BY_A_PERSON, Decision, Kind

LONGEST = 400
"""Characters of a reason."""


class Records(Protocol):
    """Writes decision records: `bot.decisions.Recorder`."""

    def record(self, session: Session, decision: Decision) -> str: ...


def hold(session: Session, records: Records, conversation_id: str, reason: str, by: str) -> HoldRow:
    """Put a hold on the conversation. There may be several, for several matters; each ends by itself.

    Raises:
        NotFound: there is no such conversation.
        BadRequest: there is no reason, or one of more than 400 characters.
        Conflict: the visitor was erased: there is nothing left to hold.
    """
    conversation = session.get(ConversationRow, conversation_id)
    if conversation is None:
        raise NotFound("There is no such conversation.")
    if not 1 <= len(reason.strip()) <= LONGEST:
        raise BadRequest(f"Say in 1 to {LONGEST} characters why it is held.")
    # An erasure that is under way comes first, and one that begins later finds the hold.
    lock(session, [conversation.visitor_id])
    if session.scalar(select(ErasureRow.id).where(ErasureRow.visitor_id == conversation.visitor_id)) is not None:
        raise Conflict("The visitor was erased: there is nothing left to hold.", code="erased")
    row = HoldRow(id=new_id("hld"), conversation_id=conversation_id, reason=reason.strip(), by=by, at=now())
    session.add(row)
    session.flush()
    _tell(session, records, row, conversation, "held", by)
    return row


def release(session: Session, records: Records, hold_id: str, by: str) -> HoldRow:
    """End a hold; from now on the conversation is kept no longer than any other.

    Raises:
        NotFound: there is no such hold.
        Conflict: it has ended already.
    """
    row = session.get(HoldRow, hold_id, with_for_update=True)
    if row is None:
        raise NotFound("There is no such hold. 'candor hold list' lists them.")
    if row.ended_at is not None:
        raise Conflict("This hold has ended already.", code="already_ended")
    row.ended_at, row.ended_by = now(), by
    session.flush()
    _tell(session, records, row, session.get_one(ConversationRow, row.conversation_id), "released", by)
    return row


def held(session: Session, conversation_ids: Iterable[str]) -> dict[str, HoldRow]:
    """Those of the conversations that are held, each with its oldest hold in force."""
    query = (
        select(HoldRow)
        .where(HoldRow.conversation_id.in_(list(conversation_ids)), HoldRow.ended_at.is_(None))
        .order_by(HoldRow.at.desc())
    )
    return {row.conversation_id: row for row in session.scalars(query)}


def lock(session: Session, visitor_ids: Iterable[str]) -> None:
    """Make everybody else who would hold or clear what is these visitors' wait until this transaction ends."""
    if session.get_bind().dialect.name == "sqlite":
        # An update of nothing takes the write lock.
        session.execute(update(VisitorRow).where(VisitorRow.id == "").values(created_at=VisitorRow.created_at))
        return
    query = select(VisitorRow.id).where(VisitorRow.id.in_(list(visitor_ids)))
    session.execute(query.order_by(VisitorRow.id).with_for_update())


def in_force(session: Session) -> Sequence[HoldRow]:
    """All holds in force, the oldest first."""
    return session.scalars(select(HoldRow).where(HoldRow.ended_at.is_(None)).order_by(HoldRow.at, HoldRow.id)).all()


def _tell(
    session: Session, records: Records, row: HoldRow, conversation: ConversationRow, outcome: str, by: str
) -> None:
    """Put it on record; the record outlives the visitor's later erasure, so that it stays known why that came late."""
    decision = Decision(
        kind=Kind.HOLD,
        conversation_id=conversation.id,
        visitor_id=conversation.visitor_id,
        turn_id=None,
        outcome=outcome,
        input={"hold_id": row.id, "reason": row.reason, "by": by},
        rule="legal hold",
        human_involvement=BY_A_PERSON,
        automation_level=BY_A_PERSON,
        outlives_erasure=True,
    )
    records.record(session, decision)
