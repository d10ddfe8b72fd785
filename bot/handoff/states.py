"""The states of a handoff and the only steps between them. This is the one place that knows them (rule H1)."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from sqlalchemy import update
from sqlalchemy.orm import Session

from bot.db.models import HandoffRow


class State(StrEnum):
    """Where a request for a human stands."""

    QUEUED = "queued"
    ACCEPTED = "accepted"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"
    RETURNED = "returned"
    CLOSED = "closed"


TRANSITIONS: Mapping[State, frozenset[State]] = {
    State.QUEUED: frozenset({State.ACCEPTED, State.EXPIRED, State.WITHDRAWN}),
    State.ACCEPTED: frozenset({State.RETURNED, State.CLOSED}),
    # Somebody got in touch with the visitor later, or there was no way to: off the desk's list.
    State.EXPIRED: frozenset({State.CLOSED}),
    State.WITHDRAWN: frozenset(),
    State.RETURNED: frozenset(),
    State.CLOSED: frozenset(),
}
OPEN = (State.QUEUED, State.ACCEPTED)
"""States in which the visitor waits for a human or has one."""


def move(session: Session, row: HandoffRow, start: State, end: State, **values: object) -> bool:
    """Move `row` from `start` to `end` if it still is in `start`; False when somebody was first.

    The condition is part of the UPDATE itself, so of two that race the database lets one through.

    Raises:
        ValueError: there is no such step.
    """
    if end not in TRANSITIONS[start]:
        raise ValueError(f"A handoff never goes from {start} to {end}.")
    moved = session.execute(
        update(HandoffRow)
        .where(HandoffRow.id == row.id, HandoffRow.state == start)
        .values(state=end.value, **values)
        .returning(HandoffRow.id)
        .execution_options(synchronize_session=False)
    ).scalar_one_or_none()
    session.refresh(row)
    return moved is not None
