"""What there is of each category of `kept` in given conversations, to be counted or cleared in place."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from sqlalchemy import ColumnElement, CursorResult, Select, func, select, update
from sqlalchemy.orm import Session

from bot.core.ids import now
from bot.db.models import (
    Base,
    ContestRow,
    ConversationRow,
    CorrectionRow,
    DecisionPayloadRow,
    DecisionRow,
    HandoffRow,
    PlaceholderRow,
    VisitorRow,
)

TOO_OLD = "Nobody decided about this in the time for which proposals are kept."
Ids: TypeAlias = Sequence[str]


@dataclass(frozen=True)
class Content:
    """Rows that hold something, and what they are set to where that can be cleared by itself."""

    table: type[Base]
    holds: tuple[ColumnElement[bool], ...]
    cleared: Mapping[str, Any] = field(default_factory=dict)


def count(session: Session, category: str, conversation_ids: Ids) -> int:
    """How much of the category these conversations hold: rows."""
    return sum(
        session.scalar(select(func.count()).select_from(one.table).where(*one.holds)) or 0
        for one in _CONTENT[category](conversation_ids)
    )


def clear(session: Session, category: str, conversation_ids: Ids) -> int:
    """Clear the category in these conversations; how many rows held something. Twice is harmless."""
    session.flush()
    return sum(_clear(session, one) for one in _CONTENT[category](conversation_ids))


def _clear(session: Session, content: Content) -> int:
    assert content.cleared, "This goes with the visitor alone."
    statement = update(content.table).where(*content.holds).values(**content.cleared)
    result: CursorResult[Any] = session.connection().execute(statement)
    return result.rowcount


def _contact(ids: Ids) -> list[Content]:
    return [
        Content(table, (table.conversation_id.in_(ids), table.contact_sealed.is_not(None)), {"contact_sealed": None})
        for table in (HandoffRow, ContestRow)
    ]


def _identifiers(ids: Ids) -> list[Content]:
    holds = (PlaceholderRow.conversation_id.in_(ids), PlaceholderRow.value_sealed != b"")
    return [Content(PlaceholderRow, holds, {"value_sealed": b"", "value_hash": ""})]


def _training(ids: Ids) -> list[Content]:
    theirs = select(DecisionRow.id).where(DecisionRow.conversation_id.in_(ids))
    holds = (CorrectionRow.decision_id.in_(theirs), CorrectionRow.state == "proposed")
    ended = {"text_sealed": None, "state": "refused", "decided_at": now(), "note": TOO_OLD}
    return [Content(CorrectionRow, holds, ended)]


def _conversation(ids: Ids) -> list[Content]:
    return [Content(ConversationRow, (ConversationRow.id.in_(ids),))]


def _identity(ids: Ids) -> list[Content]:
    return [Content(VisitorRow, (VisitorRow.id.in_(_visitors(ids)), VisitorRow.identity_sealed.is_not(None)))]


def _decisions(ids: Ids) -> list[Content]:
    table = DecisionPayloadRow
    return [Content(table, (table.visitor_id.in_(_visitors(ids)), table.payload_sealed.is_not(None)))]


def _contests(ids: Ids) -> list[Content]:
    return [Content(ContestRow, (ContestRow.conversation_id.in_(ids),))]


def _handoffs(ids: Ids) -> list[Content]:
    return [Content(HandoffRow, (HandoffRow.conversation_id.in_(ids),))]


def _visitors(ids: Ids) -> Select[str]:
    return select(ConversationRow.visitor_id).where(ConversationRow.id.in_(ids))


_CONTENT: dict[str, Callable[[Ids], list[Content]]] = {
    "conversation": _conversation,
    "identity": _identity,
    "decisions": _decisions,
    "contests": _contests,
    "handoffs": _handoffs,
    "contact": _contact,
    "identifiers": _identifiers,
    "training": _training,
}
