"""The access log: each access of staff to a visitor's data is a decision record (who, to what, when and why)."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from sqlalchemy.orm import Session

from bot.core.errors import RecordError
from bot.core.ids import Json
from bot.db.models import ConversationRow, DecisionRow
from bot.decisions import Recorder
from bot.decisions.kinds import Kind
from bot.decisions.models import Decision
from bot.staff import Staff


class AccessPurpose(StrEnum):
    """What a reviewer's access is for."""

    REVIEW = "review"
    CONTEST = "contest"
    COMPLAINT = "complaint"
    AUDIT = "audit"
    DATA_REQUEST = "data_request"


SUPPORT = "support"
"""What an agent's access is for."""
UNLOGGED = frozenset({Kind.ACCESS, Kind.STOP})
"""Kinds of record without a visitor's data: reading them is not recorded, or reading the log would never end."""


class AccessLog:
    """Records accesses. The data may be given out only once the transaction of the access record is committed."""

    def __init__(self, recorder: Recorder) -> None:
        self._recorder = recorder

    def decision(self, session: Session, staff: Staff, row: DecisionRow, why: str) -> str | None:
        """`staff` reads a decision record. Gives the access record's id; None where none is needed.

        Raises:
            RecordError: it could not be written; then nothing may be shown.
        """
        if row.kind in UNLOGGED:
            return None
        about = (row.conversation_id, row.visitor_id)
        return self.record(session, staff, "read:decision", why, about, {"decision_id": row.id})

    def conversation(self, session: Session, staff: Staff, row: ConversationRow, why: str) -> str:
        """`staff` reads a conversation. Raises as `decision`."""
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
        """Record one access; gives the record's id. It outlives an erasure: who had access stays known.

        Args:
            what: a verb and a thing, such as `read:contest`: the record's outcome.
            why: an `AccessPurpose`, or `SUPPORT`.
            about: the conversation and visitor concerned, "" where it is nobody's in particular.
            more: what else was read, such as `{"decision_id": …}`; no personal data.

        Raises:
            RecordError: it could not be written; then nothing may be shown.
        """
        conversation_id, visitor_id = about
        access = Decision.by_person(
            Kind.ACCESS,
            conversation_id,
            visitor_id,
            what,
            input={"what": what, "why": str(why), **(more or {})},
            result={"staff": staff.as_record()},
            rule="access log",
        )
        try:
            return self._recorder.record(session, access)
        except RecordError as error:
            raise RecordError("Your look could not be recorded, so nothing is shown. Try again in a moment.") from error
