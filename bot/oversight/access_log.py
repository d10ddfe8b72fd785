"""Each look at a visitor's data is a record itself: who looked, at what, when and why."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from sqlalchemy.orm import Session

from bot.core.errors import RecordError
from bot.core.ids import Json
from bot.db.models import ConversationRow, DecisionRow
from bot.decisions import Recorder
from bot.decisions.models import BY_A_PERSON, Decision, Kind
from bot.staff import Staff


class Why(StrEnum):
    """What a reviewer's look is for."""

    REVIEW = "review"
    CONTEST = "contest"
    COMPLAINT = "complaint"
    AUDIT = "audit"
    DATA_REQUEST = "data_request"


SUPPORT = "support"
"""What an agent's look is for."""
UNWATCHED = frozenset({Kind.ACCESS, Kind.STOP})
"""Kinds of record that hold nothing of a visitor's: a look at them is not recorded, or looks would never end."""


class Accesses:
    """Records looks. Call it first, and give the data only once its transaction has been committed."""

    def __init__(self, recorder: Recorder) -> None:
        self._recorder = recorder

    def decision(self, session: Session, staff: Staff, row: DecisionRow, why: str) -> str | None:
        """`staff` opens a record; the id of the access record, None where none is needed.

        Raises:
            RecordError: it could not be written; then nothing may be shown.
        """
        if row.kind in UNWATCHED:
            return None
        about = (row.conversation_id, row.visitor_id)
        return self.record(session, staff, "read:decision", why, about, {"decision_id": row.id})

    def conversation(self, session: Session, staff: Staff, row: ConversationRow, why: str) -> str:
        """`staff` opens a conversation; raises as `decision`."""
        return self.record(session, staff, "read:conversation", why, (row.id, row.visitor_id))

    def record(
        self,
        session: Session,
        staff: Staff,
        what: str,
        why: str,
        about: tuple[str, str] = ("", ""),
        more: Mapping[str, Json] | None = None,
    ) -> str:
        """One look; the access record's id. It outlives an erasure: who had looked stays known.

        Args:
            what: a verb and a thing, such as `read:contest`: the record's outcome.
            why: a `Why`, or `SUPPORT`.
            about: conversation and visitor looked at, "" where it is nobody's in particular.
            more: what else says what was looked at, such as `{"decision_id": …}`; no personal data.

        Raises:
            RecordError: it could not be written; then nothing may be shown.
        """
        look = _look(staff, what, why, about, more or {})
        try:
            return self._recorder.record(session, look)
        except RecordError as error:
            raise RecordError("Your look could not be recorded, so nothing is shown. Try again in a moment.") from error


def _look(staff: Staff, what: str, why: str, about: tuple[str, str], more: Mapping[str, Json]) -> Decision:
    conversation_id, visitor_id = about
    return Decision(
        kind=Kind.ACCESS,
        conversation_id=conversation_id,
        visitor_id=visitor_id,
        turn_id=None,
        outcome=what,
        input={"what": what, "why": str(why), **more},
        result={"staff": {"id": staff.id, "login": staff.login, "name": staff.name}},
        rule="access log",
        human_involvement=BY_A_PERSON,
        automation_level=BY_A_PERSON,
        outlives_erasure=True,
    )
