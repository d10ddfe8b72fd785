"""Which conversations an agent may see: those that wait, their own, and for a while those whose request has ended."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy.orm import Session

from bot.core.errors import NotFound
from bot.core.ids import now
from bot.db.erased import is_erased
from bot.db.models import ConversationRow, HandoffRow
from bot.db.rows import load
from bot.desk.repository import last_event_at
from bot.handoff import State
from bot.handoff.repository import newest
from bot.staff import Staff

MISSED = timedelta(days=3)
"""How long an expired request stays on the desk's list."""
AFTERWARDS = timedelta(hours=1)
"""How long an agent can read a conversation after their part in it has ended."""


@dataclass(frozen=True)
class Visible:
    """A conversation that may be seen. `until` is the number of the last event that may be; None while it is open."""

    row: HandoffRow
    until: int | None

    def shows(self, seq: int | None) -> bool:
        """Whether the event of this number may be seen; passing events only while it is open."""
        return self.until is None or (seq is not None and seq <= self.until)


def visible(session: Session, staff: Staff, conversation_id: str) -> Visible:
    """What `staff` may see of this conversation now.

    Raises:
        NotFound: nothing; unknown conversations and those of others look the same.
    """
    row = newest(session, conversation_id)
    if row is None or not _may_see(row, staff):
        raise NotFound("This conversation is not waiting for a person, or a colleague has taken it.")
    until = None if row.ended_at is None else last_event_at(session, conversation_id, row.ended_at)
    return Visible(row, until)


def followed(session: Session, staff: Staff, conversation_id: str) -> Visible:
    """As `visible`, for following the conversation's events.

    Raises:
        NotFound: nothing may be seen; `erased`, the visitor was erased and there will be no events.
    """
    seen = visible(session, staff, conversation_id)
    if is_erased(session, load(session, ConversationRow, conversation_id).visitor_id):
        raise NotFound("This visitor was erased, and with them what was said here.", code="erased")
    return seen


def _may_see(row: HandoffRow, staff: Staff) -> bool:
    match row.state:
        case State.QUEUED:
            return True
        case State.ACCEPTED:
            return row.agent_id == staff.id
        case State.EXPIRED:
            return row.queued_at > now() - MISSED
        case State.WITHDRAWN:
            return _lately(row)
        case _:
            return row.agent_id == staff.id and _lately(row)


def _lately(row: HandoffRow) -> bool:
    return row.ended_at is not None and row.ended_at > now() - AFTERWARDS
