"""Legal holds: while one is in force its conversation is neither erased nor cleared by retention. Each is on record."""

from __future__ import annotations

from sqlalchemy.orm import Session

from bot.core.errors import BadRequest, Conflict, NotFound
from bot.core.ids import new_id, now
from bot.db.erased import is_erased
from bot.db.locks import lock_visitors
from bot.db.models import ConversationRow, HoldRow
from bot.db.rows import find, load
from bot.decisions import Recorder
from bot.decisions.kinds import Kind
from bot.decisions.models import Decision
from bot.privacy import repository
from bot.privacy.repository import held
from bot.privacy.repository import holds_in_force as in_force

__all__ = ["held", "hold", "in_force", "release"]
MAX_REASON = 400
"""Characters of a reason."""


def hold(session: Session, recorder: Recorder, conversation_id: str, reason: str, by: str) -> HoldRow:
    """Put a hold on the conversation. There may be several, for several matters; each ends by itself.

    Raises:
        NotFound: there is no such conversation.
        BadRequest: there is no reason, or one of more than 400 characters.
        Conflict: the visitor was erased: there is nothing left to hold.
    """
    conversation = find(session, ConversationRow, conversation_id)
    if conversation is None:
        raise NotFound("There is no such conversation.")
    if not 1 <= len(reason.strip()) <= MAX_REASON:
        raise BadRequest(f"Say in 1 to {MAX_REASON} characters why it is held.")
    # An erasure that is under way comes first, and one that begins later finds the hold.
    lock_visitors(session, [conversation.visitor_id])
    if is_erased(session, conversation.visitor_id):
        raise Conflict("The visitor was erased: there is nothing left to hold.", code="erased")
    row = HoldRow(id=new_id("hld"), conversation_id=conversation_id, reason=reason.strip(), by=by, at=now())
    repository.add_hold(session, row)
    _record(session, recorder, row, conversation, "held", by)
    return row


def release(session: Session, recorder: Recorder, hold_id: str, by: str) -> HoldRow:
    """End a hold; from now on the conversation is kept no longer than any other.

    Raises:
        NotFound: there is no such hold.
        Conflict: it has ended already.
    """
    row = repository.locked_hold(session, hold_id)
    if row is None:
        raise NotFound("There is no such hold. 'candor hold list' lists them.")
    if row.ended_at is not None:
        raise Conflict("This hold has ended already.", code="already_ended")
    row.ended_at, row.ended_by = now(), by
    _record(session, recorder, row, load(session, ConversationRow, row.conversation_id), "released", by)
    return row


def _record(
    session: Session, recorder: Recorder, row: HoldRow, conversation: ConversationRow, outcome: str, by: str
) -> None:
    """The record outlives the visitor's later erasure: it stays known why that came late."""
    done, about = {"hold_id": row.id, "reason": row.reason, "by": by}, (conversation.id, conversation.visitor_id)
    recorder.record(session, Decision.by_person(Kind.HOLD, *about, outcome, input=done, rule="legal hold"))
